"""The right to work on a job for a while, and the thread that keeps extending it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self
from uuid import UUID

import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from collective.core.models import Job

log = structlog.get_logger()


class LeaseLostError(Exception):
    """Somebody else holds this job now: whatever we did must not be written."""


@dataclass(frozen=True)
class Lease:
    job_id: UUID
    name: str
    arguments: dict[str, Any]
    fence: int
    attempt: int
    max_attempts: int

    @classmethod
    def of(cls, row: Job) -> Self:
        return cls(row.id, row.name, row.arguments, row.fence, row.attempts, row.max_attempts)

    def extend(self) -> bool:
        until = timezone.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)
        held = Job.objects.filter(pk=self.job_id, fence=self.fence, state="running")
        return bool(held.update(lease_until=until))


@contextmanager
def heartbeat(lease: Lease) -> Iterator[None]:
    """Extend the lease at a third of its length while the body runs; raise LeaseLostError after it if it was lost."""
    stop, lost = threading.Event(), threading.Event()

    def beat() -> None:
        try:
            while not stop.wait(settings.JOB_LEASE_SECONDS / 3):
                try:
                    held = lease.extend()
                except DatabaseError as error:
                    # Away for a moment: if it stays away the lease runs out, and the fence keeps us from writing.
                    log.warning("lease.database_away", job=str(lease.job_id), error=type(error).__name__)
                    continue
                if not held:
                    lost.set()
                    return
        finally:
            connection.close()

    thread = threading.Thread(target=beat, name=f"lease-{lease.job_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
    if lost.is_set():
        raise LeaseLostError(lease.name)
