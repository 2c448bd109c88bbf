"""What a report may repeat of a contribution's content."""

from collections.abc import Iterable, Mapping
from typing import Any

from ingestion.domain.findings import Finding

# What these checks find must not be read anywhere, not even as the most frequent value of its column.
CONFIDENTIAL = frozenset({"personal_data", "secrets"})
VALUES = ("top", "values")
WITHHELD = "withheld"


def without_found_values(statistics: Mapping[str, Any], findings: Iterable[Finding]) -> dict[str, Any]:
    """The statistics by file, without the values of columns in which somebody's data or a secret was found."""
    columns = {each.column for each in findings if each.check in CONFIDENTIAL}
    return {name: _without_values(totals, columns) for name, totals in statistics.items()}


def _without_values(totals: Mapping[str, Any], columns: set[str]) -> dict[str, Any]:
    shown = {name: _told(told) if name in columns else told for name, told in totals.get("columns", {}).items()}
    return {**totals, "columns": shown}


def _told(column: Mapping[str, Any]) -> dict[str, Any]:
    held = any(name in column for name in VALUES)
    kept = {name: told for name, told in column.items() if name not in VALUES}
    return {**kept, WITHHELD: True} if held else kept
