"""The doorbell: tells a worker that a row waits. Losing a ring delays work until the sweeper rings again."""

from uuid import UUID

import structlog
from celery import current_app
from django.conf import settings
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

log = structlog.get_logger()
# One second try, for a connection that went stale in the pool: a web request does not wait for a broker.
RETRY = {"max_retries": 1, "interval_start": 0, "interval_step": 0}


def ring(job_id: UUID, queue: str) -> bool:
    """False if the broker did not take it. The job may take as long as its queue allows."""
    most = settings.TASK_SECONDS[queue]
    try:
        current_app.send_task(
            "core.run_job",
            args=[str(job_id)],
            queue=queue,
            time_limit=most,
            soft_time_limit=int(0.9 * most),
            retry=True,
            retry_policy=RETRY,
        )
    except (OperationalError, RedisError, OSError) as error:
        log.warning("bell.silent", job=str(job_id), error=type(error).__name__)
        return False
    return True
