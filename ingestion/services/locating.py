"""Where one record lies: in the file it came in, and in which files of which versions. By record lists alone."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from collective.catalog.models import Contribution, VersionFile
from collective.core.storage import published
from collective.core.storage.errors import ObjectNotFoundError
from ingestion.errors import RecordNotFoundError
from ingestion.models import PreparedObject, ShardBuild
from ingestion.pipeline.records import ID_BYTES, row_of_record
from ingestion.selectors import prepared_objects


@dataclass(frozen=True)
class Located:
    """`row` counts the file's records from 1. `files` are those of versions that were published with it."""

    file: str
    row: int
    files: list[VersionFile]


def locate_record(contribution: Contribution, record_id: str) -> Located:
    """Raises RecordNotFoundError: there is no such record in the contribution, or it was taken back."""
    record, before = _bytes_of(record_id), Counter[UUID]()
    if contribution.state == "withdrawn" or contribution.withdrawn_records.filter(record_id=record.hex()).exists():
        raise RecordNotFoundError
    for prepared in prepared_objects(contribution).select_related("piece__upload"):
        upload = prepared.piece.upload
        row = _row_in(prepared.records_sha256, record)
        if row is not None:
            return Located(upload.name, before[upload.pk] + row + 1, list(_files_with(prepared, record)))
        before[upload.pk] += prepared.rows
    raise RecordNotFoundError


def _files_with(prepared: PreparedObject, record: bytes) -> Iterator[VersionFile]:
    """Of all shards that hold something of the object, those that list the record."""
    holding = VersionFile.objects.filter(shard__segments__prepared_sha256=prepared.sha256).distinct()
    shards = set(holding.values_list("shard", flat=True))
    lists = dict(ShardBuild.objects.filter(shard__in=shards).values_list("shard", "records_sha256"))
    held = [shard for shard, records_sha256 in lists.items() if _row_in(records_sha256, record) is not None]
    yield from holding.filter(shard__in=held).select_related("version").order_by("version__created_at", "path")


def _row_in(records_sha256: str, record: bytes) -> int | None:
    try:
        with published().open(records_sha256) as stored:
            return row_of_record(stored, record)
    except ObjectNotFoundError:
        return None


def _bytes_of(record_id: str) -> bytes:
    try:
        record = bytes.fromhex(record_id)
    except ValueError:
        raise RecordNotFoundError from None
    if len(record) != ID_BYTES:
        raise RecordNotFoundError
    return record
