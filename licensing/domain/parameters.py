"""From a license to an offer's terms: the steward's parameters, within what the license leaves open.

Parameters are a part of a terms object: the fields that the steward sets, nothing else.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from licensing.domain.deletion import period
from licensing.domain.terms import PROHIBIT
from licensing.domain.validation import OWNERS, SECURITY_LEVELS, duration, leaves, validate_terms
from licensing.domain.vocabulary import ANYWHERE
from licensing.errors import ParametersError

OURS = "LicenseRef-DC-"
# Their text says that the offer names what is permitted; the others name it themselves.
PARAMETRIC = tuple(f"{OURS}{name}-1.0" for name in ("RAG", "LIVE-SUBSCRIPTION", "EXCLUSIVE", "STEWARDED"))
EXCLUSIVE, STEWARDED = f"{OURS}EXCLUSIVE-1.0", f"{OURS}STEWARDED-1.0"
# Written by the offer itself, from its own fields.
BY_THE_OFFER = ("v", "price", "time.duration", "duties.attribute.text", "duties.credits")
# Each from the least that is asked of a licensee to the most.
STRICTNESS: Mapping[str, Sequence[Any]] = {
    **dict.fromkeys(("duties.include_text", "duties.notify", "duties.report_usage"), (False, True)),
    **dict.fromkeys(("duties.publish_results", "outputs.share_alike", "outputs.labeling"), (False, True)),
    "outputs.no_regurgitation": (False, True),
    "duties.security_level": SECURITY_LEVELS,
    "outputs.ownership": OWNERS,
}
# The sooner, the more is asked.
PERIODS = ("duties.delete_on_withdrawal", "time.on_end.delete_copies_by")
# Caps that nothing keeps: neither at delivery nor in a report.
NOT_COUNTED = ("caps.downloads", "caps.records")


@dataclass(frozen=True)
class Filling:
    """What an offer adds. `credits` are the upstream authors: authors, license, url."""

    attribution: str
    price: Mapping[str, Any]
    duration_days: int | None = None
    credits: Sequence[Mapping[str, Any]] = ()


def is_ours(license_id: str) -> bool:
    """A license of this marketplace, which leaves things open to the offer."""
    return license_id.startswith(OURS)


def resolve_terms(
    license_id: str, template: Mapping[str, Any], parameters: Mapping[str, Any], filling: Filling
) -> dict[str, Any]:
    """The terms that are offered, hashed and accepted. Raises ParametersError and TermsInvalidError."""
    wrong = {path: [text] for path, text in _outside(license_id, template, parameters)}
    if wrong:
        raise ParametersError(fields=wrong)
    terms = _merged(template, parameters)
    duties = dict(terms["duties"])
    if duties["attribute"]:
        duties["attribute"] = {**duties["attribute"], "text": filling.attribution}
    if filling.credits:
        duties["credits"] = [dict(each) for each in filling.credits]
    time = {**terms["time"], "duration": f"P{filling.duration_days}D" if filling.duration_days else None}
    terms = {**terms, "duties": duties, "time": time, "price": dict(filling.price), "legal": _reserving(terms)}
    validate_terms(terms)
    return terms


def parameters_of(template: Mapping[str, Any], terms: Mapping[str, Any]) -> dict[str, Any]:
    """What a steward set to get these terms from this license: `resolve_terms` read backwards."""
    before, found = dict(leaves(template)), dict[str, Any]()
    for path, value in leaves(terms):
        if path in BY_THE_OFFER or before.get(path, ...) == value:
            continue
        place, names = found, path.split(".")
        for name in names[:-1]:
            place = place.setdefault(name, {})
        place[names[-1]] = value
    return found


def _reserving(terms: Mapping[str, Any]) -> dict[str, Any]:
    """What is exclusive is so in the whole scope of the license, if the offer does not say it itself."""
    legal, scope = dict(terms["legal"]), terms["scope"]
    if isinstance(legal["exclusivity"], Mapping):
        legal["exclusivity"] = {"field": scope["field"], "territory": scope["territory"], **legal["exclusivity"]}
    return legal


def _merged(base: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for name, value in change.items():
        old = base.get(name)
        both = isinstance(old, Mapping) and isinstance(value, Mapping)
        merged[name] = _merged(old, value) if both else value  # type: ignore[arg-type] # both are mappings here
    return merged


def _outside(license_id: str, template: Mapping[str, Any], parameters: Any) -> Iterator[tuple[str, str]]:
    """Parameters that this license does not leave open."""
    if not isinstance(parameters, Mapping):
        yield "parameters", "Parameters are an object."
        return
    before = dict(leaves(template))
    for path, value in leaves(parameters):
        if complaint := _not_the_stewards(path, value):
            yield path, complaint
        elif path == "duties.attribute.where" and before.get("duties.attribute.where"):
            continue
        elif not is_ours(license_id):
            yield path, "A public license has no parameters: everybody gets it as it is."
        elif _is_group(before, path):
            yield path, "Name the fields in it that you set."
        elif complaint := _loosening(license_id, path, before.get(path), value):
            yield path, complaint


def _not_the_stewards(path: str, value: Any) -> str:
    """Whatever the license is, nobody sets this."""
    if path in NOT_COUNTED and value is not None:
        return "This is not counted here yet, so no offer promises it."
    return "The offer fills this in from its own fields." if path in BY_THE_OFFER else ""


def _loosening(license_id: str, path: str, before: Any, value: Any) -> str:
    """What the license's own text promises or forbids stays so; an offer may only be narrower."""
    parametric = license_id in PARAMETRIC
    complaint = ""
    if path.startswith("actions."):
        opened = value not in (PROHIBIT, before)
        complaint = "The text of this license does not permit it." if opened and not parametric else ""
    elif path.startswith("legal.exclusivity"):
        complaint = "" if license_id == EXCLUSIVE else "Only the Exclusive License is exclusive."
    elif path == "scope.commercial":
        opened = before == PROHIBIT and value != PROHIBIT
        complaint = "This license is not for commercial use." if opened and not parametric else ""
    elif path in ("scope.licensee_types", "scope.purpose"):
        complaint = _wider(before, value)
    elif path in ("prohibited_uses.codes", "legal.revocability"):
        complaint = "" if _keeps(before, value) else "What the license names there stays; an offer may only add to it."
    elif path in STRICTNESS or path in PERIODS:
        complaint = _weaker(path, before, value)
    return complaint


def _is_group(before: Mapping[str, Any], path: str) -> bool:
    """Something that is not an object stands where the license has a group of fields."""
    return any(each.startswith(f"{path}.") for each in before)


def _weaker(path: str, before: Any, value: Any) -> str:
    """What cannot be read is refused elsewhere."""
    if path in PERIODS:
        less = before is not None and (value is None or (not duration(value) and period(value) > period(before)))
    else:
        steps = STRICTNESS[path]
        less = value in steps and steps.index(value) < steps.index(before)
    return "What the license asks for there stays; an offer may only ask for more." if less else ""


def _wider(before: Any, value: Any) -> str:
    if ANYWHERE in before or not isinstance(value, list) or all(each in before for each in value):
        return ""
    return f"This license is for these only: {', '.join(before)}."


def _keeps(before: Any, value: Any) -> bool:
    return not isinstance(value, list) or all(each in value for each in before)
