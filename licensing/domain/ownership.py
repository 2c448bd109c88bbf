"""A claim of ownership: what licensees are told, and how many claims one may file. Pure values."""

from collections.abc import Mapping
from typing import Any

# By one person in a day.
MOST_BY_ONE = 5
ADVICE = (
    "Stop using the data for anything new, and do not pass it on.",
    "Keep your copies as they are, apart from other work: you may have to delete them, or show what you used.",
    "Do not answer the claimant for the publisher. You are told here how the claim ends.",
)


def indemnity_of(terms: Mapping[str, Any]) -> str:
    """The license's own words; empty where it promises nothing."""
    return (terms.get("legal") or {}).get("indemnity") or ""
