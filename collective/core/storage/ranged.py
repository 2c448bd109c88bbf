"""A seekable file over ranged reads, so that pyarrow reads a remote object like a local one."""

import io
from collections.abc import Callable
from typing import BinaryIO

from collective.core.errors import UnavailableError

BUFFER = 8 * 1024 * 1024
ATTEMPTS = 3
Read = Callable[[int, int], bytes]


class RangedFile(io.RawIOBase):
    """`read(first, last)` returns these bytes, both ends included. A body cut short is asked for again."""

    def __init__(self, read: Read, size: int) -> None:
        self._read, self._size, self._at = read, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # the stub's Buffer has no length
        wanted = min(len(buffer), self._size - self._at)
        if wanted <= 0:
            return 0
        data = self._fetch(self._at, self._at + wanted - 1)
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def _fetch(self, first: int, last: int) -> bytes:
        """botocore does not repeat a request whose body breaks off (measured), so this does."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                data = self._read(first, last)
            except UnavailableError:
                if attempt == ATTEMPTS:
                    raise
            else:
                if len(data) == last - first + 1:
                    return data
        raise UnavailableError


def reader(read: Read, size: int) -> BinaryIO:
    return io.BufferedReader(RangedFile(read, size), buffer_size=BUFFER)
