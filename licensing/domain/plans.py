"""Price plans: how they are written, and what one buyer pays under one of them.

Amounts in a plan are decimal text beside a currency, as in terms and grants; what is charged is integer minor units.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from collective.core.domain.money import CURRENCIES, Money, currency_of, parse_minor
from collective.core.errors import InvalidError
from licensing.domain.terms import Terms
from licensing.domain.vocabulary import ANYWHERE, COUNTRIES, COUNTRY_GROUPS, LICENSEE_TYPES, countries_in
from licensing.errors import AmountMissingError, AmountTooLowError, ChosenAmountError, NotInPlanError, QuoteOnlyError

MODELS = (
    "free",
    "one_off",
    "subscription",
    "tiered",
    "pay_what_you_want",
    "cost_recovery",
    "usage",
    "quote",
)
# Sold at the checkout here. What is counted after use is described by terms and agreed by a quote.
BY_QUOTE = ("quote", "usage")
# Everybody pays the same, so that a page can show it before it knows who asks.
ONE_PRICE = ("free", "one_off", "subscription", "cost_recovery")
PERIODS = {"month": "month", "year": "year"}
PERIOD_DAYS = {"month": 30, "year": 365}
UNITS = {"record": "record", "hour": "hour", "token": "token"}
TAX_CLASSES = ("standard", "reduced", "exempt")
STATEMENT_MAX = 2000
GRACE_DAYS_MAX = 60
_COMMON = {"model", "amount", "currency", "tax_class", "approval_required"}
_OWN: dict[str, set[str]] = {
    "subscription": {"period", "grace_days"},
    "tiered": {"tiers"},
    "pay_what_you_want": {"minimum"},
    "cost_recovery": {"statement"},
    "usage": {"unit"},
}


@dataclass(frozen=True)
class Licensee:
    """What a buyer declares of the organization that gets the license. `country` is ISO 3166-1, or empty."""

    kind: str
    country: str = ""


def amount_due(price: Mapping[str, Any], licensee: Licensee, chosen_minor: int | None = None) -> int:
    """Minor units that this licensee pays, before the marketplace's fee.

    `chosen_minor` is what they wrote under pay-what-you-want, and nothing elsewhere. Raises QuoteOnlyError,
    NotInPlanError (no tier is for them), AmountMissingError, AmountTooLowError, ChosenAmountError.
    """
    model, currency = price["model"], price["currency"]
    if model in BY_QUOTE:
        raise QuoteOnlyError
    if model == "pay_what_you_want":
        return _chosen(price, chosen_minor)
    if chosen_minor is not None:
        raise ChosenAmountError
    if model == "tiered":
        return parse_minor(tier_for(price, licensee)["amount"], currency)
    return parse_minor(price["amount"], currency)


def tier_for(price: Mapping[str, Any], licensee: Licensee) -> Mapping[str, Any]:
    """The first tier that fits. Tiers are read from top to bottom, so the special ones stand first."""
    for tier in price["tiers"]:
        kinds, countries = tier["licensee_types"], tier["country_group"]
        kind_fits = ANYWHERE in kinds or licensee.kind in kinds
        if kind_fits and (ANYWHERE in countries or licensee.country in countries_in(countries)):
            return dict(tier)
    raise NotInPlanError


def depends_on_kind(price: Mapping[str, Any], terms: Terms) -> bool:
    """Price or permission follow from what the licensee is: tiers, any organization's own minimum, some kinds only."""
    return price["model"] in ("tiered", "pay_what_you_want") or ANYWHERE not in terms.licensee_types


def depends_on_country(price: Mapping[str, Any], terms: Terms) -> bool:
    tiers = price["tiers"] if price["model"] == "tiered" else ()
    return ANYWHERE not in terms.country_group or any(ANYWHERE not in tier["country_group"] for tier in tiers)


def asks_for_evidence(price: Mapping[str, Any], terms: Terms, said: Licensee, own_kind: str) -> bool:
    """`said` is what the buyer declares, `own_kind` what the organization is here. A person is taken at their word."""
    if said.kind != own_kind:
        return True
    by_kind = said.kind != "individual" and depends_on_kind(price, terms)
    return by_kind or (bool(said.country) and depends_on_country(price, terms))


def lowest_amount(price: Mapping[str, Any]) -> int:
    """Minor units: what the cheapest buyer pays. 0 for a quote, whose price nobody knows yet."""
    model, currency = price["model"], price["currency"]
    if model in BY_QUOTE:
        return 0
    if model == "tiered":
        return min(parse_minor(tier["amount"], currency) for tier in price["tiers"])
    return parse_minor(price["minimum"] if model == "pay_what_you_want" else price["amount"], currency)


def prices_by_kind(price: Mapping[str, Any]) -> dict[str, Money | None]:
    """For a preview: what each kind of licensee pays, wherever they are; the least they may choose. None: no price."""
    found: dict[str, Money | None] = {}
    for kind in LICENSEE_TYPES:
        chosen = lowest_amount(price) if price["model"] == "pay_what_you_want" else None
        try:
            found[kind] = Money(amount_due(price, Licensee(kind), chosen), price["currency"])
        except (NotInPlanError, QuoteOnlyError):
            found[kind] = None
    return found


def _chosen(price: Mapping[str, Any], chosen_minor: int | None) -> int:
    currency, minimum = price["currency"], parse_minor(price["minimum"], price["currency"])
    if chosen_minor is None:
        raise AmountMissingError(minimum=str(Money(minimum, currency)))
    step = currency_of(currency).charge_step
    smallest = currency_of(currency).minimum_price
    too_small = 0 < chosen_minor < smallest
    if chosen_minor < minimum or too_small or chosen_minor % step:
        needed = max(minimum, smallest if too_small else 0)
        raise AmountTooLowError(minimum=str(Money(needed, currency)), step=Money(step, currency).decimal())
    return chosen_minor


def price_problems(price: Any) -> Iterator[tuple[str, str]]:
    """What is wrong with a plan as it is written, by path."""
    if not isinstance(price, Mapping) or price.get("model") not in MODELS:
        yield "price.model", f"Use one of: {', '.join(MODELS)}."
        return
    if price.get("currency") not in list(CURRENCIES):
        yield "price.currency", "This currency is not handled here."
        return
    expected = _COMMON | _OWN.get(price["model"], set())
    for name in sorted(expected ^ set(price)):
        yield f"price.{name}", "This is missing." if name in expected else "There is no such field in this plan."
    if expected <= set(price):
        yield from _common_problems(price)
        yield from _own_problems(price)


def _common_problems(price: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from amount_problems("price.amount", price["amount"], price["currency"])
    if price["model"] == "free" and price["amount"] != Money(0, price["currency"]).decimal():
        yield "price.amount", "What is free costs 0."
    if price["tax_class"] not in TAX_CLASSES:
        yield "price.tax_class", f"Use one of: {', '.join(TAX_CLASSES)}."
    if not isinstance(price["approval_required"], bool):
        yield "price.approval_required", "Say true or false."


def amount_problems(path: str, amount: Any, currency: str) -> Iterator[tuple[str, str]]:
    """0, or at least the smallest price, in the currency's step and in its own number of digits."""
    rules = currency_of(currency)
    try:
        minor = parse_minor(amount, currency) if isinstance(amount, str) else -1
    except InvalidError as refusal:
        yield path, refusal.message
        return
    if minor < 0 or amount != Money(minor, currency).decimal():
        example = Money(90_000, currency).decimal()
        yield path, f"Write it as text with {rules.exponent} digits after the point, as in {example}."
    elif 0 < minor < rules.minimum_price:
        yield path, f"A price is 0 or at least {Money(rules.minimum_price, currency)}."
    elif minor % rules.charge_step:
        yield path, f"It must be a multiple of {Money(rules.charge_step, currency).decimal()}."


def _own_problems(price: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    model = price["model"]
    if model == "subscription":
        yield from _subscription_problems(price)
    elif model == "tiered":
        yield from _tier_problems(price)
    elif model == "pay_what_you_want":
        yield from amount_problems("price.minimum", price["minimum"], price["currency"])
    elif model == "cost_recovery":
        statement = price["statement"]
        if not isinstance(statement, str) or not statement.strip() or len(statement) > STATEMENT_MAX:
            yield "price.statement", "Say which costs the price covers; it is shown to every buyer."
    elif model == "usage" and price["unit"] not in list(UNITS):
        yield "price.unit", f"Use one of: {', '.join(UNITS)}."


def _subscription_problems(price: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if price["period"] not in list(PERIODS):
        yield "price.period", "A subscription is by the month or by the year."
    grace = price["grace_days"]
    if not isinstance(grace, int) or isinstance(grace, bool) or not 0 <= grace <= GRACE_DAYS_MAX:
        yield "price.grace_days", f"Write a whole number of days from 0 to {GRACE_DAYS_MAX}."


def _tier_problems(price: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    tiers = price["tiers"]
    if not isinstance(tiers, list) or not tiers:
        yield "price.tiers", "Name at least one tier."
        return
    for number, tier in enumerate(tiers):
        path = f"price.tiers.{number}"
        if not isinstance(tier, Mapping) or set(tier) != {"licensee_types", "country_group", "amount"}:
            yield path, "A tier has licensee_types, country_group and amount."
            continue
        yield from amount_problems(f"{path}.amount", tier["amount"], price["currency"])
        if not _known(tier["licensee_types"], {ANYWHERE, *LICENSEE_TYPES}):
            yield f"{path}.licensee_types", "Name kinds of licensees."
        if not _known(tier["country_group"], {ANYWHERE, *COUNTRIES, *COUNTRY_GROUPS}):
            yield f"{path}.country_group", "Name countries by two letters, or a group of countries."


def _known(value: Any, allowed: set[str]) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, str) and each in allowed for each in value)
