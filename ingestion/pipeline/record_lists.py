"""Looking records up in a record list: many at once, in one pass."""

import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np

from ingestion.pipeline.records import ENTRY_BYTES, ID_BYTES

BLOCK_ENTRIES = 65_536
# So many are looked up in the database with one question.
BLOCK_HASHES = 5_000


@dataclass(frozen=True)
class Entry:
    """`row` counts from 0; `sha256` is the hash of the record's values."""

    record_id: bytes
    sha256: bytes
    row: int


def entries_of(records: BinaryIO, wanted: Collection[bytes]) -> list[Entry]:
    """Those that the list has, in its order. Stops when all are found."""
    ids = set(wanted)
    beginnings = np.unique(np.frombuffer(b"".join(each[:8] for each in ids), np.uint64))
    found: list[Entry] = []
    before = 0
    while len(found) < len(ids) and (block := records.read(BLOCK_ENTRIES * ENTRY_BYTES)):
        lines = np.frombuffer(block, np.uint8).reshape(-1, ENTRY_BYTES)
        first = np.ascontiguousarray(lines[:, :8]).view(np.uint64)[:, 0]
        for at in np.flatnonzero(np.isin(first, beginnings)).tolist():
            entry = _entry(block, at, before)
            if entry.record_id in ids:
                found.append(entry)
        before += len(lines)
    return found


def ids_from(records: BinaryIO, first_row: int, count: int) -> Iterator[str]:
    """Of `count` rows, as many as there are; in hex."""
    records.seek(first_row * ENTRY_BYTES)
    block = records.read(count * ENTRY_BYTES)
    for at in range(0, len(block), ENTRY_BYTES):
        yield block[at : at + ID_BYTES].hex()


def hash_blocks(records: BinaryIO) -> Iterator[list[bytes]]:
    """The hashes of all records in their order, BLOCK_HASHES at a time."""
    while block := records.read(BLOCK_HASHES * ENTRY_BYTES):
        yield [block[at + ID_BYTES : at + ENTRY_BYTES] for at in range(0, len(block), ENTRY_BYTES)]


def without_rows(records: BinaryIO, rows: Collection[int]) -> BinaryIO:
    """In memory: 48 bytes for each record that is left."""
    lines = np.frombuffer(records.read(), np.uint8).reshape(-1, ENTRY_BYTES)
    return io.BytesIO(np.delete(lines, sorted(rows), axis=0).tobytes())


def _entry(block: bytes, at: int, before: int) -> Entry:
    line = block[at * ENTRY_BYTES : (at + 1) * ENTRY_BYTES]
    return Entry(line[:ID_BYTES], line[ID_BYTES:], before + at)
