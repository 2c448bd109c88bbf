"""From records that may be similar to pairs that are: both texts are read, compared, and the pair is written down."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from django.db import transaction

from collective.core.storage.errors import ObjectNotFoundError
from ingestion.domain.similarity import LIVE, SIMILAR, shingles, similarity
from ingestion.models import PreparedObject, SimilarRecords
from ingestion.pipeline.comparable import TextRecord, records_at
from ingestion.pipeline.limits import MIB
from ingestion.services.bands import Place, live

# Of those that are similar to one record, so many are written down; of one contribution, so many pairs in all.
KEPT = 3
MOST_PAIRS = 5000
# Texts are read in groups of about so many bytes.
GROUP_BYTES = 16 * MIB
GROUP_ROWS = 20, 2000
Candidates = dict[int, list[Place]]


@dataclass(frozen=True)
class Known:
    """A prepared object of a live contribution. Of two, the one with the lesser `rank` was there earlier."""

    prepared: PreparedObject
    dataset: UUID
    rank: tuple[object, ...]


@dataclass(frozen=True)
class Found:
    known: Known
    row: int
    record: TextRecord


class Site:
    """The prepared objects of the site, each asked for once."""

    def __init__(self) -> None:
        self._known: dict[int, Known | None] = {}

    def get(self, prepared_id: int) -> Known | None:
        """None: its contribution is not live."""
        if prepared_id not in self._known:
            rows = PreparedObject.objects.filter(pk=prepared_id, contribution__state__in=LIVE)
            found = rows.select_related("contribution", "piece").first()
            self._known[prepared_id] = _known(found) if found else None
        return self._known[prepared_id]


def pair_up(me: Known, candidates: Candidates, site: Site) -> int:
    """Look at all candidates. Returns how many records were left because there are too many pairs."""
    rows, at = sorted(candidates), 0
    left = MOST_PAIRS - SimilarRecords.objects.filter(later=me.prepared.contribution).count()
    fewest, most = GROUP_ROWS
    size = max(fewest, min(most, GROUP_BYTES * me.prepared.rows // max(1, me.prepared.bytes)))
    while at < len(rows) and left > 0:
        group = rows[at : at + max(1, min(size, left // KEPT))]
        pairs = list(_pairs(me, {row: candidates[row] for row in group}, site))
        _write(pairs)
        left, at = left - len(pairs), at + len(group)
    return max(0, len(rows) - at)


def _known(prepared: PreparedObject) -> Known:
    contribution, piece = prepared.contribution, prepared.piece
    order = (piece.file_number, piece.number, prepared.part_number)
    return Known(prepared, contribution.dataset_id, (contribution.submitted_at, contribution.pk, *order))


def _pairs(me: Known, group: Candidates, site: Site) -> Iterator[SimilarRecords]:
    """Of each row the first KEPT candidates that are similar enough."""
    found = _read(me, group, site)
    for row, places in group.items():
        mine = found.get((me.prepared.pk, row))
        others = [found[place] for place in places if place in found]
        if mine is not None:
            yield from islice(_similar(mine, others), KEPT)


def _similar(mine: Found, others: Sequence[Found]) -> Iterator[SimilarRecords]:
    own = shingles(mine.record.text)
    for other in others:
        per_mille = similarity(own, shingles(other.record.text))
        if per_mille >= SIMILAR:
            yield _pair(mine, other, per_mille)


def _read(me: Known, group: Candidates, site: Site) -> dict[Place, Found]:
    """What a withdrawal has erased meanwhile is missing."""
    wanted = defaultdict(set, {me.prepared.pk: set(group)})
    for prepared, row in (place for places in group.values() for place in places):
        wanted[prepared].add(row)
    found: dict[Place, Found] = {}
    for prepared, rows in wanted.items():
        known = site.get(prepared)
        with suppress(ObjectNotFoundError):
            records = records_at(known.prepared.sha256, rows) if known else {}
            found |= {(prepared, row): Found(known, row, record) for row, record in records.items() if known}
    return found


def _pair(one: Found, other: Found, per_mille: int) -> SimilarRecords:
    earlier, later = sorted([one, other], key=lambda each: (each.known.rank, each.row))
    return SimilarRecords(
        earlier_id=earlier.known.prepared.contribution_id,
        earlier_prepared=earlier.known.prepared,
        earlier_row=earlier.row,
        earlier_record_id=earlier.record.record_id,
        later_id=later.known.prepared.contribution_id,
        later_prepared=later.known.prepared,
        later_row=later.row,
        later_record_id=later.record.record_id,
        per_mille=per_mille,
    )


@transaction.atomic
def _write(pairs: Sequence[SimilarRecords]) -> None:
    """Those whose contributions are both still there, once."""
    both = live([each for pair in pairs for each in (pair.earlier_id, pair.later_id)])
    kept = [pair for pair in pairs if {pair.earlier_id, pair.later_id} <= both]
    SimilarRecords.objects.bulk_create(kept, ignore_conflicts=True)
