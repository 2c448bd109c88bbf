"""Claiming and finishing job rows. Every statement is conditional: SQLite ignores row locks, and nobody needs them."""

import random
import traceback
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from collective.core.errors import DomainError
from collective.core.jobs import bell
from collective.core.jobs.lease import Lease, LeaseLostError, heartbeat
from collective.core.jobs.registry import job_type
from collective.core.models import Job

log = structlog.get_logger()


def enqueue(name: str, *, key: str, due_at: datetime | None = None, **arguments: Any) -> Job:
    """Write down that `name` is owed, in the caller's transaction, and ring the bell once it commits.

    `key` is the business key of the effect: a second call with it returns the first row. Arguments are ids only.
    """
    kind = job_type(name)
    row, created = Job.objects.get_or_create(
        key=key,
        defaults={
            "name": name,
            "arguments": {field: str(value) for field, value in arguments.items()},
            "queue": kind.queue,
            "max_attempts": kind.max_attempts,
            "due_at": due_at or timezone.now(),
        },
    )
    if created and due_at is None:
        transaction.on_commit(lambda: bell.ring(row.id, row.queue), robust=True)
    return row


def due_jobs() -> Any:
    """Rows that somebody should work on now: waiting and due, or held by a lease that ran out."""
    now = timezone.now()
    return Job.objects.filter(Q(state="queued", due_at__lte=now) | Q(state="running", lease_until__lt=now))


def run(job_id: UUID) -> bool:
    """Claim the job and do its work. False: it was not ours to do (done, not due, or under a living lease)."""
    lease = _claim(job_id)
    if lease is None:
        return False
    kind = job_type(lease.name)
    try:
        with heartbeat(lease):
            kind.work(**lease.arguments)
    except LeaseLostError:
        log.warning("job.lease_lost", job=str(job_id), name=lease.name)
    except Exception as error:  # noqa: BLE001 - whatever a job raises is that job's outcome, kept with its row
        _failed(lease, error)
    else:
        _release(lease, state="done", finished_at=timezone.now(), reason="")
    return True


def _claim(job_id: UUID) -> Lease | None:
    now = timezone.now()
    until = now + timedelta(seconds=settings.JOB_LEASE_SECONDS)
    exhausted = due_jobs().filter(pk=job_id, attempts__gte=F("max_attempts")).first()
    if exhausted is not None:
        reason = "The worker was lost on every attempt; the file may be more than it can bear."
        _bury(Lease.of(exhausted), reason, found=exhausted.state)
        return None
    with transaction.atomic():  # so that the fence we read back is the one that we set
        claimed = (
            due_jobs()
            .filter(pk=job_id)
            .update(state="running", lease_until=until, fence=F("fence") + 1, attempts=F("attempts") + 1)
        )
        return Lease.of(Job.objects.get(pk=job_id)) if claimed else None


def _release(lease: Lease, *, found: str = "running", **changes: Any) -> bool:
    """Write the outcome, if the row is still in the state `found` under this lease: the late are not heard."""
    held = Job.objects.filter(pk=lease.job_id, fence=lease.fence, state=found)
    return bool(held.update(lease_until=None, **changes))


def _failed(lease: Lease, error: Exception) -> None:
    # A foreign error's text may quote what it failed on, a person's data or a signed link; its class says enough.
    reason = error.message if isinstance(error, DomainError) else f"An unexpected error: {type(error).__name__}."
    log.error("job.failed", job=str(lease.job_id), name=lease.name, attempt=lease.attempt, trace=_frames(error))
    if lease.attempt >= lease.max_attempts:
        _bury(lease, reason)
    else:
        wait = min(300, 2**lease.attempt) * random.uniform(0.5, 1.5)  # noqa: S311 - jitter, not a secret
        _release(lease, state="queued", due_at=timezone.now() + timedelta(seconds=wait), reason=reason)


def _bury(lease: Lease, reason: str, *, found: str = "running") -> None:
    """Dead, with a reason a person can read; the owner's row is told in the same transaction."""
    with transaction.atomic():
        if _release(lease, found=found, state="dead", finished_at=timezone.now(), reason=reason or "unknown"):
            on_dead = job_type(lease.name).on_dead
            if on_dead is not None:
                on_dead(**lease.arguments, reason=reason)


def _frames(error: Exception) -> list[str]:
    """Where it went wrong, without the values that traceback lines or messages could leak."""
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
