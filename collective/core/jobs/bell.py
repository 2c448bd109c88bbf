"""The doorbell: tells a worker that a row waits. Losing a ring delays work until the sweeper rings again."""

from uuid import UUID

import structlog
from celery import current_app
from kombu.exceptions import OperationalError

log = structlog.get_logger()


def ring(job_id: UUID, queue: str) -> None:
    try:
        current_app.send_task("core.run_job", args=[str(job_id)], queue=queue)
    except (OperationalError, OSError) as error:
        log.warning("bell.silent", job=str(job_id), error=type(error).__name__)
