"""The fast path after any loss: rings again for what is due, and relays the outbox."""

import threading
import time
from uuid import UUID

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone

from collective.core.events import relay
from collective.core.jobs import bell
from collective.core.jobs.periodic import start_due_periods
from collective.core.jobs.queue import due_jobs
from collective.core.models import Heartbeat

log = structlog.get_logger()
SWEEP_LIMIT = 500
RING_AGAIN_SECONDS = 60


class Rung:
    """Which bells rang lately. A job that waits for a busy worker needs no second ring every few seconds."""

    def __init__(self) -> None:
        self._at: dict[tuple[UUID, int], float] = {}

    def is_silent(self, job_id: UUID, fence: int) -> bool:
        """True the first time, after every attempt (the fence has grown), and again when much time has passed."""
        return time.monotonic() - self._at.get((job_id, fence), float("-inf")) > RING_AGAIN_SECONDS

    def note(self, job_id: UUID, fence: int) -> None:
        self._at[job_id, fence] = time.monotonic()

    def forget_old(self) -> None:
        oldest = time.monotonic() - RING_AGAIN_SECONDS
        self._at = {key: at for key, at in self._at.items() if at > oldest}


def sweep(rung: Rung | None = None) -> int:
    """One pass. Returns how many bells were rung."""
    rung = rung or Rung()
    Heartbeat.objects.update_or_create(name="sweeper", defaults={"at": timezone.now()})
    start_due_periods()
    relay()
    rung.forget_old()
    waiting = due_jobs().order_by("due_at").values_list("id", "fence", "queue")[:SWEEP_LIMIT]
    count = 0
    for job_id, fence, queue in list(waiting):
        if rung.is_silent(job_id, fence):
            if not bell.ring(job_id, queue):
                break  # the broker is away: the next sweep tries again
            rung.note(job_id, fence)
            count += 1
    return count


def sweep_forever(stop: threading.Event) -> None:
    """Sweep until told to stop. A database that is away is waited for, not died of."""
    rung = Rung()
    while not stop.is_set():
        close_old_connections()
        try:
            sweep(rung)
        except (OperationalError, InterfaceError) as error:
            log.warning("sweeper.database_away", error=type(error).__name__)
        stop.wait(settings.SWEEP_SECONDS)
