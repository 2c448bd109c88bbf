"""The fields of a submission: pure checks, for the SDK makes none. Every refusal is a sentence for `message`."""

from collections.abc import Mapping
from typing import Any

from collective.catalog.domain.languages import is_language_tag
from collective.interop.mdc.errors import FieldsError
from collective.interop.mdc.vocabulary import LICENSES, TASKS, VISIBILITIES

FLAGS = frozenset(
    {"showContactInfo", "showComplianceAttributes", "exclusivityOptOut", "autoApproveAccessRequests", "isPaid"}
)
TEXTS = frozenset(
    {
        "name", "shortDescription", "longDescription", "locale", "task", "format", "licenseAbbreviation", "license",
        "licenseUrl", "other", "restrictions", "forbiddenUsage", "additionalConditions", "pointOfContactFullName",
        "pointOfContactEmail", "fundedByFullName", "fundedByEmail", "legalContactFullName", "legalContactEmail",
        "createdByFullName", "createdByEmail", "intendedUsage", "ethicalReviewProcess", "visibility", "currency",
    }
)  # fmt: skip
KNOWN = FLAGS | TEXTS | {"basePriceCents"}
NEEDED = (
    *("name", "longDescription", "task", "locale", "format", "restrictions", "forbiddenUsage"),
    *("pointOfContactFullName", "pointOfContactEmail", "showContactInfo", "visibility"),
)
LONGEST: Mapping[str, int] = {"name": 200, "shortDescription": 300}
LONGEST_TEXT = 50_000
# In cents: what a card can be charged, and a price with a slip of the finger.
LEAST_PRICE, HIGHEST_PRICE = 50, 10_000_000_00
Fields = dict[str, Any]


def merged(before: Mapping[str, Any], given: Any) -> Fields:
    """What is known after an update; names that the SDK does not have are left out. Raises FieldsError."""
    if not isinstance(given, dict):
        raise FieldsError("Send a JSON object.")
    changes = {name: _typed(name, value) for name, value in given.items() if name in KNOWN and value is not None}
    after = _one_license({**_unpriced(before, changes), **changes})
    wrong = [*_wrong_words(after), *_wrong_price(after), *_wrong_license(after)]
    if wrong:
        raise FieldsError(" ".join(wrong))
    return after


def check_complete(fields: Mapping[str, Any]) -> None:
    """Everything that handing in needs is there. Raises FieldsError, which names what is missing."""
    missing = [name for name in NEEDED if fields.get(name) in (None, "")]
    if not (fields.get("licenseAbbreviation") or fields.get("license")):
        missing.append("licenseAbbreviation")
    if missing:
        raise FieldsError(f"Before you submit, fill in: {', '.join(missing)}.")


def _typed(name: str, value: Any) -> Any:
    if name in FLAGS and not isinstance(value, bool):
        raise FieldsError(f"{name} is true or false.")
    if name == "basePriceCents" and (isinstance(value, bool) or not isinstance(value, int)):
        raise FieldsError("basePriceCents is a whole number of US cents.")
    return _text(name, value) if name in TEXTS else value


def _text(name: str, value: Any) -> str:
    most = LONGEST.get(name, LONGEST_TEXT)
    if not isinstance(value, str) or "\0" in value:
        raise FieldsError(f"{name} is a text.")
    text = value.strip()
    if not text and name != "licenseAbbreviation":
        raise FieldsError(f"{name} is empty.")
    if len(text) > most:
        raise FieldsError(f"{name} has at most {most} characters.")
    return text


def _unpriced(before: Mapping[str, Any], changes: Fields) -> Fields:
    """The SDK sends no nulls: whoever says that nothing is to be paid takes the price back with that."""
    gone = ("basePriceCents", "currency") if changes.get("isPaid") is False else ()
    return {name: value for name, value in before.items() if name not in gone}


def _one_license(fields: Fields) -> Fields:
    """The name and the address belong to a license of one's own; a known abbreviation says them already."""
    if fields.get("licenseAbbreviation") in LICENSES:
        return {name: value for name, value in fields.items() if name not in ("license", "licenseUrl")}
    return fields


def _wrong_words(fields: Fields) -> list[str]:
    wrong = []
    if fields.get("task", TASKS[0]) not in TASKS:
        wrong.append(f"task is one of: {', '.join(TASKS)}.")
    if fields.get("visibility", VISIBILITIES[0]) not in VISIBILITIES:
        wrong.append(f"visibility is one of: {', '.join(VISIBILITIES)}.")
    if "locale" in fields and not is_language_tag(fields["locale"]):
        wrong.append("locale is a language tag, as in sw or pt-BR.")
    if fields.get("autoApproveAccessRequests") and fields.get("visibility") != "restricted":
        wrong.append("autoApproveAccessRequests is for visibility restricted only.")
    return wrong


def _wrong_price(fields: Fields) -> list[str]:
    paid, price = fields.get("isPaid", False), fields.get("basePriceCents")
    if paid and price is None:
        return ["isPaid needs basePriceCents."]
    if price is not None and not paid:
        return ["basePriceCents needs isPaid."]
    if price is not None and not LEAST_PRICE <= price <= HIGHEST_PRICE:
        return [f"basePriceCents is from {LEAST_PRICE} to {HIGHEST_PRICE}."]
    return ["currency is usd."] if fields.get("currency", "usd") != "usd" else []


def _wrong_license(fields: Fields) -> list[str]:
    abbreviation = fields.get("licenseAbbreviation")
    if abbreviation and abbreviation not in LICENSES and not fields.get("license"):
        return ["A license of your own needs license, its full name."]
    return ["licenseUrl needs license, the license's full name."] if _url_alone(fields) else []


def _url_alone(fields: Fields) -> bool:
    return "licenseUrl" in fields and not fields.get("license")
