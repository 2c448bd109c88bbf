"""What a report, and later the version, may repeat of a contribution's content."""

from collections.abc import Iterable, Mapping
from typing import Any

from ingestion.domain.findings import CONFIDENTIAL, LONGEST_COLUMN, MOST_FINDINGS, Finding

# What is not told where something confidential was found, not even as the most frequent value of its column.
VALUES = ("top", "values")
WITHHELD = "withheld"


def without_found_values(statistics: Mapping[str, Any], findings: Iterable[Finding]) -> dict[str, Any]:
    """The statistics by file, without the values of columns in which somebody's data or a secret was found."""
    found = [each.column for each in findings if each.check in CONFIDENTIAL]
    # There may have been more than are kept, in any column.
    columns = set(found) if len(found) < MOST_FINDINGS else None
    return {name: _without_values(totals, columns) for name, totals in statistics.items()}


def _without_values(totals: Mapping[str, Any], columns: set[str] | None) -> dict[str, Any]:
    """`columns` is None where it may be any of them."""
    shown = {
        name: _told(told) if columns is None or name[:LONGEST_COLUMN] in columns else told
        for name, told in totals.get("columns", {}).items()
    }
    return {**totals, "columns": shown}


def _told(column: Mapping[str, Any]) -> dict[str, Any]:
    held = any(name in column for name in VALUES)
    kept = {name: told for name, told in column.items() if name not in VALUES}
    return {**kept, WITHHELD: True} if held else kept
