"""Reading totals back. A child may have been taken over by the file it parsed, so every field is looked at."""

from typing import Any

Totals = dict[str, Any]
# More records, or bytes, than any dataset will have.
MOST_COUNT = 2**60


def count_of(data: Totals, name: str) -> int:
    """Raises ValueError."""
    return checked_count(data.get(name, 0))


def checked_count(value: object) -> int:
    if type(value) is not int or not 0 <= value < MOST_COUNT:
        raise ValueError("not a count")
    return value


def object_of(data: Totals, name: str) -> Totals:
    value = data.get(name, {})
    if not isinstance(value, dict):
        raise ValueError(f"{name} is not an object")
    return value


def counts_of(data: Totals, name: str, most: int) -> dict[str, int]:
    """Counts by name."""
    counts = object_of(data, name)
    if len(counts) > most:
        raise ValueError(f"{name} has too many entries")
    return {str(key): checked_count(value) for key, value in counts.items()}
