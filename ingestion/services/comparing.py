"""Which records of a contribution are nearly the same as others, in it or anywhere on the site.

Keys that agree only suggest; a pair is written down once both texts were read and compared. The record that was
submitted earlier wins for now, and the steward of the later one decides.
"""

from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from django.utils import timezone

from collective.catalog.models import Contribution
from collective.core.jobs import enqueue
from collective.core.storage.errors import ObjectNotFoundError
from ingestion.models import ComparedObject, PreparedObject
from ingestion.pipeline.comparable import text_batches
from ingestion.pipeline.minhash import band_keys
from ingestion.selectors import prepared_objects
from ingestion.services.bands import Place, index, neighbors
from ingestion.services.pairing import Candidates, Known, Site, pair_up

# Of each record, so many others are looked at; of one object, so many records that may be similar are remembered.
LOOKED_AT = 5
MOST_CANDIDATES = 20_000


class _NotLiveError(Exception):
    """The contribution was withdrawn or rejected meanwhile: nothing more is written."""


def comparison_due(*, contribution_id: UUID) -> None:
    enqueue("ingestion.compare_contribution", key=f"compare:{contribution_id}", contribution_id=contribution_id)


def compare_contribution(*, contribution_id: UUID) -> None:
    """Job: compare what a passed validation prepared. A repeated run goes on where the last one ended."""
    contribution, site = Contribution.objects.get(pk=contribution_id), Site()
    try:
        for prepared in prepared_objects(contribution).filter(compared=None):
            _compare(prepared, site)
    except (_NotLiveError, ObjectNotFoundError):
        return


def _compare(prepared: PreparedObject, site: Site) -> None:
    """Raises _NotLiveError, ObjectNotFoundError: it is erased."""
    me = site.get(prepared.pk)
    if me is None:
        raise _NotLiveError
    candidates: Candidates = {}
    records = beyond = 0
    for row, counted in _indexed(prepared):
        records += 1
        places = _worth_a_look(me, row, counted, site)
        if places and len(candidates) < MOST_CANDIDATES:
            candidates[row] = places
        elif places:
            beyond += 1
    beyond += pair_up(me, candidates, site)
    done = {"records": records, "beyond": beyond, "done_at": timezone.now()}
    ComparedObject.objects.update_or_create(prepared=prepared, defaults=done)


def _indexed(prepared: PreparedObject) -> Iterator[tuple[int, Counter[Place]]]:
    """Every row that is long enough, and who shares how many of its bands. Raises _NotLiveError."""
    for batch in text_batches(prepared.sha256):
        found, keys = band_keys(batch.texts)
        rows = (found + batch.first_row).tolist()
        if not index(prepared, rows, keys):
            raise _NotLiveError
        yield from zip(rows, neighbors(keys), strict=True)


def _worth_a_look(me: Known, row: int, counted: Counter[Place], site: Site) -> list[Place]:
    """First those with more than one band in common, then those of the same dataset, then the earliest."""
    ranked = []
    for place, shared in counted.items():
        other = site.get(place[0])
        if other is not None and not _comes_later(me, row, other, place[1]):
            ranked.append((shared == 1, other.dataset != me.dataset, other.rank, place[1], place))
    return [place for *_, place in sorted(ranked)[:LOOKED_AT]]


def _comes_later(me: Known, row: int, other: Known, other_row: int) -> bool:
    """In the same contribution, the later record looks for the earlier. This record itself is no other."""
    same = other.prepared.contribution_id == me.prepared.contribution_id
    return same and (other.rank, other_row) >= (me.rank, row)
