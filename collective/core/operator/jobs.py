"""What the queue looks like, and a second chance for dead jobs."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Count, Min, QuerySet
from django.utils import timezone

from collective.core import audit
from collective.core.errors import ConflictError, InvalidError, NotFoundError
from collective.core.jobs import bell
from collective.core.models import Heartbeat, Job, OutboxEvent

DEAD_LIMIT = 100


class NotDeadError(ConflictError):
    code = "job_not_dead"
    text = "This job is not dead any more; there is nothing to try again."


class NoReasonError(InvalidError):
    code = "no_reason"
    text = "Write in a few words why the job may succeed now. It is kept in the audit trail."


@dataclass(frozen=True)
class QueueState:
    """`oldest_due_at` is when the longest waiting job should have begun; None when nothing waits."""

    counts: dict[str, int]
    oldest_due_at: datetime | None
    unrelayed_events: int
    heartbeats: list[Heartbeat]


def queue_state() -> QueueState:
    counts = dict(Job.objects.values_list("state").annotate(Count("id")).order_by("state"))
    return QueueState(
        counts={state: counts.get(state, 0) for state in ("queued", "running", "dead", "done")},
        oldest_due_at=Job.objects.filter(state="queued").aggregate(oldest=Min("due_at"))["oldest"],
        unrelayed_events=OutboxEvent.objects.filter(relayed_at=None).count(),
        heartbeats=list(Heartbeat.objects.order_by("name")),
    )


def dead_jobs() -> "QuerySet[Job]":
    """The latest deaths first."""
    return Job.objects.filter(state="dead").order_by("-finished_at", "-id")[:DEAD_LIMIT]


@transaction.atomic
def retry_job(*, actor: AbstractBaseUser, job_id: UUID, reason: str) -> Job:
    """Queue a dead job again with all its attempts. Its old reason stays in the audit trail."""
    job = Job.objects.filter(pk=job_id).first()
    if job is None:
        raise NotFoundError
    if not reason.strip():
        raise NoReasonError
    alive = {"state": "queued", "attempts": 0, "due_at": timezone.now(), "finished_at": None}
    if not Job.objects.filter(pk=job_id, state="dead").update(**alive):
        raise NotDeadError
    audit.record(actor=actor, action="core.job_retried", obj=job, reason=reason.strip(), died_of=job.reason[:500])
    transaction.on_commit(lambda: bell.ring(job.pk, job.queue))
    return job
