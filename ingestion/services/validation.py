"""Checking a submitted contribution file by file, and telling what was found while it runs."""

import hashlib
import time
from pathlib import Path
from uuid import UUID

import pyarrow.parquet as pq
from django.db import transaction
from django.utils import timezone

from collective.catalog.services import begin_validation, finish_validation
from collective.core.jobs import enqueue
from collective.core.storage import incoming, published
from ingestion.domain.problems import Problem, in_file
from ingestion.errors import SchemaMismatchError
from ingestion.models import PreparedObject, Upload, ValidationReport
from ingestion.pipeline.sandbox import Outcome, Task, parse_in_child
from ingestion.pipeline.schema import as_text, columns_of, from_text
from ingestion.pipeline.unify import unified
from ingestion.pipeline.workspace import work_folder
from ingestion.selectors import stored_files

BLOCK = 1024 * 1024
TELL_SECONDS = 1.0


@transaction.atomic
def start_validation(*, contribution_id: UUID) -> ValidationReport:
    """A new report for what was just submitted, and the job that fills it."""
    number = ValidationReport.objects.filter(contribution_id=contribution_id).count() + 1
    report = ValidationReport.objects.create(contribution_id=contribution_id, number=number)
    enqueue("ingestion.validate_contribution", key=f"validate:{report.pk}", report_id=report.pk)
    return report


def validate(*, report_id: UUID) -> None:
    """Job: check every stored file. A repeated run takes over the files that an earlier one finished."""
    report = ValidationReport.objects.select_related("contribution").get(pk=report_id)
    if not report.is_running:
        return
    if not begin_validation(contribution_id=report.contribution_id):
        report.transition_to("stopped", phase="", finished_at=timezone.now())
        return
    files = list(stored_files(report.contribution))
    _begin(report, files)
    for number, upload in enumerate(files):
        _check_file(report, upload, number)
    _check_columns(report)
    _finish(report, files)


def stop_validation(*, report_id: UUID, reason: str) -> None:
    """The job gave up: the contribution goes back to its owner with the reason as the report's one error."""
    report = ValidationReport.objects.get(pk=report_id)
    if not report.is_running:
        return
    problem = Problem("check_failed", f"The check could not be finished: {reason}", "Submit again. Nothing is lost.")
    with transaction.atomic():
        report.transition_to("stopped", errors=[problem.as_json()], error_count=1, finished_at=timezone.now())
        finish_validation(contribution_id=report.contribution_id, passed=False, record_count=0, byte_count=0)


def _begin(report: ValidationReport, files: list[Upload]) -> None:
    """Errors of an attempt that died are found again, so they start from none; prepared files stay."""
    if report.state == "waiting":
        report.transition_to("running", started_at=timezone.now())
    report.errors, report.error_count, report.warnings = [], 0, []
    report.files_done = report.bytes_done = report.rows_done = 0
    report.files_total, report.bytes_total = len(files), sum(upload.size for upload in files)
    report.save()


def _check_file(report: ValidationReport, upload: Upload, number: int) -> None:
    report.current_file, report.phase = upload.name, "reading"
    report.save(update_fields=["current_file", "phase"])
    done = list(report.prepared.filter(file_number=number))
    if not done:
        done = _parse(report, upload, number)
    report.files_done += 1
    report.bytes_done = sum(each.size for each in stored_files(report.contribution)[: number + 1])
    report.rows_done = sum(report.prepared.values_list("rows", flat=True))
    report.warnings = [*report.warnings, *(warning for each in done for warning in each.warnings)]
    report.save()


def _parse(report: ValidationReport, upload: Upload, number: int) -> list[PreparedObject]:
    with work_folder() as folder:
        source, output = folder / "input", folder / "output"
        output.mkdir()
        if _fetch(upload, source) != upload.sha256:
            _blame(report, upload, Outcome([_changed()], 1))
            return []
        task = Task(source, output, str(report.contribution_id), number)
        outcome = parse_in_child(task, _Telling(report, upload.size))
        if outcome.problems:
            _blame(report, upload, outcome)
            return []
        rows = [_prepared(report, upload, number, position, path) for position, path in enumerate(outcome.parts)]
    rows[0].statistics = outcome.statistics
    rows[0].warnings = in_file(outcome.warnings, upload.name)
    return PreparedObject.objects.bulk_create(rows)


def _prepared(report: ValidationReport, upload: Upload, number: int, position: int, path: Path) -> PreparedObject:
    """The row for one prepared file, whose bytes are in the store before the row is."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    schema, footer = pq.read_schema(path), pq.read_metadata(path)
    published().put(path, sha256=digest)
    return PreparedObject(
        contribution_id=report.contribution_id,
        report=report,
        upload=upload,
        file_number=number,
        part_number=position,
        sha256=digest,
        rows=footer.num_rows,
        bytes=path.stat().st_size,
        columns=columns_of(schema),
        arrow_schema=as_text(schema),
    )


def _check_columns(report: ValidationReport) -> None:
    """The files of one contribution must fit together; how it fits the dataset shows when it is published."""
    if report.errors:
        return
    prepared = report.prepared.select_related("upload").order_by("file_number", "part_number")
    try:
        unified((each.upload.name, from_text(each.arrow_schema)) for each in prepared)
    except SchemaMismatchError as error:
        detail = error.detail
        what = (
            f"In this file the column “{detail['column']}” holds {detail['found']}, in the files before it "
            f"{detail['expected']}."
        )
        problem = Problem(error.code, what, "Give the column one kind of value in all files.", column=detail["column"])
        report.errors, report.error_count = in_file([problem], detail["title"]), 1


def _finish(report: ValidationReport, files: list[Upload]) -> None:
    passed, rows = not report.errors, sum(report.prepared.values_list("rows", flat=True))
    statistics = {
        each.upload.name: each.statistics for each in report.prepared.filter(part_number=0).select_related("upload")
    }
    with transaction.atomic():
        report.transition_to(
            "passed" if passed else "problems",
            errors=report.errors,
            error_count=report.error_count,
            statistics=statistics,
            phase="",
            current_file="",
            rows_done=rows,
            finished_at=timezone.now(),
        )
        finish_validation(
            contribution_id=report.contribution_id,
            passed=passed,
            record_count=rows if passed else 0,
            byte_count=sum(upload.size for upload in files),
        )


def _blame(report: ValidationReport, upload: Upload, outcome: Outcome) -> None:
    report.errors = [*report.errors, *in_file(outcome.problems, upload.name)]
    report.error_count += outcome.problem_count


def _fetch(upload: Upload, target: Path) -> str:
    """Copy the stored object next to the child; returns its SHA-256 as it is now."""
    digest = hashlib.sha256()
    with incoming().open(upload.key) as source, target.open("wb") as file:
        while block := source.read(BLOCK):
            digest.update(block)
            file.write(block)
    return digest.hexdigest()


def _changed() -> Problem:
    return Problem("stored_bytes_changed", "The stored file is not the one that arrived.", "Upload the file again.")


class _Telling:
    """Writes progress to the report, at most once a second. Both passes read every byte, so each counts for half."""

    def __init__(self, report: ValidationReport, size: int) -> None:
        self.report, self.size = report, size
        self.rows_before, self.bytes_before = report.rows_done, report.bytes_done
        self.told_at = 0.0

    def __call__(self, phase: str, rows: int, read: int) -> None:
        if time.monotonic() - self.told_at < TELL_SECONDS:
            return
        self.told_at = time.monotonic()
        done = read // 2 if phase == "reading" else (self.size + read) // 2
        ValidationReport.objects.filter(pk=self.report.pk, state="running").update(
            phase=phase, rows_done=self.rows_before + rows, bytes_done=self.bytes_before + done
        )
