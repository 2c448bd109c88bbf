"""A few threads that send at the same time."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from data_collective.retry import Patience

Result = TypeVar("Result")


class Crew:
    """The first error of anybody stops everybody; `patience.failure` keeps it."""

    def __init__(self, *, hands: int, patience: Patience) -> None:
        self.patience = patience
        self._pool = ThreadPoolExecutor(hands)
        # Whoever reads ahead waits here, so that hashing a large file does not run away from sending it.
        self._room = threading.Semaphore(2 * hands)

    def give(self, work: Callable[[], Result]) -> "Future[Result]":
        self._room.acquire()
        return self._pool.submit(self._perform, work)

    def _perform(self, work: Callable[[], Result]) -> Result:
        try:
            self.patience.check()
            return work()
        except BaseException as error:
            self.patience.fail(error)
            raise
        finally:
            self._room.release()


def finish(given: "Iterable[Future[Result]]") -> list[Result]:
    """Waits for all of it. Raises what one of them raised."""
    return [each.result() for each in given]
