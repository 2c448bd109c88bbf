"""After a withdrawal: the bytes go, so that an address signed a moment before leads nowhere.

No servable version needs them: each version that held the contribution is withdrawn, and a shard that holds any of it
is never taken over by a patch. Rows that say what there was (names, sizes, hashes) stay as evidence.
"""

from datetime import timedelta
from itertools import chain
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from collective.catalog.models import Contribution, Shard
from collective.core.jobs import enqueue
from collective.core.storage import published
from ingestion.models import Excerpt, Piece, PreparedObject, ShardBuild, Upload, ValidationReport
from ingestion.services.bands import forget_similar
from ingestion.services.barring import keep_out

# A worker that was in the middle of a shard when the withdrawal came may store it after the first pass.
SECOND_LOOK = timedelta(hours=1)


def erasure_due(*, contribution_id: UUID) -> None:
    """Two passes: at once, and when whatever was running has ended."""
    enqueue("ingestion.erase_contribution", key=f"erase:{contribution_id}", contribution_id=contribution_id)
    enqueue(
        "ingestion.erase_contribution",
        key=f"erase:{contribution_id}:again",
        due_at=timezone.now() + SECOND_LOOK,
        contribution_id=contribution_id,
    )


def erase_contribution(*, contribution_id: UUID) -> None:
    """Job: delete its objects, forget its samples and statistics. May run any number of times."""
    contribution = Contribution.objects.get(pk=contribution_id)
    if contribution.state != "withdrawn":
        return
    keep_out(contribution.withdrawals.select_related("contribution").get(is_whole=True))
    for sha256 in erasable_objects(contribution):
        published().delete(sha256)
    _forget_samples(contribution)
    for upload in contribution.uploads.filter(state__in=["open", "expired", "stored", "failed", "quarantined"]):
        drop_upload(upload)


def erasable_objects(contribution: Contribution) -> set[str]:
    """Every object that holds values of its records: prepared or published, with excerpts.

    Record lists are none: by their ids and hashes whoever has a copy knows what to delete.
    """
    shards = Shard.objects.filter(segments__contribution=contribution).values_list("pk", flat=True)
    prepared = PreparedObject.objects.filter(contribution=contribution).values_list("sha256", "stored_sha256")
    excerpts = Excerpt.objects.filter(contribution=contribution).values_list("sha256", flat=True)
    return {*shards, *chain.from_iterable(prepared), *excerpts} - {""}


@transaction.atomic
def _forget_samples(contribution: Contribution) -> None:
    """What was counted and shown of the records. The catalog forgot the version's part when it was withdrawn."""
    forget_similar(contribution)
    ShardBuild.objects.filter(shard__segments__contribution=contribution).update(statistics={}, preview=[])
    PreparedObject.objects.filter(contribution=contribution).update(statistics={}, preview=[])
    Piece.objects.filter(report__contribution=contribution).update(problems=[], warnings=[], findings=[], own_keys={})
    ValidationReport.objects.filter(contribution=contribution).update(
        statistics={}, errors=[], warnings=[], findings=[]
    )


@transaction.atomic
def drop_upload(upload: Upload) -> None:
    upload.transition_to("removed" if upload.state == "stored" else "aborted")
    enqueue("ingestion.drop_upload", key=f"drop:{upload.pk}", upload_id=upload.pk)
