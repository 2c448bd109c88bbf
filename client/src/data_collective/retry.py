"""Trying again: with growing pauses, with jitter, and not for ever."""

import random
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from data_collective.errors import NetworkError, PassingError, StoppedError

Result = TypeVar("Result")
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
# A site that has never answered is more likely misspelled than away.
UNKNOWN_SITE_SECONDS = 8.0
_chance = random.SystemRandom()


class Patience:
    """Shared by all threads of a run. `seconds` is how long one request may go on failing."""

    def __init__(self, *, seconds: float, say: Callable[[str], None]) -> None:
        self.seconds, self.say = seconds, say
        self.answered = False
        self.failure: BaseException | None = None
        self._stopped = threading.Event()

    def keep_trying(self, work: Callable[[], Result]) -> Result:
        """The result of `work`, repeated while it raises PassingError. Raises NetworkError, StoppedError."""
        failing_since, attempt = 0.0, 0
        while True:
            self.check()
            try:
                return work()
            except PassingError as error:
                failing_since = failing_since or time.monotonic()
                self._rest(error, failing_since, attempt)
                attempt += 1

    def check(self) -> None:
        """Raises StoppedError once any thread has failed."""
        if self._stopped.is_set():
            raise StoppedError

    def fail(self, error: BaseException) -> None:
        """The first failure is the one that is told; it stops all threads."""
        if not isinstance(error, StoppedError):
            self.failure = self.failure or error
        self._stopped.set()

    def rest(self, seconds: float) -> None:
        self._stopped.wait(seconds)
        self.check()

    def _rest(self, error: PassingError, failing_since: float, attempt: int) -> None:
        pause = max(error.retry_after, pause_before(attempt))
        limit = self.seconds if self.answered else min(self.seconds, UNKNOWN_SITE_SECONDS)
        if time.monotonic() + pause - failing_since > limit:
            raise NetworkError(f"{error} {self._advice()}") from error
        self.say(f"{error} Trying again, for up to {limit:g} seconds.")
        self.rest(pause)

    def _advice(self) -> str:
        if not self.answered:
            return "Check the address of the site (--site) and your network."
        return "Check your network and run the same command again: what has arrived is not sent twice."


def pause_before(attempt: int) -> float:
    """Between half and all of a doubling pause, in seconds, so that many clients do not come back at once."""
    longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(attempt, 10))
    return _chance.uniform(longest / 2, longest)
