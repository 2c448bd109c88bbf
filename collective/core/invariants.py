"""What must never be false (domain.md §4), as functions that return what is false now. `manage.py audit` runs them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.migrations.loader import MigrationLoader
from django.db.models import Q
from django.utils import timezone

from collective.core.audit import broken_links
from collective.core.db.triggers import missing_triggers
from collective.core.models import AuditHead, Job, OutboxEvent

Check = Callable[[], Iterable[str]]


@dataclass(frozen=True)
class Invariant:
    id: str
    statement: str
    check: Check


_invariants: list[Invariant] = []
STUCK_AFTER = timedelta(minutes=5)


def invariant(id_: str, statement: str) -> Callable[[Check], Check]:
    """Register a check in an app's `invariants.py`. It yields one sentence per violation."""

    def register(check: Check) -> Check:
        _invariants.append(Invariant(id_, statement, check))
        return check

    return register


def invariants() -> list[Invariant]:
    return sorted(_invariants, key=lambda each: each.id)


@invariant("D5", "the guards that migrations created are still in the database")
def guards_are_in_place() -> Iterable[str]:
    MigrationLoader(None)  # importing the migrations is what tells us which triggers to expect
    yield from (f"trigger {name} is missing" for name in missing_triggers())


@invariant("D7", "the audit trail is one unbroken chain per stream")
def audit_chain_is_whole() -> Iterable[str]:
    for stream in AuditHead.objects.values_list("stream", flat=True):
        yield from broken_links(stream)


@invariant("D9", "no job is lost or stuck")
def no_job_is_stuck() -> Iterable[str]:
    late = timezone.now() - STUCK_AFTER
    stuck = Job.objects.filter(Q(state="running", lease_until__lt=late) | Q(state="queued", due_at__lt=late))
    yield from (f"job {row.id} {row.name} is {row.state} since {row.due_at:%H:%M}" for row in stuck)


@invariant("D9", "no event waits unrelayed")
def no_event_waits() -> Iterable[str]:
    late = timezone.now() - STUCK_AFTER
    for row in OutboxEvent.objects.filter(relayed_at=None, created_at__lt=late):
        yield f"event {row.id} {row.topic} was never relayed"
