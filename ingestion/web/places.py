"""Where in a contributor's files something is: a check counts records through all files, people look into one file."""

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Sum

from ingestion.domain.findings import Finding
from ingestion.models import PreparedObject, ValidationReport

Totals = dict[str, Any]


@dataclass(frozen=True)
class FileRows:
    """A file, and how many records the contribution has before it and up to its end."""

    name: str
    before: int
    until: int


@dataclass(frozen=True)
class Place:
    file: str
    rows: list[int] = field(default_factory=list)


def file_rows(report: ValidationReport) -> list[FileRows]:
    """In the order in which records are counted."""
    files, before = [], 0
    counted = report.pieces.values_list("file_number", "upload__name").annotate(Sum("rows")).order_by("file_number")
    for _, name, rows in counted:
        files.append(FileRows(name, before, before + rows))
        before += rows
    return files


def places_of(finding: Finding, files: list[FileRows]) -> list[Place]:
    """The finding's first rows, file by file, each counted from 1 in its file."""
    places: dict[str, Place] = {}
    for row in finding.rows:
        file = files[bisect_left(files, row, key=lambda each: each.until)]
        places.setdefault(file.name, Place(file.name)).rows.append(row - file.before)
    return list(places.values())


def statistics_in_order(report: ValidationReport, most: int) -> list[tuple[str, Totals]]:
    """The first files, and columns as they stand in the file: a database keeps no order inside JSON."""
    first = PreparedObject.objects.filter(piece__report=report, piece__number=0, part_number=0)
    named = first.order_by(*PreparedObject.IN_ORDER).values_list("piece__upload__name", "columns")[:most]
    return [(name, _ordered(report.statistics[name], columns)) for name, columns in named if name in report.statistics]


def _ordered(totals: Totals, columns: list[dict[str, Any]]) -> Totals:
    told = totals.get("columns", {})
    names = dict.fromkeys(each["name"] for each in columns) | dict.fromkeys(sorted(told))
    return {**totals, "columns": {name: told[name] for name in names if name in told}}
