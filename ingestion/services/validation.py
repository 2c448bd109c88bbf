"""Checking a submitted contribution: cut its files into pieces, and write the report when all of them are done."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from collective.catalog.services import begin_validation, finish_validation
from collective.core.jobs import enqueue
from ingestion.domain import findings
from ingestion.domain.findings import Finding
from ingestion.domain.problems import Problem, in_file
from ingestion.domain.reports import without_found_values
from ingestion.errors import SchemaMismatchError
from ingestion.models import Piece, PreparedObject, Upload, ValidationReport
from ingestion.pipeline import statistics
from ingestion.pipeline.schema import from_text
from ingestion.pipeline.unify import unified
from ingestion.selectors import stored_files
from ingestion.services.barring import barred_findings
from ingestion.services.checking import begin_finishing
from ingestion.services.comparing import comparison_due
from ingestion.services.duplicates import duplicate_findings
from ingestion.services.pieces import lines_before, pieces_of
from ingestion.services.quarantine import quarantine_problems
from ingestion.services.secrets import own_key_counts


@transaction.atomic
def start_validation(*, contribution_id: UUID) -> ValidationReport:
    """A new report for what was just submitted, and the job that fills it."""
    number = ValidationReport.objects.filter(contribution_id=contribution_id).count() + 1
    report = ValidationReport.objects.create(contribution_id=contribution_id, number=number)
    enqueue("ingestion.validate_contribution", key=f"validate:{report.pk}", report_id=report.pk)
    return report


def validate(*, report_id: UUID) -> None:
    """Job: cut every stored file into pieces, and a job for each. A repeated run cuts nothing twice."""
    report = ValidationReport.objects.select_related("contribution").get(pk=report_id)
    if report.state != "waiting":
        return
    if not begin_validation(contribution_id=report.contribution_id):
        report.transition_to("stopped", phase="", finished_at=timezone.now())
        return
    files = list(stored_files(report.contribution))
    pieces = [piece for number, upload in enumerate(files) for piece in pieces_of(report, upload, number)]
    _begin(report, files, pieces)


def finish(*, report_id: UUID) -> None:
    """Job: the report, from what the pieces found. A second run changes nothing."""
    report = ValidationReport.objects.select_related("contribution").get(pk=report_id)
    if not report.is_running:
        return
    pieces = list(report.pieces.select_related("upload").order_by("file_number", "number"))
    problems = quarantine_problems(report) + [problem for piece in pieces for problem in _problems_of(piece)]
    problems = problems or _misfits(report)
    count = max(len(problems), sum(piece.problem_count for piece in pieces))
    _write(report, pieces, problems, count)


def stop_validation(*, report_id: UUID, reason: str) -> None:
    """The job gave up: the contribution goes back to its owner with the reason as the report's one error."""
    report = ValidationReport.objects.get(pk=report_id)
    if not report.is_running:
        return
    problem = Problem("check_failed", f"The check could not be finished: {reason}", "Submit again. Nothing is lost.")
    with transaction.atomic():
        told = {"errors": [problem.as_json()], "error_count": 1, **own_key_counts(report)}
        report.transition_to("stopped", **told, finished_at=timezone.now())
        finish_validation(contribution_id=report.contribution_id, passed=False, record_count=0, byte_count=0)


def stop_piece(*, piece_id: int, reason: str) -> None:
    """A piece's job gave up."""
    stop_validation(report_id=Piece.objects.get(pk=piece_id).report_id, reason=reason)


@transaction.atomic
def _begin(report: ValidationReport, files: Sequence[Upload], pieces: Sequence[Piece]) -> None:
    report.transition_to(
        "running",
        phase="reading",
        started_at=timezone.now(),
        remaining=len(pieces),
        files_total=len(files),
        bytes_total=sum(upload.size for upload in files),
    )
    for piece in Piece.objects.bulk_create(pieces):
        enqueue("ingestion.check_piece", key=f"piece:{piece.pk}", piece_id=piece.pk)
    if not pieces:
        begin_finishing(report)


def _problems_of(piece: Piece) -> list[dict[str, object]]:
    """Rows counted from the start of the file. One in quarantine is not read again."""
    if piece.upload.scan == "found":
        return []
    before = lines_before(piece) if piece.problems else 0
    told = [each | {"row": each["row"] + before if each["row"] else None} for each in piece.problems]
    return [each | {"file": piece.upload.name} for each in told]


def _misfits(report: ValidationReport) -> list[dict[str, object]]:
    """The files of one contribution must fit together; how it fits the dataset shows when it is published."""
    prepared = PreparedObject.objects.filter(piece__report=report).select_related("piece__upload")
    ordered = prepared.order_by(*PreparedObject.IN_ORDER)
    try:
        unified((each.piece.upload.name, from_text(each.arrow_schema)) for each in ordered)
    except SchemaMismatchError as error:
        detail = error.detail
        what = (
            f"In this file the column “{detail['column']}” holds {detail['found']}, in what came before it "
            f"{detail['expected']}."
        )
        problem = Problem(error.code, what, "Give the column one kind of value everywhere.", column=detail["column"])
        return in_file([problem], detail["title"])
    return []


def _write(report: ValidationReport, pieces: Sequence[Piece], problems: list[dict[str, object]], count: int) -> None:
    passed, rows = not problems, sum(piece.rows for piece in pieces)
    found = [*_findings(pieces), *([*duplicate_findings(report), *barred_findings(report)] if passed else [])]
    with transaction.atomic():
        report.transition_to(
            "passed" if passed else "problems",
            errors=problems[:100],
            error_count=count,
            warnings=[each | {"file": piece.upload.name} for piece in pieces for each in piece.warnings],
            findings=[each.as_json() for each in found],
            statistics=statistics_told(pieces, found),
            **own_key_counts(report),
            phase="",
            current_file="",
            files_done=report.files_total,
            rows_done=rows,
            bytes_done=report.bytes_total,
            finished_at=timezone.now(),
        )
        finish_validation(
            contribution_id=report.contribution_id,
            passed=passed,
            record_count=rows if passed else 0,
            byte_count=report.bytes_total,
        )
        if passed:
            comparison_due(contribution_id=report.contribution_id, run=f"check {report.number}")


def _findings(pieces: Sequence[Piece]) -> list[Finding]:
    """Rows counted through the whole contribution, file after file."""
    found, before = [], 0
    for _, of_file in groupby(pieces, key=lambda piece: piece.file_number):
        told, first = [], before
        for piece in of_file:
            told += [Finding.from_json(each).shifted(before) for each in piece.findings]
            before += piece.rows
        found += findings.of_whole(told, before - first)
    return findings.merged(found)


def statistics_told(pieces: Sequence[Piece], found: Iterable[Finding]) -> dict[str, object]:
    """By file name, without the values of columns in which something confidential was found."""
    prepared = PreparedObject.objects.filter(piece__in=pieces).order_by(*PreparedObject.IN_ORDER)
    by_file: dict[str, list[dict[str, object]]] = {}
    for each in prepared.select_related("piece__upload"):
        by_file.setdefault(each.piece.upload.name, []).append(each.statistics)
    presented = {name: statistics.presented(statistics.merged(parts)) for name, parts in by_file.items()}
    return without_found_values(presented, found)
