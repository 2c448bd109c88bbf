"""Which values a column has: all of them while they are few, else how many there are and the most frequent ones."""

import json
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.pipeline.statistics.distinct import ERROR, Distinct
from ingestion.pipeline.statistics.hashing import Hashes, text_hashes, whole_hashes
from ingestion.pipeline.statistics.parsing import Totals, count_of, counts_of
from ingestion.pipeline.statistics.texts import offsets_of

MOST_VALUES = 1000
# Bytes. A longer text is no category.
LONGEST_VALUE = 100
SHOWN = 20
LISTED = 50
# What an entry takes in JSON besides its name, and what the registers take.
ENTRY_BYTES = 14
REGISTER_BYTES = 1000
# Few rows wait until there are so many.
WAITING_ROWS, WAITING_BYTES = 1 << 14, 1 << 20
MASK = (1 << 64) - 1
# PostgreSQL has no place for it in JSON.
UNLISTABLE = "\x00"


class Values:
    """`counts` are complete as long as `exact`. After that they are a summary after Misra and Gries (1982): a value
    occurs at least as often as counted, and at most `missed` times more; of whole numbers none are kept then.

    `room` is how many bytes of JSON the names may take; a column that has more names is no longer exact.
    """

    def __init__(self, *, whole: bool, room: int) -> None:
        self.whole, self.room = whole, room
        self.exact = True
        self.counts: dict[str, int] = {}
        self.missed = self.longer = 0
        self.distinct = Distinct()
        self._waiting: list[pa.Array] = []
        self._waiting_rows = self._waiting_bytes = 0

    def see(self, values: pa.Array) -> None:
        """Without nulls."""
        self._waiting.append(values)
        self._waiting_rows += len(values)
        self._waiting_bytes += values.nbytes
        if self._waiting_rows >= WAITING_ROWS or self._waiting_bytes >= WAITING_BYTES:
            self.flush()

    def flush(self) -> None:
        waiting, self._waiting, self._waiting_rows, self._waiting_bytes = self._waiting, [], 0, 0
        if waiting:
            self._count(pa.concat_arrays(waiting) if len(waiting) > 1 else waiting[0])

    def add(self, other: "Values") -> None:
        self.flush()
        other.flush()
        if not (self.exact and other.exact):
            self._give_up()
            self.distinct.add(other.registers())
        self.missed, self.longer = self.missed + other.missed, self.longer + other.longer
        self._add_counts(other.counts)

    def registers(self) -> Distinct:
        """Those of the listed values, too, which are counted exactly as long as they are all."""
        if self.exact:
            seeded = Distinct()
            seeded.see(self._hashes(list(self.counts)))
            return seeded
        return self.distinct

    def as_json(self) -> Totals:
        self.flush()
        if self.exact:
            return {"whole": self.whole, "exact": True, "counts": self.counts}
        counts, cut = _cut(self.counts, self.room - REGISTER_BYTES)
        return {
            "whole": self.whole,
            "exact": False,
            "counts": counts,
            "missed": self.missed + cut,
            "longer": self.longer,
            "registers": self.distinct.as_json(),
        }

    @classmethod
    def from_json(cls, data: Totals, *, room: int) -> "Values":
        """Raises ValueError."""
        made = cls(whole=data.get("whole") is True, room=room)
        made.counts = counts_of(data, "counts", MOST_VALUES)
        if any(len(name) > LONGEST_VALUE or UNLISTABLE in name for name in made.counts):
            raise ValueError("a value is too long to be listed")
        if made.whole and not all(name.removeprefix("-").isdecimal() and name.isascii() for name in made.counts):
            raise ValueError("a value is no whole number")
        made.exact = data.get("exact") is True
        if not made.exact:
            made.missed, made.longer = count_of(data, "missed"), count_of(data, "longer")
            made.distinct = Distinct.from_json(data.get("registers"))
        return made

    def shown(self) -> Totals:
        """`values`: all, of texts, for a chart. `top`: the most frequent ones as [value, count]."""
        self.flush()
        ordered = sorted(self.counts.items(), key=lambda pair: (-pair[1], pair[0]))
        told: Totals = {"distinct": len(self.counts) if self.exact else self.distinct.estimate()}
        if not self.exact:
            told |= {"distinct_error": ERROR, "top_missed": self.missed}
        if ordered:
            told["top"] = [list(pair) for pair in ordered[:SHOWN]]
        if self.exact and not self.whole and 0 < len(ordered) <= LISTED:
            told["values"] = dict(ordered)
        return told

    def _count(self, values: pa.Array) -> None:
        long = None if self.whole else np.diff(offsets_of(values)) > LONGEST_VALUE
        if long is not None and long.any():
            self._give_up()
        if not self.exact:
            self.distinct.see(self._hashes(values))
        if long is not None and long.any():
            self.longer += int(long.sum())
            values = values.filter(pa.array(~long))
        if len(values) and not (self.whole and not self.exact):
            self._count_each(values)

    def _count_each(self, values: pa.Array) -> None:
        found = pc.value_counts(values)
        if len(found) > MOST_VALUES:
            if self.exact:
                self._give_up()
                self.distinct.see(self._hashes(found.field(0)))
            if self.whole:
                self.counts = {}
                return
            found, cut = _most_frequent(found)
            self.missed += cut
        names, counts = found.field(0).cast(pa.string()).to_pylist(), found.field(1).to_pylist()
        self._add_counts(self._listable(dict(zip(names, counts, strict=True))))

    def _listable(self, counts: dict[str, int]) -> dict[str, int]:
        odd = [name for name in counts if UNLISTABLE in name]
        if not odd:
            return counts
        self._give_up()
        self.distinct.see(self._hashes(list(counts)))
        self.longer += sum(counts[name] for name in odd)
        return {name: count for name, count in counts.items() if UNLISTABLE not in name}

    def _hashes(self, values: Any) -> Hashes:
        """Of an array, or of the names in `counts`."""
        if isinstance(values, pa.Array):
            return whole_hashes(np.asarray(values)) if self.whole else text_hashes(values)
        if self.whole:
            return whole_hashes(np.array([int(name) & MASK for name in values], np.uint64))
        return text_hashes(pa.array(values, pa.string()))

    def _add_counts(self, counts: dict[str, int]) -> None:
        for name, count in counts.items():
            self.counts[name] = self.counts.get(name, 0) + count
        if self.exact and (len(self.counts) > MOST_VALUES or _size(self.counts) > self.room):
            self._give_up()
        if self.whole and not self.exact:
            self.counts = {}
        elif len(self.counts) > MOST_VALUES:
            self.counts, cut = _cut_to(self.counts, MOST_VALUES)
            self.missed += cut

    def _give_up(self) -> None:
        """From here on an estimate, which begins with what was listed."""
        if self.exact:
            self.distinct, self.exact = self.registers(), False


def _size(counts: dict[str, int]) -> int:
    return sum(len(json.dumps(name)) + ENTRY_BYTES for name in counts)


def _cut(counts: dict[str, int], room: int) -> tuple[dict[str, int], int]:
    """The most frequent names that have room, and how often another one may have been missed."""
    size = 0
    for kept, name in enumerate(sorted(counts, key=lambda name: (-counts[name], name))):
        size += len(json.dumps(name)) + ENTRY_BYTES
        if size > room:
            return _cut_to(counts, kept)
    return counts, 0


def _cut_to(counts: dict[str, int], most: int) -> tuple[dict[str, int], int]:
    cut = sorted(counts.values(), reverse=True)[most]
    return {name: count - cut for name, count in counts.items() if count > cut}, cut


def _most_frequent(found: pa.StructArray) -> tuple[pa.StructArray, int]:
    """The same as `_cut_to`, before the many become Python values."""
    counts = np.asarray(found.field(1))
    cut = int(np.partition(counts, counts.size - MOST_VALUES - 1)[counts.size - MOST_VALUES - 1])
    kept = pa.array(counts > cut)
    left = found.filter(kept)
    return pa.StructArray.from_arrays([left.field(0), pc.subtract(left.field(1), cut)], ["values", "counts"]), cut
