"""From ids of records to where they lie, by record lists: for the catalog, which knows only how many there are."""

from collections.abc import Collection, Iterator
from uuid import UUID

from collective.catalog.domain.records import RecordPlace, finds_records
from collective.catalog.models import Contribution
from collective.core.storage import published
from ingestion.models import PreparedObject
from ingestion.pipeline.record_lists import entries_of
from ingestion.pipeline.records import ID_BYTES
from ingestion.selectors import prepared_objects


@finds_records
def places_of_records(contribution_id: UUID, record_ids: Collection[str]) -> list[RecordPlace]:
    """In the order of the contribution. Reads each list at most once, and none after the last record was found."""
    wanted, found = set(_ids(record_ids)), list[RecordPlace]()
    for prepared in prepared_objects(Contribution.objects.get(pk=contribution_id)):
        if not wanted:
            break
        places = list(_places(prepared, wanted))
        wanted -= {bytes.fromhex(place.record_id) for place in places}
        found += places
    return found


def _places(prepared: PreparedObject, wanted: Collection[bytes]) -> Iterator[RecordPlace]:
    with published().open(prepared.records_sha256) as stored:
        for entry in entries_of(stored, wanted):
            yield RecordPlace(entry.record_id.hex(), entry.sha256.hex(), prepared.sha256, entry.row)


def _ids(record_ids: Collection[str]) -> Iterator[bytes]:
    """What cannot be an id is not found."""
    for each in record_ids:
        try:
            record = bytes.fromhex(each)
        except ValueError:
            continue
        if len(record) == ID_BYTES:
            yield record
