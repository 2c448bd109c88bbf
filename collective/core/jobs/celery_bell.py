"""The one Celery task: open the door and work on the row that was named. And the worker's sign of life."""

import time
from typing import Any
from uuid import UUID

import structlog
from celery import shared_task
from celery.signals import heartbeat_sent, worker_process_init
from django.db import DatabaseError, connection
from django.utils import timezone

from collective.core.jobs.queue import run
from collective.core.models import Heartbeat
from collective.core.supervision.leash import tie_to_parent

log = structlog.get_logger()
BEAT_SECONDS = 10
_last_beat = float("-inf")


@shared_task(name="core.run_job")
def run_job(job_id: str) -> None:
    run(UUID(job_id))


@heartbeat_sent.connect
def tell_that_the_worker_lives(**_: Any) -> None:
    """Called every two seconds in the worker's main process while it is connected to the broker, however busy it is."""
    global _last_beat  # noqa: PLW0603 - one clock per process
    if time.monotonic() - _last_beat < BEAT_SECONDS:
        return
    _last_beat = time.monotonic()
    try:
        Heartbeat.objects.update_or_create(name="worker", defaults={"at": timezone.now()})
    except DatabaseError as error:
        log.warning("worker.database_away", error=type(error).__name__)
    finally:
        connection.close()  # the main process forks: a child must not inherit an open connection


@worker_process_init.connect
def die_with_the_worker(**_: Any) -> None:
    """A pool process whose worker was killed would go on with a job that its successor takes up again."""
    tie_to_parent()
