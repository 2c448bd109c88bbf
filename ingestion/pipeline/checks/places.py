"""Where in a run of bytes it pays to look closer: a few passes of byte arithmetic, about 0.1 ms per MB each.

A place is a hint: there may be too many (that depends on how texts lie in memory), but none is ever missing. So whoever
looks closer decides by the text alone.
"""

from dataclasses import dataclass

import numpy as np

Places = np.ndarray[tuple[int], np.dtype[np.int64]]
Bytes = np.ndarray[tuple[int], np.dtype[np.uint8]]
Marks = np.ndarray[tuple[int], np.dtype[np.bool_]]

# Much more falls out of the caches together with what is computed from it; much less pays for the calls of numpy.
BLOCK = 1 << 19
WIDTH = 16
FOUR = np.uint32(0x01010101)
TWO_DASHES = np.uint16(0x2D2D)
# Six digits in nine bytes: what every number that we look for has somewhere.
DENSE_DIGITS, DENSE_BYTES = 6, 9
# Printable ASCII without a space, as keys are. A token of this length holds four aligned words of four bytes.
LONG_TOKEN = 19


@dataclass(frozen=True)
class Sights:
    """Where in the bytes, ascending.

    `digits`: windows of WIDTH bytes with DENSE_DIGITS digits; every DENSE_BYTES that hold so many lie in one of them.
    `tokens`: windows of WIDTH bytes inside a token of at least LONG_TOKEN bytes; every such token has one.
    `dashes`: four of them; every run of five has such a place.
    `at_signs`: every “@” between two bytes that an address may have there.
    """

    digits: Places
    tokens: Places
    dashes: Places
    at_signs: Places


class Lookout:
    """Holds the memory that the passes work in, so that it is asked for once."""

    def __init__(self) -> None:
        self._block = np.zeros(BLOCK + 3 * WIDTH, np.uint8)
        self._other = np.zeros_like(self._block)
        self._marks = np.zeros(len(self._block), np.bool_)

    def look(self, data: Bytes) -> Sights:
        finders = (self._digits, self._tokens, self._dashes, self._at_signs)
        parts: list[list[Places]] = [[np.zeros(0, np.int64)] for _ in finders]
        for start in range(0, len(data), BLOCK):
            length = self._load(data[start : start + BLOCK + WIDTH])
            for kept, finder in zip(parts, finders, strict=True):
                places = finder(length)
                if len(places):
                    # Each block looks a little into the next, and keeps the places that begin in its own part.
                    kept.append(places[places < BLOCK] + start)
        digits, tokens, dashes, at_signs = map(np.concatenate, parts)
        return Sights(digits, tokens, dashes, _between_address_bytes(data, at_signs))

    def _load(self, part: Bytes) -> int:
        """Whole words, and a window for the last of them; zero is neither digit nor printable."""
        length = (len(part) + 7) // 8 * 8 + WIDTH
        self._block[: len(part)] = part
        self._block[len(part) : length] = 0
        return length

    def _digits(self, length: int) -> Places:
        counts = np.bitwise_count(np.packbits(self._between(ord("0"), 10, length)))
        return _where(counts[:-1] + counts[1:] >= DENSE_DIGITS) * 8

    def _tokens(self, length: int) -> Places:
        full = self._between(ord("!"), 94, length).view(np.uint32) == FOUR
        pairs = full[:-1] & full[1:]
        return _where(pairs[:-2] & pairs[2:]) * 4

    def _dashes(self, length: int) -> Places:
        pairs = self._block[:length].view(np.uint16) == TWO_DASHES
        return _where(pairs[:-1] & pairs[1:]) * 2

    def _at_signs(self, length: int) -> Places:
        return _where(np.equal(self._block[:length], ord("@"), out=self._marks[:length]))

    def _between(self, first: int, count: int, length: int) -> Marks:
        """Which bytes of the block are among `count` from `first` on: smaller ones wrap around and become large."""
        moved = np.subtract(self._block[:length], np.uint8(first), out=self._other[:length])
        return np.less(moved, np.uint8(count), out=self._marks[:length])


def _where(marks: Marks) -> Places:
    # Mostly there is nothing, and `any` is much faster than looking for the places.
    return np.flatnonzero(marks) if marks.any() else np.zeros(0, np.int64)


def _between_address_bytes(data: Bytes, places: Places) -> Places:
    inner = places[(places > 0) & (places < len(data) - 1)]
    return inner[ADDRESS_BYTE[data[inner - 1]] & ADDRESS_BYTE[data[inner + 1]]]


def _address_bytes() -> Marks:
    plain = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+%"
    table = np.arange(256) >= 0x80
    table[np.frombuffer(plain, np.uint8)] = True
    return table


ADDRESS_BYTE = _address_bytes()
