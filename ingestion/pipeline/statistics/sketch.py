"""Quantiles from counts in buckets whose width grows with the value, so that the error is relative and bounded.

A bucket is the first bits of a double. With more than MOST_BUCKETS in use, all buckets are joined in pairs, which
takes one bit away. How often that happens follows from the values alone, so sketches of parts, added in any order,
are the sketch of the whole, and no library's logarithm decides about a bucket.
"""

from collections.abc import Iterator
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from ingestion.pipeline.statistics.parsing import Totals, checked_count, count_of

MOST_BUCKETS = 256
# The sign is kept apart; of 52 bits of the mantissa, 8 are left.
DROPPED_BITS = 44
KEPT_BITS = 8
KEY_BITS = 63 - DROPPED_BITS
# Here at most 2 * 128 buckets are left.
MOST_LEVEL = 12
WIDEST_SPAN = 1 << 16


class Sketch:
    def __init__(self, level: int = 0, buckets: dict[int, int] | None = None) -> None:
        self.level = level
        self.buckets = buckets if buckets is not None else {}

    @property
    def error(self) -> float:
        """How far a quantile may be from a true value, as a part of that value."""
        return 2.0 ** (self.level - KEPT_BITS - 1)

    def see(self, values: NDArray[np.float64]) -> None:
        """Finite values."""
        if not values.size:
            return
        bits = np.abs(values).view(np.int64) >> (DROPPED_BITS + self.level)
        keys = np.where(values < 0, ~bits, bits)
        keys, counts = _counted(keys)
        level = self.level
        while keys.size > MOST_BUCKETS:
            keys, counts, level = *_paired(keys, counts), level + 1
        self.add(Sketch(level, dict(zip(keys.tolist(), counts.tolist(), strict=True))))

    def add(self, other: "Sketch") -> None:
        level = max(self.level, other.level)
        self.buckets = _at_level(self, level)
        for key, count in _at_level(other, level).items():
            self.buckets[key] = self.buckets.get(key, 0) + count
        self.level = level
        self._join()

    def spread(self) -> Iterator[tuple[float, float, int]]:
        """(from, to, count) of each bucket, from the lowest."""
        for key in sorted(self.buckets):
            low, high = _edges(key if key >= 0 else ~key, self.level)
            yield (low, high, self.buckets[key]) if key >= 0 else (-high, -low, self.buckets[key])

    def as_json(self) -> Totals:
        keys = sorted(self.buckets)
        gaps = [*keys[:1], *(after - before for before, after in pairwise(keys))]
        return {"level": self.level, "gaps": gaps, "counts": [self.buckets[key] for key in keys]}

    @classmethod
    def from_json(cls, data: Totals) -> "Sketch":
        """Raises ValueError."""
        level, gaps, counts = count_of(data, "level"), data.get("gaps", []), data.get("counts", [])
        if level > MOST_LEVEL or not isinstance(gaps, list) or not isinstance(counts, list):
            raise ValueError("not a sketch")
        if len(gaps) != len(counts) or len(gaps) > MOST_BUCKETS or any(type(gap) is not int for gap in gaps):
            raise ValueError("not a sketch")
        keys = list(accumulate(gaps))
        if any(not -1 << KEY_BITS <= key << level < 1 << KEY_BITS for key in keys):
            raise ValueError("not a sketch")
        return cls(level, dict(zip(keys, map(checked_count, counts), strict=True)))

    def _join(self) -> None:
        while len(self.buckets) > MOST_BUCKETS:
            self.buckets = _at_level(self, self.level + 1)
            self.level += 1


def _at_level(sketch: Sketch, level: int) -> dict[int, int]:
    """Shifting a negative key to the right joins the same pairs as on the other side of zero."""
    joined: dict[int, int] = {}
    for key, count in sketch.buckets.items():
        wider = key >> (level - sketch.level)
        joined[wider] = joined.get(wider, 0) + count
    return joined


def _edges(key: int, level: int) -> tuple[float, float]:
    shift = DROPPED_BITS + level
    highest = np.finfo(np.float64).max.view(np.int64)
    edges = np.array([key << shift, min((key + 1) << shift, int(highest))], dtype=np.int64).view(np.float64)
    return float(edges[0]), float(edges[1])


def _counted(keys: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Different keys in order, and how often each occurs."""
    lowest = int(keys.min())
    if int(keys.max()) - lowest >= WIDEST_SPAN:
        return np.unique(keys, return_counts=True)
    counts = np.bincount(keys - lowest)  # counting is faster than sorting
    found = np.flatnonzero(counts)
    return found + lowest, counts[found]


def _paired(keys: NDArray[np.int64], counts: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    wider = keys >> 1
    firsts = np.flatnonzero(np.diff(wider, prepend=wider[0] - 1))
    return wider[firsts], np.add.reduceat(counts, firsts)
