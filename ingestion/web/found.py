"""Findings as a person reads them: by what has to happen, each with its words and its places."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ingestion.domain.findings import Finding
from ingestion.models import ValidationReport
from ingestion.web.finding_words import words_for
from ingestion.web.places import FileRows, Place, file_rows, places_of
from ingestion.web.plots import BarList, language_bars

GROUPS: tuple[tuple[str, str | Promise, str], ...] = (
    ("block", _("Must be fixed"), "loss"),
    ("warning", _("Please look"), "attention"),
    ("note", _("Good to know"), "info"),
)
LANGUAGE = "language"
# What problems have in common that are shown as one.
KIND = ("file", "code", "column", "action")
MOST_LANGUAGES = 8
# Of the first rows that a finding knows.
PLACES_SHOWN, ROWS_SHOWN = 3, 8


@dataclass(frozen=True)
class Shown:
    """`places` are the first ones; `more` when there are others."""

    title: str
    action: str
    column: str
    count: int
    places: list[Place]
    more: bool


@dataclass(frozen=True)
class Alike:
    """Problems of one kind in one column of one file: the first, and the others."""

    first: dict[str, Any]
    others: list[dict[str, Any]]


@dataclass(frozen=True)
class Group:
    severity: str
    title: str
    tone: str
    findings: list[Shown]


def finding_groups(report: ValidationReport) -> list[Group]:
    """Without languages, which are a picture, and without empty groups."""
    findings = [each for each in _findings(report) if each.check != LANGUAGE]
    files = file_rows(report) if findings else []
    groups = [
        Group(severity, str(title), tone, [_shown(each, files) for each in findings if each.severity == severity])
        for severity, title, tone in GROUPS
    ]
    return [group for group in groups if group.findings]


def languages_found(report: ValidationReport) -> list[BarList]:
    """By column: how many texts of the sample are in which language."""
    by_column: dict[str, dict[str, int]] = {}
    for each in _findings(report):
        if each.check == LANGUAGE:
            by_column.setdefault(each.column, {})[each.code] = each.count
    return [BarList(column, language_bars(counts)[:MOST_LANGUAGES]) for column, counts in by_column.items()]


def problems_alike(problems: list[dict[str, Any]]) -> list[Alike]:
    """In the order of the first of each kind."""
    kinds: dict[tuple[object, ...], list[dict[str, Any]]] = {}
    for problem in problems:
        kinds.setdefault(tuple(problem.get(name) for name in KIND), []).append(problem)
    return [Alike(first, others) for first, *others in kinds.values()]


def _findings(report: ValidationReport) -> list[Finding]:
    return [Finding.from_json(each) for each in report.findings]


def _shown(finding: Finding, files: list[FileRows]) -> Shown:
    words, places = words_for(finding), places_of(finding, files)
    first = [Place(place.file, place.rows[:ROWS_SHOWN]) for place in places[:PLACES_SHOWN]]
    return Shown(
        title=str(words.title),
        action=str(words.action),
        column=finding.column,
        count=finding.count,
        places=first,
        more=bool(first) and sum(len(place.rows) for place in first) < finding.count,
    )
