"""The messages of an Arrow IPC stream and what each says it unpacks to, read before Arrow allocates anything for it.

Layout: a mark, the length of the metadata (a flatbuffer, Message.fbs and Schema.fbs of Arrow), the metadata, the body.
In a packed body every buffer begins with its unpacked length.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from os import SEEK_END
from typing import BinaryIO

MARK = b"\xff\xff\xff\xff"
DICTIONARY, BATCH = 2, 3
MOST_METADATA = 16 * 1024**2
NOT_PACKED = -1


class BadFrameError(Exception):
    """The file is no Arrow IPC stream, or is cut off."""


@dataclass(frozen=True)
class Frame:
    """A dictionary or batch: rows, and bytes of its body when unpacked."""

    rows: int
    unpacked: int


def frames(file: BinaryIO) -> Iterator[Frame]:
    """From the place where the file stands to the mark of the end. Raises BadFrameError."""
    try:
        while (metadata := _metadata(file)) is not None:
            message = _Table.root(metadata)
            kind, length = message.number(1, "B"), message.number(3, "q")
            begin = file.tell()
            if kind in (DICTIONARY, BATCH):
                yield _frame(file, message, kind, begin)
            if length < 0:
                raise BadFrameError
            _go(file, begin + length)
    except (struct.error, IndexError) as error:
        raise BadFrameError from error


def _go(file: BinaryIO, place: int) -> None:
    """Raises BadFrameError for a place behind the end of the file, however far a header says."""
    if place > file.seek(0, SEEK_END):
        raise BadFrameError
    file.seek(place)


def _metadata(file: BinaryIO) -> bytes | None:
    mark = file.read(4)
    size = struct.unpack("<I", file.read(4) if mark == MARK else mark or b"\0\0\0\0")[0]
    if size == 0:
        return None
    metadata = file.read(size) if size <= MOST_METADATA else b""
    if len(metadata) != size:
        raise BadFrameError
    return metadata


def _frame(file: BinaryIO, message: "_Table", kind: int, begin: int) -> Frame:
    batch = message.table(2)
    if kind == DICTIONARY:
        batch = batch.table(1)
    packed = batch.has(3)
    unpacked = 0
    for offset, length in batch.pairs(2):
        if offset < 0 or length < 0:
            raise BadFrameError
        size = length
        if packed and length >= 8:
            _go(file, begin + offset)
            size = struct.unpack("<q", file.read(8))[0]
            size = length - 8 if size == NOT_PACKED else size
        if size < 0:
            raise BadFrameError
        unpacked += size
    return Frame(batch.number(0, "q"), unpacked)


class _Table:
    """A table of a flatbuffer: where its fields lie is in a small table before it."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data, self.at = data, at
        self.fields = at - struct.unpack_from("<i", data, at)[0]
        if self.fields < 0 or at < 0:
            raise BadFrameError
        self.fields_size = struct.unpack_from("<H", data, self.fields)[0]

    @classmethod
    def root(cls, data: bytes) -> "_Table":
        return cls(data, struct.unpack_from("<I", data, 0)[0])

    def has(self, field: int) -> bool:
        return self._place(field) != 0

    def number(self, field: int, kind: str) -> int:
        place = self._place(field)
        return int(struct.unpack_from(f"<{kind}", self.data, self.at + place)[0]) if place else 0

    def table(self, field: int) -> "_Table":
        return _Table(self.data, self._behind(field))

    def pairs(self, field: int) -> Iterator[tuple[int, int]]:
        """A vector of two numbers of eight bytes each."""
        if not self.has(field):
            return
        start = self._behind(field)
        count = struct.unpack_from("<I", self.data, start)[0]
        yield from struct.iter_unpack("<qq", self.data[start + 4 : start + 4 + 16 * count])

    def _behind(self, field: int) -> int:
        place = self.at + self._place(field)
        return int(place + struct.unpack_from("<I", self.data, place)[0])

    def _place(self, field: int) -> int:
        entry = 4 + 2 * field
        if entry + 2 > self.fields_size:
            return 0
        return int(struct.unpack_from("<H", self.data, self.fields + entry)[0])
