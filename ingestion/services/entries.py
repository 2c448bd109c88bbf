"""The ids and hashes of a contribution's records, from the record lists, which outlive the records."""

from collections.abc import Iterator
from uuid import UUID

from collective.catalog.domain.records import ListedRecord, lists_records
from collective.catalog.models import Contribution
from collective.core.storage import published
from ingestion.models import PreparedObject
from ingestion.pipeline.records import ENTRY_BYTES, ID_BYTES
from ingestion.selectors import prepared_objects


@lists_records
def listed_records(contribution_id: UUID, first: int, count: int) -> list[ListedRecord]:
    """In the order of the files and their rows. Reads no more of the lists than is asked for."""
    found: list[ListedRecord] = []
    for prepared in prepared_objects(Contribution.objects.get(pk=contribution_id)):
        if len(found) == count:
            break
        if first < prepared.rows:
            found += _entries(prepared, first, count - len(found))
        first = max(0, first - prepared.rows)
    return found


def _entries(prepared: PreparedObject, first: int, count: int) -> Iterator[ListedRecord]:
    with published().open(prepared.records_sha256) as listed:
        listed.seek(first * ENTRY_BYTES)
        entries = listed.read(count * ENTRY_BYTES)
    for at in range(0, len(entries), ENTRY_BYTES):
        middle = at + ID_BYTES
        yield ListedRecord(entries[at:middle].hex(), entries[middle : at + ENTRY_BYTES].hex())
