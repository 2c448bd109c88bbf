"""Which records of a contribution are nearly the same as others, in it or anywhere on the site.

Keys that agree only suggest; a pair is written down once both texts were read and compared. The record that was
submitted earlier wins for now, and the steward of the later one decides.

Each prepared object is a job, which asks for the next one's when it is done, so that whatever else waits for a worker
gets its turn in between. Small objects share a job.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial
from uuid import UUID

import numpy as np
import pyarrow.compute as pc
from django.utils import timezone

from collective.catalog.models import Contribution
from collective.core.jobs import enqueue
from collective.core.models import Job
from collective.core.storage.errors import ObjectNotFoundError
from ingestion.domain.similarity import MOST_CHARACTERS
from ingestion.models import ComparedObject, PreparedObject
from ingestion.pipeline.comparable import text_batches
from ingestion.pipeline.limits import MIB
from ingestion.pipeline.minhash import band_keys
from ingestion.selectors import prepared_objects, uncompared
from ingestion.services.bands import Batch, index, neighbors
from ingestion.services.pairing import Candidate, Known, Site, pair_up

# Of one object, so many records that may be similar are remembered.
MOST_CANDIDATES = 20_000
JOBS = "ingestion.compare_contribution", "ingestion.compare_object"
# So long after its check, a contribution for which no job waits was forgotten. Of these, so many begin in one run.
FORGOTTEN = timedelta(hours=1)
MOST_FORGOTTEN = 100
# A job goes on to the next object until it has compared so much.
JOB_BYTES = 4 * MIB


class _NotLiveError(Exception):
    """The contribution was withdrawn or rejected meanwhile: nothing more is written."""


def comparison_due(*, contribution_id: UUID, run: str) -> None:
    """Each `run` has jobs of its own, so that a later one begins where the jobs of an earlier one were lost."""
    key = f"compare:{contribution_id}:{run}"
    enqueue(JOBS[0], key=key, contribution_id=contribution_id, run=run)


def compare_contribution(*, contribution_id: UUID, run: str = "first") -> None:
    """Job: begin with the first object of a passed validation that has not been compared."""
    contribution = Contribution.objects.get(pk=contribution_id)
    first = prepared_objects(contribution).filter(compared=None).first()
    if first is not None:
        _object_due(contribution_id, first.pk, run)


def compare_object(*, contribution_id: UUID, prepared_id: int, run: str) -> None:
    """Job: compare one object, or a few small ones. Repeated, it does again what was not finished."""
    size, site = 0, Site()
    for each in _from(contribution_id, prepared_id):
        if size >= JOB_BYTES:
            _object_due(contribution_id, each, run)
            return
        try:
            size += _compare(each, site)
        except _NotLiveError:
            return


def pass_over(*, contribution_id: UUID, prepared_id: int, run: str) -> None:
    """The object's job gave up: the next one has its turn."""
    for following in _from(contribution_id, prepared_id)[1:2]:
        _object_due(contribution_id, following, run)


def compare_forgotten() -> None:
    """Job: what nobody has compared, because it was checked before there was a comparison or its jobs were lost."""
    now = timezone.now()
    asked = Job.objects.filter(name__in=JOBS, state__in=["queued", "running"]).values_list("arguments", flat=True)
    contributions = {each["contribution_id"] for each in asked}
    left = uncompared(checked_before=now - FORGOTTEN).exclude(pk__in=contributions)
    # In no order: those that fail each time keep nobody else from a turn.
    for contribution_id in left.order_by("?").values_list("pk", flat=True)[:MOST_FORGOTTEN]:
        comparison_due(contribution_id=contribution_id, run=f"{now:%Y-%m-%dT%H}")


def _from(contribution_id: UUID, prepared_id: int) -> list[int]:
    """This object and those after it, if the latest check prepared it."""
    contribution = Contribution.objects.get(pk=contribution_id)
    order = list(prepared_objects(contribution).values_list("pk", flat=True))
    return order[order.index(prepared_id) :] if prepared_id in order else []


def _object_due(contribution_id: UUID, prepared_id: int, run: str) -> None:
    key = f"compare:{contribution_id}:{prepared_id}:{run}"
    enqueue(JOBS[1], key=key, contribution_id=contribution_id, prepared_id=prepared_id, run=run)


def _compare(prepared_id: int, site: Site) -> int:
    """Returns the bytes that were read. Raises _NotLiveError."""
    if ComparedObject.objects.filter(prepared=prepared_id).exists():
        return 0
    me = site.get(prepared_id)
    if me is None:
        raise _NotLiveError
    try:
        records, beyond = _compared(me, site)
    except ObjectNotFoundError:  # it is being erased; of the other objects those that are gone say so themselves
        return 0
    done = {"records": records, "beyond": beyond, "done_at": timezone.now()}
    ComparedObject.objects.update_or_create(prepared=me.prepared, defaults=done)
    return me.prepared.bytes


def _compared(me: Known, site: Site) -> tuple[int, int]:
    """How many records are long enough; how many look similar beyond those looked at."""
    candidates: dict[int, Candidate] = {}
    records = beyond = 0
    for batch, sizes in _indexed(me.prepared):
        records += len(batch.rows)
        for row, places in neighbors(batch, partial(_preferred, me, site)).items():
            if len(candidates) < MOST_CANDIDATES:
                candidates[row] = Candidate(sizes[row], places)
            else:
                beyond += 1
    return records, beyond + pair_up(me, candidates, site)


def _indexed(prepared: PreparedObject) -> Iterator[tuple[Batch, dict[int, int]]]:
    """Every row that is long enough, with about how many characters it is compared by. Raises _NotLiveError."""
    for texts in text_batches(prepared.sha256):
        found, keys = band_keys(texts.texts)
        if not len(found):
            continue
        batch = Batch(prepared, found + texts.first_row, keys)
        if not index(batch):
            raise _NotLiveError
        lengths = np.minimum(pc.binary_length(texts.texts).to_numpy(zero_copy_only=False)[found], MOST_CHARACTERS)
        yield batch, dict(zip(batch.rows.tolist(), lengths.tolist(), strict=True))


def _preferred(me: Known, site: Site, objects: Sequence[int]) -> list[int]:
    """Those of the same dataset first, then the earliest. Of one contribution, later objects look for earlier ones."""
    own = me.prepared.contribution_id
    known = [each for each in site.all(objects) if each.prepared.contribution_id != own or each.rank <= me.rank]
    return [each.prepared.pk for each in sorted(known, key=lambda each: (each.dataset != me.dataset, each.rank))]
