"""Dates and times: from when to when, the mean, and how many in each month or year."""

from typing import Any

import numpy as np
import pyarrow as pa

from ingestion.pipeline.statistics.exact import UNIT_BITS, ExactSum
from ingestion.pipeline.statistics.parsing import Totals, count_of, counts_of

# More months are counted as years; more years than that are not told one by one.
MOST_MONTHS = 120
MOST_YEARS = 300
FINENESS = ("M", "Y", "")
LARGEST = 1 << 63


class Dates:
    """In whole seconds since 1970; months and years as numpy writes them: `2026-05`, `2026`."""

    def __init__(self) -> None:
        self.found = 0
        self.low: int | None = None
        self.high: int | None = None
        self.total = ExactSum()
        self.periods: dict[str, int] = {}
        self.fineness = "M"

    def see(self, values: pa.Array) -> None:
        """Without nulls."""
        if not len(values):
            return
        moments = np.asarray(values).astype("M8[s]")
        seconds = moments.view(np.int64)
        self.found += seconds.size
        self._widen(int(seconds.min()), int(seconds.max()))
        self.total.add_integers(seconds)
        if self.fineness:
            periods, counts = np.unique(moments.astype(f"M8[{self.fineness}]"), return_counts=True)
            self._add_periods(dict(zip(np.datetime_as_string(periods).tolist(), counts.tolist(), strict=True)))

    def add(self, other: "Dates") -> None:
        self.found += other.found
        if other.low is not None and other.high is not None:
            self._widen(other.low, other.high)
        self.total.add(other.total)
        while FINENESS.index(self.fineness) < FINENESS.index(other.fineness):
            self._coarsen()
        if self.fineness:
            self._add_periods(_coarse(other.periods, self.fineness))

    def as_json(self) -> Totals:
        return {
            "found": self.found,
            "low": self.low,
            "high": self.high,
            "total": self.total.as_json(),
            "fineness": self.fineness,
            "periods": self.periods,
        }

    @classmethod
    def from_json(cls, data: Totals) -> "Dates":
        """Raises ValueError."""
        made = cls()
        made.found, made.total = count_of(data, "found"), ExactSum.from_json(data.get("total"))
        made.low, made.high = _second_or_none(data.get("low")), _second_or_none(data.get("high"))
        made.fineness = str(data.get("fineness"))
        made.periods = counts_of(data, "periods", MOST_YEARS)
        if made.fineness not in FINENESS or any(len(name) > 30 or "\x00" in name for name in made.periods):
            raise ValueError("not dates")
        if abs(made.total.units) > (made.found * LARGEST) << UNIT_BITS:
            raise ValueError("not the sum of such dates")
        return made

    def shown(self) -> Totals:
        if not self.found or self.low is None or self.high is None:
            return {}
        mean = (self.total.units >> UNIT_BITS) // self.found
        told: Totals = {"min": _told(self.low), "max": _told(self.high), "mean": _told(mean)}
        return told | ({"periods": dict(sorted(self.periods.items()))} if self.fineness else {})

    def _widen(self, low: int, high: int) -> None:
        self.low = low if self.low is None else min(self.low, low)
        self.high = high if self.high is None else max(self.high, high)

    def _add_periods(self, counts: dict[str, int]) -> None:
        for name, count in counts.items():
            self.periods[name] = self.periods.get(name, 0) + count
        if self.fineness == "M" and len(self.periods) > MOST_MONTHS:
            self._coarsen()
        if self.fineness == "Y" and len(self.periods) > MOST_YEARS:
            self._coarsen()

    def _coarsen(self) -> None:
        self.fineness = FINENESS[FINENESS.index(self.fineness) + 1]
        self.periods = _coarse(self.periods, self.fineness) if self.fineness else {}


def _coarse(periods: dict[str, int], fineness: str) -> dict[str, int]:
    """Months as years. A year may be negative: only what follows the last hyphen of a month is left out."""
    joined: dict[str, int] = {}
    for name, count in periods.items():
        year, hyphen, _ = name.rpartition("-")
        coarse = year if fineness == "Y" and hyphen and year else name
        joined[coarse] = joined.get(coarse, 0) + count
    return joined


def _told(second: int) -> str:
    return str(np.datetime_as_string(np.datetime64(second, "s")))


def _second_or_none(value: Any) -> int | None:
    if value is not None and (type(value) is not int or abs(value) >= LARGEST):
        raise ValueError("not a moment")
    return value
