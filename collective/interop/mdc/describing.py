"""A dataset's description from the words of a submission: pure."""

from collections.abc import Mapping
from typing import Any

from collective.interop.mdc.vocabulary import hub_task

# Heading and field, in the order of the card.
SECTIONS = (
    ("", "longDescription"),
    ("Datasheet", "other"),
    ("Intended use", "intendedUsage"),
    ("Restrictions", "restrictions"),
    ("Forbidden use", "forbiddenUsage"),
    ("More conditions", "additionalConditions"),
    ("Ethical review", "ethicalReviewProcess"),
)
CONTACT = ("Contact", "pointOfContactFullName", "pointOfContactEmail")


def description_of(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What the catalog keeps of a dataset. License and price are none of it: offers are made by the steward."""
    return {
        "summary": fields.get("shortDescription", ""),
        "card": card_of(fields),
        "task": hub_task(fields.get("task", "")),
        "languages": [fields["locale"]] if "locale" in fields else [],
        "visibility": fields.get("visibility", "private"),
    }


def card_of(fields: Mapping[str, Any]) -> str:
    """Markdown. Who is behind it is shown only if the submission says so."""
    parts = [_section(heading, fields[name]) for heading, name in SECTIONS if fields.get(name)]
    if fields.get("showContactInfo"):
        heading, *names = CONTACT
        known = [fields[name] for name in names if fields.get(name)]
        parts += [_section(heading, ", ".join(known))] if known else []
    return "\n\n".join(parts)


def _section(heading: str, text: str) -> str:
    return f"## {heading}\n\n{text}" if heading else text
