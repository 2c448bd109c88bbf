"""One job of a validation: a piece goes through the parsing child, and what comes out goes into the store."""

import time
from pathlib import Path

import pyarrow.parquet as pq
from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from collective.core.jobs import enqueue
from collective.core.storage import incoming, published
from ingestion.domain.parts import MIB
from ingestion.models import Piece, PreparedObject, ValidationReport
from ingestion.pipeline.data_file import schema_of_file
from ingestion.pipeline.files import file_digests, records_root
from ingestion.pipeline.masking import masked_problem
from ingestion.pipeline.sandbox import Outcome, PreparedPart, Task, parse_in_child
from ingestion.pipeline.schema import as_text, columns_of
from ingestion.pipeline.workspace import work_folder
from ingestion.services.secrets import revoke_own_keys

BLOCK = MIB
SAMPLE_BYTES = MIB
TELL_SECONDS = 1.0


def check_piece(*, piece_id: int) -> None:
    """Job: check and prepare one piece. One that is done, or whose report ended, is left alone.

    One of a file that came into quarantine meanwhile is done without being read; the report will say so.
    """
    piece = Piece.objects.select_related("report", "upload").get(pk=piece_id)
    if piece.done_at is not None or not piece.report.is_running:
        return
    if piece.upload.scan == "found":
        _count_in(piece, Outcome(), [])
        return
    with work_folder() as folder:
        outcome = parse_in_child(_task(piece, folder), _Telling(piece))
        prepared = [_prepared(piece, number, part) for number, part in enumerate(outcome.parts)]
    _count_in(piece, outcome, prepared)


def begin_finishing(report: ValidationReport) -> None:
    """Every piece is done: the report can be written. One job, however many callers see it."""
    enqueue("ingestion.finish_validation", key=f"finish:{report.pk}", report_id=report.pk)


def _task(piece: Piece, folder: Path) -> Task:
    output = folder / "output"
    output.mkdir()
    upload = piece.upload
    seed = f"{piece.report.contribution_id}:{piece.file_number}:{upload.sha256}:{piece.begin}"
    sample = None if piece.is_whole_file else _copied(piece, 0, min(SAMPLE_BYTES, upload.size), folder / "sample")
    here = incoming().local_path(upload.key)
    if here is not None:
        return Task(here, output, seed, piece.begin, piece.end, sample, upload.name)
    return Task(_copied(piece, piece.begin, piece.end, folder / "input"), output, seed, sample=sample, name=upload.name)


def _copied(piece: Piece, begin: int, end: int, target: Path) -> Path:
    left = end - begin
    with incoming().open(piece.upload.key) as source, target.open("wb") as file:
        source.seek(begin)
        while left and (block := source.read(min(BLOCK, left))):
            file.write(block)
            left -= len(block)
    return target


def _prepared(piece: Piece, number: int, part: PreparedPart) -> PreparedObject:
    """The row for a prepared file, whose bytes are in the store before the row is."""
    schema, footer = pq.read_schema(part.path), pq.read_metadata(part.path)
    digests, records = file_digests(part.path), file_digests(part.records_path)
    published().put(part.path, sha256=digests.sha256)
    published().put(part.records_path, sha256=records.sha256)
    inner = schema_of_file(schema)
    return PreparedObject(
        contribution_id=piece.report.contribution_id,
        piece=piece,
        part_number=number,
        sha256=digests.sha256,
        git_sha1=digests.git_sha1,
        records_sha256=records.sha256,
        records_root=records_root(part.records_path, rows=footer.num_rows),
        rows=footer.num_rows,
        row_groups=footer.num_row_groups,
        bytes=digests.size,
        columns=columns_of(inner),
        arrow_schema=as_text(inner),
        statistics=part.statistics,
        preview=part.preview,
    )


@transaction.atomic
def _count_in(piece: Piece, outcome: Outcome, prepared: list[PreparedObject]) -> None:
    """The piece's result, once: of two workers that checked it, one gets past the conditional UPDATE."""
    counted = Piece.objects.filter(pk=piece.pk, done_at=None).update(
        done_at=timezone.now(),
        rows=sum(each.rows for each in prepared),
        bytes_read=piece.end - piece.begin,
        problems=[masked_problem(each).as_json() for each in outcome.problems],
        problem_count=outcome.problem_count,
        warnings=[masked_problem(each).as_json() for each in outcome.warnings],
        findings=[each.as_json() for each in outcome.findings],
    )
    if not counted:
        return
    PreparedObject.objects.bulk_create(prepared)
    ValidationReport.objects.filter(pk=piece.report_id).update(remaining=F("remaining") - 1)
    tell_progress(piece)
    # The report's row is locked by now: whoever stops the check locks it, too, before the audit trail.
    revoke_own_keys(piece, outcome.own_keys)
    if ValidationReport.objects.filter(pk=piece.report_id, remaining=0, state="running").exists():
        begin_finishing(piece.report)


def tell_progress(piece: Piece) -> None:
    """The report's own sums, for everybody who watches it."""
    pieces = Piece.objects.filter(report_id=piece.report_id)
    sums = pieces.aggregate(rows=Sum("rows"), read=Sum("bytes_read"))
    left = pieces.filter(done_at=None).values("file_number").distinct().count()
    ValidationReport.objects.filter(pk=piece.report_id, state="running").update(
        current_file=piece.upload.name,
        rows_done=sums["rows"],
        bytes_done=sums["read"],
        files_done=F("files_total") - left,
    )


class _Telling:
    """Writes a piece's progress down, at most once a second."""

    def __init__(self, piece: Piece) -> None:
        self.piece = piece
        self.told_at = time.monotonic()

    def __call__(self, rows: int, read: int) -> None:
        if time.monotonic() - self.told_at < TELL_SECONDS:
            return
        self.told_at = time.monotonic()
        Piece.objects.filter(pk=self.piece.pk, done_at=None).update(rows=rows, bytes_read=read)
        tell_progress(self.piece)
