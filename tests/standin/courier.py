"""Webhooks that go out by themselves, for a stand-in that runs as a program."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from tests.standin.standin import Standin

POLL_SECONDS = 0.2


@contextmanager
def delivering(standin: Standin) -> Iterator[None]:
    """What is due is delivered at once, in a thread of its own."""
    stopped = Event()

    def run() -> None:
        while not stopped.wait(POLL_SECONDS):
            standin.deliver()

    thread = Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join(timeout=5)
