"""Background work: `enqueue` by name, `@job` to register, `every` for periods."""

from collective.core.jobs.periodic import every
from collective.core.jobs.queue import enqueue, run
from collective.core.jobs.registry import job

__all__ = ["enqueue", "every", "job", "run"]
