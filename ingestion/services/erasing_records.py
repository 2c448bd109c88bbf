"""After single records were taken back: their bytes go, and everything that was counted or shown of them.

Record lists stay: ids and hashes tell whoever has a copy what to delete. Of a prepared object all other rows stay in
their places, because plans and segments count rows.
"""

from collections.abc import Collection, Iterator
from contextlib import suppress
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from collective.catalog.models import Contribution, ShardSegment, Withdrawal, WithdrawnRecord
from collective.core.jobs import enqueue
from collective.core.storage import published
from collective.core.storage.errors import ObjectNotFoundError
from ingestion.domain.problems import without_examples
from ingestion.models import Excerpt, Piece, PreparedObject, ShardBuild, Upload, ValidationReport
from ingestion.pipeline.record_lists import entries_of
from ingestion.pipeline.redacting import Redacted, redact
from ingestion.pipeline.workspace import work_folder
from ingestion.selectors import findings_of, passed_report, prepared_objects
from ingestion.services.bands import forget_similar_records
from ingestion.services.barring import keep_out
from ingestion.services.erasing import SECOND_LOOK, drop_upload
from ingestion.services.validation import statistics_told


def records_erasure_due(*, withdrawal_id: UUID) -> None:
    """Two passes: at once, and when whatever was running has ended."""
    name, key = "ingestion.erase_records", f"erase-records:{withdrawal_id}"
    enqueue(name, key=key, withdrawal_id=withdrawal_id)
    enqueue(name, key=f"{key}:again", due_at=timezone.now() + SECOND_LOOK, withdrawal_id=withdrawal_id)


def erase_records(*, withdrawal_id: UUID) -> None:
    """Job: may run any number of times. If all of the contribution was withdrawn since, that one's erasure does it."""
    withdrawal = Withdrawal.objects.select_related("contribution").get(pk=withdrawal_id)
    contribution = withdrawal.contribution
    keep_out(withdrawal)
    if contribution.state == "withdrawn":
        return
    records = contribution.withdrawn_records.filter(withdrawal=withdrawal_id)
    objects = set(records.values_list("prepared_sha256", flat=True))
    ids = set(records.values_list("record_id", flat=True))
    for sha256 in sorted(objects):
        _redact(contribution, sha256)
    # Only now: a prepared object may have been a shard as it was.
    shards = shards_holding(objects, ids)
    for sha256 in sorted({*shards, *_excerpts_of(contribution, ids), *_outdated(contribution)}):
        published().delete(sha256)
    _forget(contribution, shards, ids)
    _count_again(contribution)
    for upload in Upload.objects.stored().filter(pk__in=_uploads_of(contribution, objects)):
        drop_upload(upload)


def delete_replaced(*, sha256: str) -> None:
    """Job: the object that a prepared object was before, unless it is one."""
    current = Q(stored_sha256=sha256) | Q(sha256=sha256, stored_sha256="")
    if not PreparedObject.objects.filter(current).exists():
        published().delete(sha256)


def shards_holding(objects: Collection[str], record_ids: Collection[str]) -> set[str]:
    """By their record lists, of all that were ever made of these prepared objects."""
    made = ShardSegment.objects.filter(prepared_sha256__in=objects).values_list("shard", flat=True)
    built = ShardBuild.objects.filter(shard__in=set(made)).values_list("shard", "records_sha256")
    records = {bytes.fromhex(each) for each in record_ids}
    return {shard for shard, records_sha256 in dict(built).items() if _lists_any(records_sha256, records)}


def _lists_any(records_sha256: str, records: Collection[bytes]) -> bool:
    with suppress(ObjectNotFoundError), published().open(records_sha256) as stored:
        return bool(entries_of(stored, records))
    return False  # both went with a contribution that was withdrawn when lists were not kept yet


def _excerpts_of(contribution: Contribution, record_ids: Collection[str]) -> Iterator[str]:
    for sha256, record_id in Excerpt.objects.filter(contribution=contribution).values_list("sha256", "record_id"):
        if record_id in record_ids:
            yield sha256


def _outdated(contribution: Contribution) -> set[str]:
    """What an earlier check had prepared serves nobody any more, and may hold the same records."""
    current = set(prepared_objects(contribution).values_list("sha256", flat=True))
    return set(contribution.prepared.values_list("sha256", flat=True)) - current


@transaction.atomic
def _forget(contribution: Contribution, shards: Collection[str], record_ids: Collection[str]) -> None:
    """The catalog forgot the version's part when they were withdrawn."""
    ShardBuild.objects.filter(shard__in=shards).update(statistics={}, preview=[])
    contribution.prepared.filter(sha256__in=_outdated(contribution)).update(statistics={}, preview=[])
    forget_similar_records(contribution, record_ids)


def _redact(contribution: Contribution, sha256: str) -> None:
    """Until all that was taken back by now is out, whoever else is at it: each time round somebody has come further."""
    gone = WithdrawnRecord.objects.filter(contribution=contribution, prepared_sha256=sha256)
    while True:
        prepared, rows = contribution.prepared.filter(sha256=sha256)[0], set(gone.values_list("row", flat=True))
        if prepared.erased_rows >= len(rows):
            return
        with work_folder() as folder:
            redacted = redact(prepared.object_sha256, rows, folder / "redacted.parquet")
            published().put(redacted.path, sha256=redacted.sha256)
        _replace(prepared, redacted, len(rows))


@transaction.atomic
def _replace(prepared: PreparedObject, redacted: Redacted, erased_rows: int) -> None:
    same = PreparedObject.objects.filter(contribution=prepared.contribution_id, sha256=prepared.sha256)
    replaced = same.filter(stored_sha256=prepared.stored_sha256).update(
        stored_sha256=redacted.sha256,
        erased_rows=erased_rows,
        statistics=redacted.statistics,
        preview=redacted.preview,
    )
    old = prepared.object_sha256 if replaced else redacted.sha256
    enqueue("ingestion.delete_replaced", key=f"replaced:{old}:{erased_rows}", sha256=old)


def _count_again(contribution: Contribution) -> None:
    """The statistics of the report, of what is left; and no example of a value, whichever record it is from.

    Of earlier checks nothing is told any more.
    """
    report = passed_report(contribution)
    if report is None:
        return
    contribution.reports.exclude(pk=report.pk).update(statistics={}, errors=[], warnings=[])
    Piece.objects.filter(report__contribution=contribution).exclude(report=report).update(problems=[], warnings=[])
    told = statistics_told(list(report.pieces.order_by("file_number", "number")), findings_of(report))
    ValidationReport.objects.filter(pk=report.pk).update(statistics=told, warnings=without_examples(report.warnings))
    for piece in report.pieces.exclude(warnings=[]):
        report.pieces.filter(pk=piece.pk).update(warnings=without_examples(piece.warnings))


def _uploads_of(contribution: Contribution, objects: Collection[str]) -> set[UUID]:
    return set(contribution.prepared.filter(sha256__in=objects).values_list("piece__upload", flat=True))
