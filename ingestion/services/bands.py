"""The index of all records on the site by MinHash bands: writing a batch into it, and asking who is in the same bands.

Written before asking, so that of two contributions compared at the same moment at least one sees the other. Written
under the contribution's lock and only while it is live, so that nothing is written behind a withdrawal's back.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice
from typing import TypeVar
from uuid import UUID

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from collective.catalog.models import Contribution, WithdrawnRecord
from collective.core.db.numbers import among, insert_new
from ingestion.domain.similarity import LIVE, SHARED_BANDS
from ingestion.models import ComparedObject, MinHashBand, PreparedObject, SimilarRecords

# What very many records have in common (the same frame, the same notice) says little: the first of them stand for all.
MOST_PER_KEY = 32
# Of each record, so many others are looked at.
LOOKED_AT = 5
INTO = 'INSERT INTO ingestion_minhashband ("key", prepared_id, "row")'
HOLDERS = 'SELECT "key", prepared_id, "row" FROM ingestion_minhashband WHERE "key"'
TAKE_BACK = 'DELETE FROM ingestion_minhashband WHERE prepared_id = %s AND "row" BETWEEN %s AND %s AND "key"'
Numbers = NDArray[np.int64]
# Named at once in a statement.
MOST_NAMED = 1000
T = TypeVar("T")
# A row's number, which Parquet counts in a signed 64-bit number and the table in 31 bits.
ROW_BITS = 31
# The id of a prepared object, and a row of it from 0.
Place = tuple[int, int]
# Of the ids of prepared objects, those that count, the preferred ones first.
Preferred = Callable[[Sequence[int]], Sequence[int]]


@dataclass(frozen=True)
class Batch:
    """Records of one prepared object, ascending by row: the lines of `keys` are their bands."""

    prepared: PreparedObject
    rows: Numbers
    keys: Numbers


def live(contributions: Sequence[UUID]) -> set[UUID]:
    """Those that are live, and stay so until the end of the transaction."""
    rows = Contribution.objects.filter(pk__in=contributions, state__in=LIVE).order_by("pk")
    return set(rows.select_for_update(no_key=True).values_list("pk", flat=True))


@transaction.atomic
def index(batch: Batch) -> bool:
    """Write the batch's keys, but not of records that were taken back. Again changes nothing.

    False: the contribution is no longer live.
    """
    if not live([batch.prepared.contribution_id]):
        return False
    batch = _standing(batch)
    every, owners = batch.keys.ravel(), np.repeat(batch.rows, batch.keys.shape[1])
    order = np.argsort(every, kind="stable")
    early = order[_early(every[order], MOST_PER_KEY)]
    insert_new(INTO, [every[early].tolist(), [batch.prepared.pk] * len(early), owners[early].tolist()])
    return True


def neighbors(batch: Batch, preferred: Preferred) -> dict[int, list[Place]]:
    """After `index`: for each row that shares SHARED_BANDS bands with earlier ones, LOOKED_AT of these.

    First those with most bands in common, then in the order of `preferred`, which leaves out objects that do not count;
    in the batch's own object the rows before.
    """
    holders = _holders(batch)
    before = (holders[:, 1] != batch.prepared.pk) | (holders[:, 2] < batch.rows[0])
    different, counts = np.unique(holders[before, 0], return_counts=True)
    full = different[counts >= MOST_PER_KEY]
    if len(full):
        _take_back(batch, full)
        holders = holders[before | ~np.isin(holders[:, 0], full)]
    return _best(batch, _shared(batch, _crowded(holders)), preferred)


def forget_similar(contribution: Contribution) -> None:
    """After a withdrawal: its keys, and every pair that it is part of."""
    prepared = list(PreparedObject.objects.filter(contribution=contribution).values_list("pk", flat=True))
    MinHashBand.objects.filter(prepared__in=prepared).delete()
    ComparedObject.objects.filter(prepared__in=prepared).delete()
    SimilarRecords.objects.filter(earlier=contribution).delete()
    SimilarRecords.objects.filter(later=contribution).delete()


def forget_similar_records(contribution: Contribution, record_ids: Collection[str]) -> None:
    """The same for these of its records, which are withdrawn."""
    records = WithdrawnRecord.objects.filter(contribution=contribution).order_by("prepared_sha256", "row")
    rows = [row for row in records.values_list("record_id", "prepared_sha256", "row") if row[0] in record_ids]
    for sha256, some in groupby(rows, key=lambda each: each[1]):
        objects = contribution.prepared.filter(sha256=sha256).values_list("pk", flat=True)
        for part in _batched(some):
            found = MinHashBand.objects.filter(prepared__in=list(objects), row__in=[row for _, _, row in part])
            found.delete()
    for ids in _batched(sorted(record_ids)):
        SimilarRecords.objects.filter(earlier=contribution, earlier_record_id__in=ids).delete()
        SimilarRecords.objects.filter(later=contribution, later_record_id__in=ids).delete()


def _standing(batch: Batch) -> Batch:
    gone = WithdrawnRecord.objects.filter(prepared_sha256=batch.prepared.sha256).values_list("row", flat=True)
    stays = ~np.isin(batch.rows, list(gone))
    return replace(batch, rows=batch.rows[stays], keys=batch.keys[stays])


def _holders(batch: Batch) -> Numbers:
    """Key, prepared object and row of all that hold any of the keys, ascending by key; of the batch itself, too."""
    condition, keys = among(np.unique(batch.keys).tolist())
    with connection.cursor() as cursor:
        cursor.execute(f"{HOLDERS} {condition}", [keys])
        found = np.array(cursor.fetchall(), np.int64).reshape(-1, 3)
    return found[np.argsort(found[:, 0], kind="stable")]


def _take_back(batch: Batch, full: Numbers) -> None:
    """Keys that enough records had before."""
    condition, keys = among(full.tolist())
    with connection.cursor() as cursor:
        cursor.execute(f"{TAKE_BACK} {condition}", [batch.prepared.pk, int(batch.rows[0]), int(batch.rows[-1]), keys])


def _crowded(holders: Numbers) -> Numbers:
    """Those whose key somebody else holds, too. Mostly nobody does."""
    _, number, counts = np.unique(holders[:, 0], return_inverse=True, return_counts=True)
    return holders[counts[number] > 1]


def _shared(batch: Batch, holders: Numbers) -> Numbers:
    """Line of the batch, prepared object, row and how many bands they share, of all that share enough."""
    objects, number = np.unique(holders[:, 1], return_inverse=True)
    places, place = np.unique(number << ROW_BITS | holders[:, 2], return_inverse=True)
    prepared, rows = objects[places >> ROW_BITS], places & ((1 << ROW_BITS) - 1)
    line, which = _meetings(batch.keys, holders[:, 0])
    met = place[which]
    earlier = (prepared[met] != batch.prepared.pk) | (rows[met] < batch.rows[line])
    pairs, shared = np.unique(line[earlier] * len(places) + met[earlier], return_counts=True)
    often = shared >= SHARED_BANDS
    own, other = np.divmod(pairs[often], max(1, len(places)))
    return np.column_stack([own, prepared[other], rows[other], shared[often]])


def _meetings(keys: Numbers, held: Numbers) -> tuple[Numbers, Numbers]:
    """The line of each key, and where in `held`, which ascends, that key is: a pair for every time it is there."""
    every = keys.ravel()
    first, end = (np.searchsorted(held, every, side) for side in ("left", "right"))
    counts = end - first
    which = np.arange(counts.sum()) + np.repeat(first - np.cumsum(counts) + counts, counts)
    return np.repeat(np.arange(len(every)) // keys.shape[1], counts), which


def _best(batch: Batch, found: Numbers, preferred: Preferred) -> dict[int, list[Place]]:
    objects, number = np.unique(found[:, 1], return_inverse=True)
    order = {prepared: at for at, prepared in enumerate(preferred(objects.tolist()))}
    ranks = np.array([order.get(each, -1) for each in objects.tolist()], np.int64)[number]
    by = np.lexsort((found[:, 2], ranks, -found[:, 3], found[:, 0]))
    ranked = found[by[ranks[by] >= 0]]
    best: dict[int, list[Place]] = defaultdict(list)
    for line, prepared, row, _ in ranked[_early(ranked[:, 0], LOOKED_AT)].tolist():
        best[int(batch.rows[line])].append((prepared, row))
    return best


def _batched(values: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(values)
    while part := list(islice(rest, MOST_NAMED)):
        yield part


def _early(ascending: Numbers, most: int) -> NDArray[np.bool_]:
    """Which are among the first `most` of their kind."""
    return np.arange(len(ascending)) - np.searchsorted(ascending, ascending, "left") < most
