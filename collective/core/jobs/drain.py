"""Doing all the work that is due in this process: for commands that run without workers, and for tests."""

from collective.core.events import relay
from collective.core.jobs.queue import due_jobs, run

ROUNDS = 200


class StillBusyError(Exception):
    """Work kept making work; something asks for itself again and again."""


def drain() -> list[str]:
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
    raise StillBusyError(f"after {ROUNDS} rounds jobs still wait; the last were {done[-10:]}")
