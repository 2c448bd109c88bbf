"""Where in a contributor's files something is: a check counts records through all files, people look into one."""

from dataclasses import dataclass, field

from django.db.models import Sum

from ingestion.domain.findings import Finding
from ingestion.models import ValidationReport


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
    places: list[Place] = []
    for file in files:
        rows = [row - file.before for row in finding.rows if file.before < row <= file.until]
        if rows:
            places.append(Place(file.name, rows))
    return places
