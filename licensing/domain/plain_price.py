"""What an offer costs, in sentences."""

from collections.abc import Iterator, Mapping
from typing import Any

from collective.core.domain.money import grouped
from licensing.domain.sentences import Places, Sentence, say
from licensing.domain.vocabulary import ANYWHERE, LICENSEE_TYPES

_SIMPLE = {
    "free": "It is free of charge.",
    "one_off": "It costs {amount} once.",
    "cost_recovery": "It costs {amount} once, which covers these costs: {statement}",
    "pay_what_you_want": "You choose the price: at least {minimum}. We suggest {amount}.",
    "quote": "The publisher tells you the price when you ask.",
}
_PERIODS = {"month": "It costs {amount} a month.", "year": "It costs {amount} a year."}
_UNITS = {
    "record": "It costs {amount} for each record used; the publisher tells you the sum when you ask.",
    "hour": "It costs {amount} for each hour used; the publisher tells you the sum when you ask.",
    "token": "It costs {amount} for each token used; the publisher tells you the sum when you ask.",
}


def price_words(price: Mapping[str, Any]) -> Iterator[Sentence]:
    model = price["model"]
    known = {name: _amount(price, price[name]) for name in ("amount", "minimum") if name in price}
    if model == "tiered":
        yield from _tiers(price)
    elif model == "subscription":
        yield say(_PERIODS[price["period"]], **known)
        yield say("After a period that is not paid, it lasts {days} days more.", days=price["grace_days"])
    elif model == "usage":
        yield say(_UNITS[price["unit"]], **known)
    else:
        yield say(_SIMPLE[model], **known, statement=price.get("statement", ""))
    if price["approval_required"]:
        yield say("The publisher approves each request first.")


def _tiers(price: Mapping[str, Any]) -> Iterator[Sentence]:
    yield say("The price depends on who you are; the list price is {price}.", price=_amount(price, price["amount"]))
    for tier in price["tiers"]:
        yield say("{who}: {price}", who=_who(tier), price=_amount(price, tier["amount"]))


def _who(tier: Mapping[str, Any]) -> Sentence:
    kinds = [say(LICENSEE_TYPES[kind]) for kind in tier["licensee_types"] if kind != ANYWHERE]
    who = say("{kinds}", kinds=kinds) if kinds else say("everybody")
    if ANYWHERE in tier["country_group"]:
        return who
    return say("{who} from {places}", who=who, places=Places(tier["country_group"]))


def _amount(price: Mapping[str, Any], amount: str) -> str:
    return f"{grouped(amount)} {price['currency']}"
