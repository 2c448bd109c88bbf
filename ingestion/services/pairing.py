"""From records that may be similar to pairs that are: both texts are read, compared, and the pair is written down."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

import numpy as np
from django.db import transaction

from collective.catalog.models import WithdrawnRecord
from collective.core.storage.errors import ObjectNotFoundError
from ingestion.domain.similarity import LIVE, SIMILAR, similarity
from ingestion.models import PreparedObject, SimilarRecords
from ingestion.pipeline.comparable import Shingled, shingled_at
from ingestion.services.bands import Place, live

# Of those that are similar to one record, so many are written down; of one contribution, so many pairs in all.
KEPT = 3
MOST_PAIRS = 5000
# Texts are read in groups of so many records, with about so many characters: eight bytes and more for each of them.
GROUP_ROWS = 2000
GROUP_CHARACTERS = 4_000_000


@dataclass(frozen=True)
class Candidate:
    """A record with about so many characters, and those that it may be similar to."""

    size: int
    places: Sequence[Place]


# What is not needed of them.
LARGE = "columns", "arrow_schema", "statistics", "preview", "piece__problems", "piece__warnings", "piece__findings"
Candidates = Mapping[int, Candidate]


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
    record: Shingled


class Site:
    """The prepared objects of live contributions, each asked for once."""

    def __init__(self) -> None:
        self._known: dict[int, Known | None] = {}

    def get(self, prepared_id: int) -> Known | None:
        """None: its contribution is not live."""
        return next(iter(self.all([prepared_id])), None)

    def all(self, prepared_ids: Iterable[int]) -> list[Known]:
        """Without those whose contributions are not live."""
        wanted = list(prepared_ids)
        new = [each for each in wanted if each not in self._known]
        if new:
            rows = PreparedObject.objects.filter(pk__in=new, contribution__state__in=LIVE).defer(*LARGE)
            found = {each.pk: _known(each) for each in rows.select_related("contribution", "piece")}
            self._known |= {each: found.get(each) for each in new}
        return [known for each in wanted if (known := self._known[each])]


def pair_up(me: Known, candidates: Candidates, site: Site) -> int:
    """Look at all candidates. Returns how many records were left because there are too many pairs."""
    others = SimilarRecords.objects.filter(later=me.prepared.contribution).exclude(later_prepared=me.prepared)
    left = MOST_PAIRS - others.count()  # the object's own, from a run that was lost, are found once more
    waiting = sorted(candidates, reverse=True)
    while waiting and left > 0:
        pairs = list(_pairs(me, _next_group(waiting, candidates, max(1, left // KEPT)), site))
        _write(pairs)
        left -= len(pairs)
    return len(waiting)


def _next_group(waiting: list[int], candidates: Candidates, most: int) -> Candidates:
    """Taken from the end of `waiting`: at least one, at most so many."""
    group: dict[int, Candidate] = {}
    size = 0
    while waiting and len(group) < min(most, GROUP_ROWS) and size < GROUP_CHARACTERS:
        row = waiting.pop()
        group[row] = candidates[row]
        size += candidates[row].size
    return group


def _known(prepared: PreparedObject) -> Known:
    contribution, piece = prepared.contribution, prepared.piece
    order = (piece.file_number, piece.number, prepared.part_number)
    return Known(prepared, contribution.dataset_id, (contribution.submitted_at, contribution.pk, *order))


def _pairs(me: Known, group: Candidates, site: Site) -> Iterator[SimilarRecords]:
    """Of each row the first KEPT candidates that are similar enough."""
    found = _read(me, group, site)
    for row, candidate in group.items():
        mine = found.get((me.prepared.pk, row))
        others = [found[place] for place in candidate.places if place in found]
        if mine is not None:
            yield from islice(_similar(mine, others), KEPT)


def _similar(mine: Found, others: Sequence[Found]) -> Iterator[SimilarRecords]:
    for other in others:
        own, others_own = mine.record.shingles, other.record.shingles
        common = len(np.intersect1d(own, others_own, assume_unique=True))
        per_mille = similarity(len(own), len(others_own), common)
        if per_mille >= SIMILAR:
            yield _pair(mine, other, per_mille)


def _read(me: Known, group: Candidates, site: Site) -> dict[Place, Found]:
    """What a withdrawal has erased meanwhile is missing."""
    wanted = defaultdict(set, {me.prepared.pk: set(group)})
    for prepared, row in (place for candidate in group.values() for place in candidate.places):
        wanted[prepared].add(row)
    found: dict[Place, Found] = {}
    for prepared, rows in wanted.items():
        known = site.get(prepared)
        with suppress(ObjectNotFoundError):
            records = shingled_at(known.prepared.sha256, rows) if known else {}
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
    """Those whose contributions and records are both still there, once."""
    both = live([each for pair in pairs for each in (pair.earlier_id, pair.later_id)])
    gone = set(WithdrawnRecord.objects.filter(contribution__in=both).values_list("record_id", flat=True))
    kept = [
        pair
        for pair in pairs
        if {pair.earlier_id, pair.later_id} <= both and not {pair.earlier_record_id, pair.later_record_id} & gone
    ]
    SimilarRecords.objects.bulk_create(kept, ignore_conflicts=True)
