"""Terms in plain words: You may, You must, You may not. Generated, so that the words and the rule cannot differ."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from licensing.domain.actions import ACTION_CODES, PHRASES, PROHIBITED_USES
from licensing.domain.plain_facts import facts
from licensing.domain.plain_price import price_words
from licensing.domain.sentences import Places, Sentence, say
from licensing.domain.spans import span
from licensing.domain.terms import ANYBODY, ATTRIBUTE_WHERE, PERMIT, PROHIBIT, TIERED, UNSPECIFIED
from licensing.domain.vocabulary import LICENSEE_TYPES, PURPOSES

# Fields that no sentence tells, and why.
SILENT = {
    "v": "the version of the format says nothing about the license",
    "legal.exclusivity.field": "it always equals the field of the scope, which is told",
    "legal.exclusivity.territory": "it always equals the territory of the scope, which is told",
    "price.tax_class": "the checkout and the receipt show the tax itself",
}


@dataclass(frozen=True)
class PlainWords:
    """`may`, `must`, `may_not` complete their headings; `also` are whole sentences; `price` says what it costs."""

    may: tuple[Sentence, ...]
    must: tuple[Sentence, ...]
    may_not: tuple[Sentence, ...]
    only_for: str = ""
    also: tuple[Sentence, ...] = ()
    price: tuple[Sentence, ...] = ()


def plain_words(terms: Mapping[str, Any]) -> PlainWords:
    """Of a license's terms, or of an offer's, which have a price. Precondition: the terms are valid."""
    return PlainWords(
        may=tuple(_may(terms)),
        must=tuple(_must(terms)),
        may_not=tuple(_may_not(terms)),
        only_for=_only_for(terms["scope"]),
        also=tuple(facts(terms)),
        price=tuple(price_words(terms["price"])) if terms["price"] else (),
    )


def can_end(terms: Mapping[str, Any]) -> bool:
    time, ways = terms["time"], terms["legal"]["revocability"]
    return bool(time["duration"] or time["to"] or ways != ["none"])


def _permitted(terms: Mapping[str, Any]) -> list[str]:
    return [code for code in ACTION_CODES if terms["actions"].get(code) == PERMIT]


def _may(terms: Mapping[str, Any]) -> Iterator[Sentence]:
    scope = terms["scope"]
    for code in _permitted(terms):
        yield say(PHRASES[code])
    if scope["commercial"] == PERMIT:
        yield say("use it commercially")
    if scope["commercial"] == TIERED:
        yield say("use it commercially, if your kind of organization may")
    if "redistribute" not in _permitted(terms):
        if scope["contractors"]:
            yield say("let people and companies who work for you under contract use it for you")
        if scope["affiliates"]:
            yield say("let the other companies of your group use it")
    if can_end(terms) and terms["time"]["on_end"]["keep_trained_models"]:
        yield say("keep the models that you trained while the license was valid")


def _must(terms: Mapping[str, Any]) -> Iterator[Sentence]:
    duties, scope = terms["duties"], terms["scope"]
    yield from _naming(duties)
    if duties.get("include_text"):
        yield say("keep the license text with the data")
    yield from _sharing(duties["share_alike"])
    if duties["delete_on_withdrawal"]:
        yield say("delete your copies of withdrawn data within {time}", time=span(duties["delete_on_withdrawal"]))
    by = terms["time"]["on_end"]["delete_copies_by"]
    if by and can_end(terms):
        yield say("delete all copies within {time} after the license ends", time=span(by))
    if ANYBODY not in scope["purpose"]:
        purposes = [say(PURPOSES.get(each, each)) for each in scope["purpose"]]
        yield say("use it for {purposes} only", purposes=purposes)
    yield from _reporting(duties)
    yield from _outputs(terms["outputs"])


def _naming(duties: Mapping[str, Any]) -> Iterator[Sentence]:
    attribute = duties["attribute"]
    if attribute:
        # Only our own wording is a message of the catalog; what a steward wrote is said as it is.
        usual = attribute["where"] == ATTRIBUTE_WHERE
        values = {"where": say(ATTRIBUTE_WHERE) if usual else attribute["where"], "text": attribute["text"]}
        yield say("name the source as “{text}”, {where}" if values["text"] else "name the source, {where}", **values)
    for each in duties.get("credits") or ():
        where = f"{each['license']}, {each['url']}" if each["url"] else each["license"]
        yield say("name those whose work is in it: {authors} ({source})", authors=each["authors"], source=where)


def _sharing(share_alike: Mapping[str, Any]) -> Iterator[Sentence]:
    if not share_alike["targets"]:
        return
    yield say("pass changed data on under one of these licenses only: {targets}", targets=share_alike["targets"])
    if share_alike["reach"] == "dataset+model":
        yield say("check whether a model you publish falls under the same license")


def _reporting(duties: Mapping[str, Any]) -> Iterator[Sentence]:
    if duties["notify"]:
        yield say("tell the publisher when you publish a model or results")
    if duties["report_usage"]:
        yield say("report once a year what you used it for")
    if duties["benefit_share_pct"]:
        yield say("share {percent} percent of what you earn with it", percent=duties["benefit_share_pct"])
    if duties["publish_results"]:
        yield say("publish the results that you reach with it")
    levels = {
        "encrypted": "keep it encrypted where it is stored",
        "enclave": "use it only in a closed environment that nobody can copy it from",
    }
    if duties["security_level"] in levels:
        yield say(levels[duties["security_level"]])


def _outputs(outputs: Mapping[str, Any]) -> Iterator[Sentence]:
    if outputs["no_regurgitation"]:
        yield say("take care that your models do not repeat the data")
    if outputs["share_alike"]:
        yield say("share models trained on it under the same terms")
    if outputs["labeling"]:
        yield say("label what such models make as made by a machine")


def _may_not(terms: Mapping[str, Any]) -> Iterator[Sentence]:
    scope, uses = terms["scope"], terms["prohibited_uses"]
    for code in ACTION_CODES:
        if terms["actions"].get(code) != PERMIT:
            yield say(PHRASES[code])
    yield from _not_in_scope(scope, passed_on="redistribute" in _permitted(terms))
    for code in uses["codes"]:
        yield say(PROHIBITED_USES[code])
    if uses["text"]:
        yield say("{use}", use=uses["text"])
    if can_end(terms) and not terms["time"]["on_end"]["keep_trained_models"]:
        yield say("use models trained on it after the license ends")


def _not_in_scope(scope: Mapping[str, Any], *, passed_on: bool) -> Iterator[Sentence]:
    """What is not said is not permitted. Whoever may pass the data on may let others use it."""
    if scope["commercial"] in (PROHIBIT, UNSPECIFIED):
        yield say("use it commercially")
    if not passed_on and not scope["contractors"]:
        yield say("let people and companies who work for you under contract use it for you")
    if not passed_on and not scope["affiliates"]:
        yield say("let the other companies of your group use it")


def _only_for(scope: Mapping[str, Any]) -> str:
    """Empty: anybody."""
    kinds, group = scope["licensee_types"], scope["country_group"]
    everybody = ANYBODY in kinds or not kinds
    if everybody and group == ANYBODY:
        return ""
    who = say("everybody")
    for number, kind in enumerate(() if everybody else kinds):
        one = say(LICENSEE_TYPES[kind])
        who = one if not number else say("{first} and {last}", first=who, last=one)
    return who if group == ANYBODY else say("{who} from {places}", who=who, places=Places(group))
