"""The one Celery task: open the door and work on the row that was named."""

from uuid import UUID

from celery import shared_task

from collective.core.jobs.queue import run


@shared_task(name="core.run_job")
def run_job(job_id: str) -> None:
    run(UUID(job_id))
