"""Spans of time as terms write them: ISO 8601 days, as in P30D."""

import re

DAYS = re.compile(r"P([0-9]{1,5})D", re.ASCII)


def days_of(duration: str | None) -> int | None:
    """Whole days, or None if nothing is said, or something else than days."""
    found = DAYS.fullmatch(duration or "")
    return int(found[1]) if found else None
