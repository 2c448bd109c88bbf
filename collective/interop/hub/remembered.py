"""What is said of a commit and can never change, kept in this process as it goes over the wire.

Whether it may be said to somebody now is decided before, for each request: nothing here knows of people, licenses or
withdrawals. The oldest unused answers make room.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

MOST_BYTES = 32 * 1024**2
# What an answer takes beside its bytes, so that many empty ones do not fill the memory either.
EACH = 1024


class Remembered:
    """Least recently used goes first. An answer that alone fills a quarter is not kept."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most, self._held = most_bytes, 0
        self._answers: OrderedDict[Hashable, bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], bytes]) -> bytes:
        """`key`, which is short, names the version and all that the answer depends on. Two at once may both make it."""
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key]
        answer = make()
        if len(answer) <= self._most // 4:
            self._keep(key, answer)
        return answer

    def _keep(self, key: Hashable, answer: bytes) -> None:
        with self._lock:
            if key not in self._answers:
                self._answers[key] = answer
                self._held += len(answer) + EACH
            while self._held > self._most:
                _, oldest = self._answers.popitem(last=False)
                self._held -= len(oldest) + EACH


answers = Remembered()
