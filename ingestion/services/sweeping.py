"""What nobody takes up again goes: first out of the way, then out of the store. And bytes that belong to no upload."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from collective.core import audit
from collective.core.jobs import enqueue
from collective.core.storage import incoming
from collective.core.storage.base import Leftover
from collective.core.storage.keys import KEPT
from ingestion.models import StoreSweep, Upload

LOOKED_UP_AT_ONCE = 500
NAMED_IN_AUDIT = 100
FORGOTTEN = ("expired", "failed", "quarantined")


def sweep_uploads() -> None:
    """Job, hourly: put away what rests, and forget what was put away, failed or found bad, and nobody came back to."""
    put_away = timezone.now() - timedelta(days=settings.UPLOAD_EXPIRES_DAYS)
    forgotten = put_away - timedelta(days=settings.UPLOAD_RESTORE_DAYS)
    for upload in Upload.objects.filter(state="open", active_at__lt=put_away).iterator():
        _expire(upload)
    for upload in Upload.objects.filter(state__in=FORGOTTEN, active_at__lt=forgotten).iterator():
        _forget(upload)


def sweep_store() -> None:
    """Job, daily: remove old bytes that no upload knows of, such as parts that arrived after their upload was dropped.

    An upload's row is written before its bytes, and what is young is not looked at, so nothing wanted is missed.
    """
    store, removed, seen = incoming(), [], 0
    before = timezone.now() - timedelta(hours=settings.UPLOAD_ORPHAN_HOURS)
    for some in _in_groups(store.older_than(before)):
        seen += len(some)
        for leftover in _unknown(some):
            store.discard(leftover)
            removed.append(leftover)
    with transaction.atomic():
        sweep = StoreSweep.objects.create(seen=seen, removed=len(removed))
        if removed:
            named = [leftover.key or leftover.storage_id for leftover in removed[:NAMED_IN_AUDIT]]
            audit.record(actor=None, action="ingestion.orphans_removed", obj=sweep, count=len(removed), first=named)


@transaction.atomic
def _expire(upload: Upload) -> None:
    upload.transition_to("expired")
    audit.record(actor=None, action="ingestion.upload_expired", obj=upload)


@transaction.atomic
def _forget(upload: Upload) -> None:
    upload.transition_to("aborted", problem=upload.problem or "Nothing arrived for too long.")
    enqueue("ingestion.drop_upload", key=f"drop:{upload.pk}", upload_id=upload.pk)
    audit.record(actor=None, action="ingestion.upload_forgotten", obj=upload)


def _in_groups(leftovers: Iterator[Leftover]) -> Iterator[list[Leftover]]:
    while some := list(islice(leftovers, LOOKED_UP_AT_ONCE)):
        yield some


def _unknown(leftovers: Iterable[Leftover]) -> list[Leftover]:
    """Those whose upload is not there, or has ended and counts no more. A draft has no upload in any case."""
    keys = {each.key for each in leftovers if each.kind == "object"}
    ids = {each.storage_id for each in leftovers if each.kind == "parts"}
    known = Upload.objects.filter(Q(key__in=keys) | Q(storage_id__in=ids), dropped_at=None)
    wanted = {name for pair in known.values_list("key", "storage_id") for name in pair}
    loose = [each for each in leftovers if not each.key.startswith(f"{KEPT}/")]
    return [each for each in loose if each.kind == "draft" or (each.storage_id or each.key) not in wanted]
