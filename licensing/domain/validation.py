"""Terms as they may be written: one function that refuses everything else and names each wrong field by its path.

Governance reference 2.2. A rule is a function from a value to a complaint, or to nothing.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from licensing.domain.actions import ACTION_CODES, PROHIBITED_USES
from licensing.domain.plans import price_problems
from licensing.domain.removal import BPS, TERM
from licensing.domain.vocabulary import ANYWHERE, COUNTRIES, COUNTRY_GROUPS, FIELDS, LICENSEE_TYPES, PURPOSES
from licensing.errors import TermsInvalidError

Rule = Callable[[Any], str | None]
ACTION_VALUES = ("permit", "prohibit", "duty", "unspecified")
COMMERCIAL = ("permit", "prohibit", "tiered", "unspecified")
REVOCABILITY = ("none", "breach", "consent_withdrawal", "convenience")
SECURITY_LEVELS = ("standard", "encrypted", "enclave")
WARRANTIES = ("authority", "consent", "non_infringement")
# From the licensee's to the licensor's.
OWNERS = ("licensee", "shared", "licensor")
RENEWALS = ("none", "manual", "automatic")
REACHES = ("none", "dataset", "dataset+model")
TEXT_MAX, SEATS_MAX = 500, 100_000
_DURATION = re.compile(r"P(?:[1-9][0-9]{0,4})[DMY]")
_BIG_NUMBER = re.compile(r"[1-9][0-9]{0,39}")


def one_of(*allowed: str) -> Rule:
    return lambda value: None if value in allowed else f"Use one of: {', '.join(allowed)}."


def some_of(*allowed: str, empty: bool = False) -> Rule:
    """A list without repetitions."""

    def check(value: Any) -> str | None:
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            return "Write a list of codes."
        if unknown := sorted(set(value) - set(allowed)):
            return f"These are not known: {', '.join(unknown)}."
        if len(set(value)) != len(value):
            return "A code is written twice."
        return None if value or empty else "Name at least one."

    return check


def or_null(rule: Rule) -> Rule:
    return lambda value: None if value is None else rule(value)


def yes_or_no(value: Any) -> str | None:
    return None if isinstance(value, bool) else "Say true or false."


def whole(low: int, high: int) -> Rule:
    def check(value: Any) -> str | None:
        fits = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
        return None if fits else f"Write a whole number from {low} to {high}."

    return check


def big_number(value: Any) -> str | None:
    """FLOP and parameters pass 2^53, so they are strings."""
    fits = isinstance(value, str) and _BIG_NUMBER.fullmatch(value)
    return None if fits else "Write a whole number as text, in digits."


def duration(value: Any) -> str | None:
    fits = isinstance(value, str) and _DURATION.fullmatch(value)
    return None if fits else "Write days, months or years, as in P30D, P6M or P1Y."


def moment(value: Any) -> str | None:
    try:
        parsed = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        parsed = None
    return None if parsed and parsed.tzinfo else "Write a time with its zone, as in 2026-12-01T00:00:00Z."


def text(value: Any) -> str | None:
    fits = isinstance(value, str) and value.strip() and len(value) <= TEXT_MAX
    return None if fits else f"Write a text of at most {TEXT_MAX} characters."


def percent(value: Any) -> str | None:
    """A decimal string over 0 and at most 100."""
    fits = isinstance(value, str) and re.fullmatch(r"(?:[1-9]?[0-9](?:\.[0-9]{1,2})?|100)", value)
    return None if fits and set(value) - set("0.") else "Write percent as text, as in 2.5, over 0 and at most 100."


def _texts(value: Any) -> str | None:
    fits = isinstance(value, list) and all(isinstance(each, str) and each for each in value)
    return None if fits else "Write a list of license ids."


_places = some_of(ANYWHERE, *COUNTRIES, *COUNTRY_GROUPS)
_kinds = some_of(ANYWHERE, *LICENSEE_TYPES)
_fields = some_of(ANYWHERE, *FIELDS)


def _country_group(value: Any) -> str | None:
    return None if value == ANYWHERE else _places(value)


RULES: dict[str, Rule] = {
    "v": lambda value: None if value == 1 else "The version of the format is 1.",
    **{f"actions.{code}": one_of(*ACTION_VALUES) for code in ACTION_CODES},
    "prohibited_uses.codes": some_of(*PROHIBITED_USES, empty=True),
    "prohibited_uses.text": or_null(text),
    "scope.purpose": some_of(ANYWHERE, *PURPOSES),
    "scope.commercial": one_of(*COMMERCIAL),
    "scope.field": _fields,
    "scope.territory": _places,
    "scope.licensee_types": _kinds,
    "scope.country_group": _country_group,
    "scope.affiliates": yes_or_no,
    "scope.contractors": yes_or_no,
    "caps.seats": or_null(whole(1, SEATS_MAX)),
    "caps.service_accounts": or_null(whole(0, SEATS_MAX)),
    "caps.models": or_null(whole(1, SEATS_MAX)),
    "caps.compute_flop": or_null(big_number),
    "caps.model_parameters": or_null(big_number),
    "caps.epochs": or_null(whole(1, SEATS_MAX)),
    "caps.downloads": or_null(whole(1, 10**9)),
    "caps.records": or_null(whole(1, 10**12)),
    "time.from": or_null(moment),
    "time.to": or_null(moment),
    "time.duration": or_null(duration),
    "time.renewal": one_of(*RENEWALS),
    "time.on_end.keep_trained_models": yes_or_no,
    "time.on_end.delete_copies_by": or_null(duration),
    "duties.attribute.text": or_null(text),
    "duties.attribute.where": text,
    "duties.include_text": yes_or_no,
    "duties.share_alike.reach": one_of(*REACHES),
    "duties.share_alike.targets": _texts,
    "duties.notify": yes_or_no,
    "duties.report_usage": yes_or_no,
    "duties.benefit_share_pct": or_null(percent),
    "duties.delete_on_withdrawal": or_null(duration),
    "duties.security_level": one_of(*SECURITY_LEVELS),
    "duties.publish_results": yes_or_no,
    "outputs.ownership": one_of(*OWNERS),
    "outputs.no_regurgitation": yes_or_no,
    "outputs.share_alike": yes_or_no,
    "outputs.labeling": yes_or_no,
    "legal.revocability": some_of(*REVOCABILITY),
    "legal.notice": or_null(duration),
    "legal.warranty": some_of(*WARRANTIES, empty=True),
    "legal.indemnity": or_null(text),
    "legal.law": or_null(one_of(*COUNTRIES)),
    "legal.exclusivity.actions": some_of(*ACTION_CODES),
    "legal.exclusivity.field": _fields,
    "legal.exclusivity.territory": _places,
}
# A whole group that may be null, and members that an offer adds to a template's shape.
NULLABLE = ("duties.attribute", "legal.exclusivity", "price")
OPTIONAL = ("duties.credits",)
# Fields that terms may leave out.
OPTIONAL_RULES: dict[str, Rule] = {f"legal.{TERM}": whole(0, BPS)}


def validate_terms(terms: Any) -> None:
    """Raises TermsInvalidError, whose `fields` map a path as in `scope.field` to what is wrong with it."""
    wrong = dict(terms_problems(terms))
    if wrong:
        raise TermsInvalidError(fields={path: [complaint] for path, complaint in wrong.items()})


def terms_problems(terms: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(terms, Mapping):
        yield "terms", "Terms are an object."
        return
    found = dict(leaves(terms))
    nulls = {path for path in NULLABLE if found.get(path, ...) is None}
    for path, rule in RULES.items():
        if any(path.startswith(f"{group}.") for group in nulls):
            continue
        if path not in found:
            yield path, "This is missing."
        elif complaint := rule(found[path]):
            yield path, complaint
    yield from _unknown(found, nulls)
    yield from _credits_problems(terms)
    if terms.get("price") is not None:
        yield from price_problems(terms["price"])
    yield from _joint_problems(terms, found)


def leaves(terms: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """(path, value) of everything that is not an object. `price` and `duties.credits` count as one value."""
    for name, value in terms.items():
        path = f"{prefix}{name}"
        if isinstance(value, Mapping) and path != "price":
            yield from leaves(value, f"{path}.")
        else:
            yield path, value


def _unknown(found: Mapping[str, Any], nulls: set[str]) -> Iterator[tuple[str, str]]:
    """What is in no list, and what is wrong with fields that need not be there."""
    for path, rule in OPTIONAL_RULES.items():
        if path in found and (complaint := rule(found[path])):
            yield path, complaint
    for path in sorted(set(found) - set(RULES) - set(OPTIONAL_RULES) - nulls - {"price", *OPTIONAL}):
        yield path, "There is no such field."


def _credits_problems(terms: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    duties = terms.get("duties")
    credits_ = duties.get("credits") if isinstance(duties, Mapping) else None
    if credits_ is None:
        return
    shape = {"authors", "license", "url"}
    if not isinstance(credits_, list) or not all(isinstance(each, dict) and set(each) == shape for each in credits_):
        yield "duties.credits", "Each credit has authors, license and url."


def _joint_problems(terms: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with fields only together. Skips what is already wrong alone."""
    begin, end = found.get("time.from"), found.get("time.to")
    if not moment(begin) and not moment(end) and datetime.fromisoformat(str(begin)) >= datetime.fromisoformat(str(end)):
        yield "time.to", "The end lies before the beginning."
    if end and found.get("time.duration"):
        yield "time.duration", "Give an end or a duration, not both."
    reach, targets = found.get("duties.share_alike.reach"), found.get("duties.share_alike.targets")
    if (reach == "none") != (not targets):
        yield "duties.share_alike.targets", "Share-alike has a reach and the licenses it allows, or neither."
    ways = found.get("legal.revocability")
    if isinstance(ways, list) and "none" in ways and len(ways) > 1:
        yield "legal.revocability", "“none” stands alone."
    yield from _exclusivity_problems(terms, found)


def _exclusivity_problems(terms: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    reserved = found.get("legal.exclusivity.actions")
    if not isinstance(reserved, list):
        return
    actions = terms.get("actions")
    permitted = (
        {code for code, value in actions.items() if value == "permit"} if isinstance(actions, Mapping) else set()
    )
    if any(each not in permitted for each in reserved if isinstance(each, str)):
        yield "legal.exclusivity.actions", "An exclusive action must be one that the license permits."
    for name in ("field", "territory"):
        if found.get(f"legal.exclusivity.{name}") != found.get(f"scope.{name}"):
            yield f"legal.exclusivity.{name}", "It must be the same as in the scope of the license."
