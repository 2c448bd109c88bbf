"""Records with the same values, from record lists alone: inside a contribution, and in what the dataset has already.

Memory is bounded: of more than MOST_AT_ONCE records, those whose hash begins with certain bytes are looked at in one
go, then the next. Sorted by the first eight bytes of the hash; what is equal there is compared whole.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from ingestion.domain.findings import MOST_ROWS
from ingestion.pipeline.records import ENTRY_BYTES, HASH_BYTES, ID_BYTES

Opener = Callable[[], BinaryIO]
# Four words of eight bytes for each record.
Hashes = NDArray[np.uint64]
Rows = NDArray[np.int64]
# A hundred and fifty bytes each while they are sorted.
MOST_AT_ONCE = 600_000
BLOCK_RECORDS = 65_536
FIRST_BYTES = 256


@dataclass(frozen=True)
class Repeated:
    """How many records, and the first MOST_ROWS of them, from 1."""

    count: int = 0
    rows: tuple[int, ...] = ()

    def and_also(self, rows: Rows) -> "Repeated":
        first = sorted([*self.rows, *(np.sort(rows)[:MOST_ROWS] + 1).tolist()])
        return Repeated(self.count + len(rows), tuple(first[:MOST_ROWS]))


@dataclass
class Repeats:
    """Records that are in the contribution a second time, and records that the dataset has from others."""

    inside: Repeated = field(default_factory=Repeated)
    elsewhere: Repeated = field(default_factory=Repeated)


def repeats(own: Sequence[Opener], others: Sequence[Opener], *, most_at_once: int = MOST_AT_ONCE) -> Repeats:
    """`own` are the record lists of the contribution, in order: rows are counted through all of them."""
    counts = sum((_first_bytes(hashes) for hashes in _blocks(own)), np.zeros(FIRST_BYTES, np.int64))
    found = Repeats()
    for low, high in _shares(counts.tolist(), most_at_once):
        _look(found, _within(own, low, high), (hashes for hashes, _ in _within(others, low, high)))
    return found


def _look(found: Repeats, own: Iterator[tuple[Hashes, Rows]], others: Iterator[Hashes]) -> None:
    """Add what repeats among the records of one share."""
    parts = list(own)
    hashes, rows = np.concatenate([each for each, _ in parts]), np.concatenate([each for _, each in parts])
    order = _sorted(hashes)
    hashes, rows = hashes[order], rows[order]
    again = np.concatenate([[False], (hashes[1:] == hashes[:-1]).all(axis=1)])
    found.inside = found.inside.and_also(rows[again])
    different = hashes[~again]
    there = reduce(np.logical_or, (_are_in(different, each) for each in others), np.zeros(len(different), np.bool_))
    found.elsewhere = found.elsewhere.and_also(rows[there[np.cumsum(~again) - 1]])


def _sorted(hashes: Hashes) -> Rows:
    """By the whole hash, and equal ones in their order: two of them rarely begin alike, so most need one word only."""
    order = np.argsort(hashes[:, 0], kind="stable")
    first = hashes[order, 0]
    same = np.flatnonzero(first[1:] == first[:-1])
    unsure = np.union1d(same, same + 1)
    some = order[unsure]
    order[unsure] = some[np.lexsort((some, *hashes[some].T[::-1]))]
    return order


def _are_in(sought: Hashes, given: Hashes) -> NDArray[np.bool_]:
    """Which of the sought, which are sorted and all different, are among the given."""
    found = np.zeros(len(sought), np.bool_)
    left = np.searchsorted(sought[:, 0], given[:, 0], "left")
    right = np.searchsorted(sought[:, 0], given[:, 0], "right")
    while len(given):
        hits = left < right
        left, right, given = left[hits], right[hits], given[hits]
        found[left[(sought[left] == given).all(axis=1)]] = True
        left = left + 1
    return found


def _shares(counts: list[int], most: int) -> Iterator[tuple[int, int]]:
    """Ranges of first bytes with about `most` records each; at least one byte, and no range without records."""
    low = held = 0
    for byte, count in enumerate(counts):
        if held and held + count > most:
            yield low, byte
            low, held = byte, 0
        held += count
    if held:
        yield low, FIRST_BYTES


def _within(lists: Sequence[Opener], low: int, high: int) -> Iterator[tuple[Hashes, Rows]]:
    """The hashes whose first byte is in `[low, high)`, with their rows from 0."""
    before = 0
    for hashes in _blocks(lists):
        first = hashes[:, :1].view(np.uint8)[:, 0]
        rows = np.flatnonzero((first >= low) & (first < high))
        yield hashes[rows], rows + before
        before += len(hashes)


def _first_bytes(hashes: Hashes) -> NDArray[np.int64]:
    return np.bincount(hashes[:, :1].view(np.uint8)[:, 0], minlength=FIRST_BYTES)


def _blocks(lists: Sequence[Opener]) -> Iterator[Hashes]:
    for opener in lists:
        with opener() as stored:
            while block := stored.read(BLOCK_RECORDS * ENTRY_BYTES):
                entries = np.frombuffer(block, np.uint8).reshape(-1, ENTRY_BYTES)
                yield np.ascontiguousarray(entries[:, ID_BYTES:]).view(np.uint64).reshape(-1, HASH_BYTES // 8)
