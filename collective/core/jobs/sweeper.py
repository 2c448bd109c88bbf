"""The fast path after any loss: rings again for what is due, and relays the outbox."""

import threading

import structlog
from django.conf import settings
from django.db import OperationalError, close_old_connections
from django.utils import timezone

from collective.core.events import relay
from collective.core.jobs import bell
from collective.core.jobs.periodic import start_due_periods
from collective.core.jobs.queue import due_jobs
from collective.core.models import Heartbeat

log = structlog.get_logger()
SWEEP_LIMIT = 500


def sweep() -> int:
    """One pass. Returns how many bells were rung."""
    Heartbeat.objects.update_or_create(name="sweeper", defaults={"at": timezone.now()})
    start_due_periods()
    relay()
    waiting = list(due_jobs().order_by("due_at").values_list("id", "queue")[:SWEEP_LIMIT])
    for job_id, queue in waiting:
        bell.ring(job_id, queue)
    return len(waiting)


def sweep_forever(stop: threading.Event) -> None:
    """Sweep until told to stop. A database that is away is waited for, not died of."""
    while not stop.is_set():
        close_old_connections()
        try:
            sweep()
        except OperationalError as error:
            log.warning("sweeper.database_away", error=str(error))
        stop.wait(settings.SWEEP_SECONDS)
