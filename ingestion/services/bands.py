"""The index of all records on the site by MinHash bands: writing a batch into it, and asking who is in the same bands.

Written before asking, so that of two contributions compared at the same moment at least one sees the other. Written
under the contribution's lock and only while it is live, so that nothing is written behind a withdrawal's back.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from uuid import UUID

import numpy as np
from django.db import connection, transaction
from django.db.models import Count
from numpy.typing import NDArray

from collective.catalog.models import Contribution
from ingestion.domain.similarity import LIVE
from ingestion.models import ComparedObject, MinHashBand, PreparedObject, SimilarRecords

# What very many records have in common (the same frame, the same notice) says little: the first of them stand for all.
MOST_PER_KEY = 32
KEYS_AT_ONCE = 5000
# By hand, because a model object for each band takes three times as long as everything else.
INSERT = (
    """INSERT INTO ingestion_minhashband ("key", "prepared_id", "row") VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"""
)
Keys = NDArray[np.int64]
# The id of a prepared object, and a row of it from 0.
Place = tuple[int, int]


def live(contributions: Sequence[UUID]) -> set[UUID]:
    """Those that are live, and stay so until the end of the transaction."""
    rows = Contribution.objects.filter(pk__in=contributions, state__in=LIVE).order_by("pk")
    return set(rows.select_for_update(no_key=True).values_list("pk", flat=True))


@transaction.atomic
def index(prepared: PreparedObject, rows: Sequence[int], keys: Keys) -> bool:
    """Write `keys`, a line for each of `rows`. Again changes nothing. False: the contribution is no longer live."""
    if not live([prepared.contribution_id]):
        return False
    every = keys.ravel()
    full = np.isin(every, np.fromiter(_full_keys(every), np.int64))
    wanted = (~full & _is_early(every)).reshape(keys.shape)
    bands = [
        (key, prepared.pk, row) for row, own, kept in zip(rows, keys, wanted, strict=True) for key in own[kept].tolist()
    ]
    with connection.cursor() as cursor:
        cursor.executemany(INSERT, bands)
    return True


def neighbors(keys: Keys) -> list[Counter[Place]]:
    """For each line of `keys`: who shares how many of its bands, itself among them."""
    holders: dict[int, list[Place]] = defaultdict(list)
    for some in _portions(keys):
        for key, prepared, row in MinHashBand.objects.filter(key__in=some).values_list("key", "prepared_id", "row"):
            holders[key].append((prepared, row))
    return [Counter(place for key in own for place in holders.get(key, ())) for own in keys.tolist()]


def forget_similar(contribution: Contribution) -> None:
    """After a withdrawal: its keys, and every pair that it is part of."""
    prepared = list(PreparedObject.objects.filter(contribution=contribution).values_list("pk", flat=True))
    MinHashBand.objects.filter(prepared__in=prepared).delete()
    ComparedObject.objects.filter(prepared__in=prepared).delete()
    SimilarRecords.objects.filter(earlier=contribution).delete()
    SimilarRecords.objects.filter(later=contribution).delete()


def _full_keys(keys: Keys) -> Iterator[int]:
    for some in _portions(keys):
        counted = MinHashBand.objects.filter(key__in=some).values("key").annotate(held=Count("row"))
        yield from counted.filter(held__gte=MOST_PER_KEY).values_list("key", flat=True)


def _portions(keys: Keys) -> Iterator[list[int]]:
    different = np.unique(keys)
    for at in range(0, len(different), KEYS_AT_ONCE):
        yield different[at : at + KEYS_AT_ONCE].tolist()


def _is_early(keys: Keys) -> NDArray[np.bool_]:
    """Which are among the first MOST_PER_KEY of their kind."""
    order = np.argsort(keys, kind="stable")
    begins = np.concatenate([[True], keys[order][1:] != keys[order][:-1]])
    places = np.arange(len(keys))
    early = np.empty(len(keys), np.bool_)
    early[order] = places - np.maximum.accumulate(np.where(begins, places, 0)) < MOST_PER_KEY
    return early
