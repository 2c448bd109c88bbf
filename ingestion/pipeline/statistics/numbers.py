"""Numbers and lengths: extremes, mean, deviation, quantiles, and a histogram of ten bars."""

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ingestion.pipeline.statistics.exact import UNIT_BITS, ExactSum
from ingestion.pipeline.statistics.parsing import Totals, count_of, object_of
from ingestion.pipeline.statistics.sketch import Sketch

QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
BARS = 10
# Values wait until there are so many: a call of numpy costs as much as a thousand values.
WAITING = 1 << 16
# Squares of larger numbers pass the largest double.
LARGEST_SQUARED = 1e150
SMALL = 1 << 23
LARGEST_WHOLE = 1 << 64


class Numbers:
    """`whole`: integers. What is no number (NaN) and infinite numbers are counted apart."""

    def __init__(self, *, whole: bool) -> None:
        self.whole = whole
        self.finite = self.nan = self.infinite = 0
        self.low: Any = None
        self.high: Any = None
        self.total, self.squares, self.sketch = ExactSum(), ExactSum(), Sketch()
        self._waiting: list[NDArray[Any]] = []
        self._waiting_count = 0

    def see(self, values: pa.Array) -> None:
        """Without nulls."""
        self.see_numbers(np.asarray(values))

    def see_numbers(self, values: NDArray[Any]) -> None:
        self._waiting.append(values.copy())  # or the whole batch would wait
        self._waiting_count += values.size
        if self._waiting_count >= WAITING:
            self.flush()

    def flush(self) -> None:
        waiting, self._waiting, self._waiting_count = self._waiting, [], 0
        if not waiting:
            return
        together = np.concatenate(waiting)
        for start in range(0, together.size, WAITING):
            self._count(together[start : start + WAITING])

    def add(self, other: "Numbers") -> None:
        self.flush()
        other.flush()
        self.whole = self.whole and other.whole
        self.finite, self.nan, self.infinite = (
            self.finite + other.finite,
            self.nan + other.nan,
            self.infinite + other.infinite,
        )
        self._widen(other.low, other.high)
        self.total.add(other.total)
        self.squares.add(other.squares)
        self.sketch.add(other.sketch)

    def as_json(self) -> Totals:
        self.flush()
        return {
            "whole": self.whole,
            "finite": self.finite,
            "nan": self.nan,
            "infinite": self.infinite,
            "low": self.low,
            "high": self.high,
            "total": self.total.as_json(),
            "squares": self.squares.as_json(),
            "sketch": self.sketch.as_json(),
        }

    @classmethod
    def from_json(cls, data: Totals) -> "Numbers":
        """Raises ValueError."""
        made = cls(whole=data.get("whole") is True)
        made.finite, made.nan, made.infinite = (count_of(data, name) for name in ("finite", "nan", "infinite"))
        made.low, made.high = (_number_or_none(data.get(name), whole=made.whole) for name in ("low", "high"))
        made.total, made.squares = ExactSum.from_json(data.get("total")), ExactSum.from_json(data.get("squares"))
        made.sketch = Sketch.from_json(object_of(data, "sketch"))
        if made.finite and not made.makes_sense():
            raise ValueError("not the sums of such numbers")
        return made

    def makes_sense(self) -> bool:
        """Whether the sums could be those of numbers between the extremes."""
        if self.low is None or self.high is None or self.low > self.high:
            return False
        widest = Fraction(max(abs(self.low), abs(self.high))) * (self.finite << UNIT_BITS)
        squares = (self.finite << UNIT_BITS) * int(LARGEST_SQUARED) ** 2
        return abs(self.total.units) <= widest and 0 <= self.squares.units <= squares

    def shown(self, name: str = "") -> Totals:
        """Named like `min_length` when `name` is "length"."""
        self.flush()
        ending = f"_{name}" if name else ""
        odd = {"nan": self.nan, "infinite": self.infinite}
        told: Totals = {key: count for key, count in odd.items() if count}
        if not self.finite:
            return told
        mean = Fraction(self.total.units, self.finite << UNIT_BITS)
        told |= {f"min{ending}": self.low, f"max{ending}": self.high, f"mean{ending}": float(mean)}
        if self._has_deviation():
            told[f"std{ending}"] = self._deviation(mean)
        told[f"quantiles{ending}"] = {str(share): self._quantile(share) for share in QUANTILES}
        told[f"histogram{ending}"] = self._histogram()
        return {**told, f"error{ending}": self.sketch.error}

    def _count(self, values: NDArray[Any]) -> None:
        doubles = values.astype(np.float64)
        if self.whole:
            values = values.astype(np.uint64 if values.dtype == np.uint64 else np.int64, copy=False)
        else:
            good = np.isfinite(doubles)
            self.nan += int(np.isnan(doubles).sum())
            self.infinite += doubles.size - int(good.sum()) - int(np.isnan(doubles).sum())
            values = doubles = doubles[good]
        if not doubles.size:
            return
        self.finite += doubles.size
        self._widen(values.min().item(), values.max().item())
        self.sketch.see(doubles)
        self._sum(values, doubles)

    def _sum(self, values: NDArray[Any], doubles: NDArray[np.float64]) -> None:
        if self.whole:
            self.total.add_integers(values)
        else:
            self.total.add_doubles(doubles)
        if self.whole and values.min() > -SMALL and values.max() < SMALL:
            small = values.astype(np.int64)
            self.squares.add_whole(int(np.dot(small, small)))
        else:
            self.squares.add_doubles(np.square(doubles[np.abs(doubles) <= LARGEST_SQUARED]))

    def _widen(self, low: Any, high: Any) -> None:
        if low is not None:
            self.low = low if self.low is None else min(self.low, low)
        if high is not None:
            self.high = high if self.high is None else max(self.high, high)

    def _has_deviation(self) -> bool:
        return self.finite > 1 and max(abs(self.low), abs(self.high)) <= LARGEST_SQUARED

    def _deviation(self, mean: Fraction) -> float:
        squares = Fraction(self.squares.units, 1 << UNIT_BITS)
        # Squares are rounded to doubles, so a column of one value may come out a hair below zero.
        return math.sqrt(max(Fraction(0), (squares - mean * mean * self.finite) / (self.finite - 1)))

    def _quantile(self, share: float) -> Any:
        rank, before = share * (self.finite - 1), 0
        for low, high, count in self.sketch.spread():
            before += count
            if before > rank:
                return self._middle(low, high)
        return self.high

    def _middle(self, low: float, high: float) -> Any:
        """A value for a bucket; the whole number itself where a bucket holds just one."""
        if self.whole:
            middle: Any = (math.ceil(low) + max(math.ceil(low), math.ceil(high) - 1)) // 2
        else:
            middle = low + (high - low) / 2
        return min(max(middle, self.low), self.high)

    def _histogram(self) -> Totals:
        """`hist` and `bin_edges` as the dataset viewer of the Hub has them. A bar's end is as exact as a bucket."""
        edges = self._edges()
        hist = [0] * max(1, len(edges) - 1)
        for low, high, count in self.sketch.spread():
            middle = self._middle(low, high)
            at = sum(edge <= middle for edge in edges[1:-1])
            hist[at] += count
        return {"hist": hist, "bin_edges": edges}

    def _edges(self) -> Sequence[Any]:
        if self.low == self.high:
            return [self.low, self.high]
        if self.whole:
            step = -(-(self.high - self.low + 1) // BARS)
            return [*range(self.low, self.high, step), self.high]
        width = self.high / BARS - self.low / BARS
        return [*(self.low + width * bar for bar in range(BARS)), self.high]


def _number_or_none(value: object, *, whole: bool) -> Any:
    if value is None:
        return None
    fits = type(value) is int and abs(value) < LARGEST_WHOLE
    if fits or (not whole and type(value) is float and math.isfinite(value)):
        return value
    raise ValueError("not a number")
