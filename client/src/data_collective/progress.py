"""How far it is: bytes, rate, time left. On a terminal only; what is said goes anywhere."""

import threading
from typing import TextIO

from tqdm import tqdm

from data_collective.words import printable


class Progress:
    def __init__(self, *, total: int, stream: TextIO) -> None:
        self._lock = threading.Lock()
        self._stream = stream
        self._last = ""
        self._bar = tqdm(
            total=total, unit="B", unit_scale=True, file=stream, disable=not stream.isatty(), dynamic_ncols=True
        )

    def advance(self, count: int) -> None:
        with self._lock:
            self._bar.update(count)

    def present(self, count: int) -> None:
        """Bytes that the site has already: they are done, and say nothing about the rate."""
        with self._lock:
            if self._bar.disable:
                return
            self._bar.initial += count
            self._bar.last_print_n += count
            self._bar.n += count
            self._bar.refresh()

    def say(self, text: str) -> None:
        """A line above the bar; several threads with the same trouble say it once."""
        with self._lock:
            if text != self._last:
                tqdm.write(printable(text), file=self._stream)
                self._last = text

    def close(self) -> None:
        with self._lock:
            self._bar.close()
