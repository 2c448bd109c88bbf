"""Doing the work that a test's actions left behind, in the test's own process."""

from collective.core.events import relay
from collective.core.jobs import run
from collective.core.jobs.queue import due_jobs

ROUNDS = 200


def run_all_jobs() -> list[str]:
    """Relay events and run due jobs until none is left; returns their names in order.

    A job that fails waits for its next attempt, which is not due yet: it stays behind, with its reason.
    """
    done: list[str] = []
    for _ in range(ROUNDS):
        relay()
        waiting = list(due_jobs().order_by("due_at", "id").values_list("id", "name"))
        if not waiting:
            return done
        done += [name for job_id, name in waiting if run(job_id)]
    raise AssertionError(f"after {ROUNDS} rounds jobs still wait: {done[-10:]}")
