"""What a withdrawal asks of licensees: until when, and in which words they answer. Pure values."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from licensing.domain.hashing import bytes_sha256
from licensing.domain.library import MATERIAL_NAMES, TEXTS, material_terms

# What is signed. Another wording is another file; answers keep the words that they were given with.
STATEMENT = (TEXTS / "deletion-1.en.txt").read_text(encoding="utf-8")
STATEMENT_SHA256 = bytes_sha256(STATEMENT.encode())
# How long before the due date people are reminded, the earliest first.
REMINDERS = (timedelta(days=7), timedelta(days=1))
# A license that can be taken back for one of these is suspended when nobody attests in time.
SUSPENDING = frozenset({"breach", "consent_withdrawal"})
_PERIOD = re.compile(r"P(?=\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?", re.ASCII)


def period(text: str) -> timedelta:
    """An ISO 8601 duration of whole days or longer, as in P30D; a month is 30 days, a year 365. Raises ValueError."""
    match = _PERIOD.fullmatch(text)
    if match is None:
        raise ValueError(f"{text} is not a duration of days")
    years, months, weeks, days = (int(part or 0) for part in match.groups())
    return timedelta(days=365 * years + 30 * months + 7 * weeks + days)


def due(withdrawn_at: datetime, delete_on_withdrawal: str) -> datetime | None:
    """None: the license promises no deletion."""
    return withdrawn_at + period(delete_on_withdrawal) if delete_on_withdrawal else None


def reminders_passed(due_at: datetime, now: datetime) -> int:
    """How many of the reminders should have been sent by now."""
    return sum(due_at - before <= now for before in REMINDERS)


def suspends(revocability: Iterable[str]) -> bool:
    return not SUSPENDING.isdisjoint(revocability)


def license_without_recall(material_license: str) -> str:
    """The license that the material itself carries, if copies under it need not be deleted; else empty."""
    if material_license not in MATERIAL_NAMES or material_license == "NOASSERTION":
        return ""
    terms = material_terms(material_license)
    return material_license if terms is not None and not terms.delete_on_withdrawal else ""
