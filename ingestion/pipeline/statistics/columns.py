"""What is measured of a column of each type."""

from dataclasses import dataclass
from typing import Any, Protocol, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.pipeline.schema import dtype_of, is_media
from ingestion.pipeline.statistics.dates import Dates
from ingestion.pipeline.statistics.media import Media
from ingestion.pipeline.statistics.numbers import Numbers
from ingestion.pipeline.statistics.parsing import Totals, count_of, counts_of, object_of
from ingestion.pipeline.statistics.texts import characters
from ingestion.pipeline.statistics.values import Values

# Of 64 kB for all columns of a shard, what one column has left for the names of its values.
ALL_ROOM, TAKEN_ROOM, LEAST_ROOM = 62_000, 1_900, 1_300
MOST_LANGUAGES = 200
LONGEST_TAG = 40


class Measure(Protocol):
    def see(self, values: pa.Array) -> None: ...

    def add(self, other: Self) -> None: ...

    def as_json(self) -> Totals: ...

    def shown(self) -> Totals: ...


class Lengths(Numbers):
    """Of texts in characters (code points), of lists in items, of plain bytes in bytes."""

    def __init__(self, *, whole: bool = True) -> None:
        super().__init__(whole=whole)

    def see(self, values: pa.Array) -> None:
        self.see_numbers(_lengths(values))

    def shown(self, name: str = "length") -> Totals:
        return super().shown(name)


class Truths:
    def __init__(self, true: int = 0) -> None:
        self.true = true

    def see(self, values: pa.Array) -> None:
        self.true += values.true_count

    def add(self, other: "Truths") -> None:
        self.true += other.true

    def as_json(self) -> Totals:
        return {"true": self.true}

    def shown(self) -> Totals:
        return {"true": self.true}


@dataclass(frozen=True)
class ValueCounts:
    """All values while there are few; else the most frequent ones, and about how many different ones there are."""

    counts: dict[str, int]
    different: int


class Column:
    """Totals of one column. A measure that a part lacks is no longer told of the whole."""

    def __init__(self, dtype: str, measures: dict[str, Measure]) -> None:
        self.dtype, self.measures = dtype, measures
        self.count = self.nulls = 0
        self.languages: dict[str, int] = {}

    def see(self, values: pa.Array) -> None:
        self.count += len(values)
        self.nulls += values.null_count
        present = values.drop_null() if values.null_count else values
        for measure in self.measures.values():
            measure.see(present)

    def see_nulls(self, rows: int) -> None:
        """Of a part that lacks the column."""
        self.count, self.nulls = self.count + rows, self.nulls + rows

    def see_languages(self, counts: dict[str, int]) -> None:
        for tag, count in counts.items():
            self.languages[tag] = self.languages.get(tag, 0) + count

    def add(self, other: "Column") -> None:
        if other.count > other.nulls:
            if self.count == self.nulls:
                self.dtype, self.measures = other.dtype, other.measures
            else:
                self._add_measures(other)
        self.count, self.nulls = self.count + other.count, self.nulls + other.nulls
        self.see_languages(other.languages)

    def as_json(self) -> Totals:
        measured = {name: measure.as_json() for name, measure in self.measures.items()}
        told = {"dtype": self.dtype, "count": self.count, "nulls": self.nulls, **measured}
        return {**told, **({"languages": self.languages} if self.languages else {})}

    def values(self) -> ValueCounts:
        counts, different = dict[str, int](), 0
        values, truths = self.measures.get("values"), self.measures.get("truths")
        if isinstance(values, Values):
            counts, different = dict(values.counts), values.shown()["distinct"]
        if isinstance(truths, Truths):
            counts = {"true": truths.true, "false": self.count - self.nulls - truths.true}
            different = len(counts)
        if self.nulls:
            counts[""] = counts.get("", 0) + self.nulls
        return ValueCounts(counts, max(different, len(counts)))

    def shown(self) -> Totals:
        told: Totals = {"dtype": self.dtype, "count": self.count, "nulls": self.nulls}
        for measure in self.measures.values():
            told |= measure.shown()
        if self.languages:
            told["languages"] = dict(sorted(self.languages.items(), key=lambda pair: (-pair[1], pair[0])))
        return told

    def _add_measures(self, other: "Column") -> None:
        both = [name for name in self.measures if name in other.measures]
        self.measures = {name: self.measures[name] for name in both}
        for name, measure in self.measures.items():
            measure.add(other.measures[name])


def column_for(field: pa.Field, columns: int) -> Column:
    """`columns`: how many there are, which share the room."""
    return Column(dtype_of(field), _measures_for(field, room_for(columns)))


def column_from_json(data: Totals, columns: int) -> Column:
    """Raises ValueError. Measures that are not known are left out."""
    made = Column(str(data.get("dtype"))[:200], _measures_from_json(data, room_for(columns)))
    made.count, made.nulls = count_of(data, "count"), count_of(data, "nulls")
    made.languages = counts_of(data, "languages", MOST_LANGUAGES)
    if made.nulls > made.count or any(len(tag) > LONGEST_TAG or not tag.isascii() for tag in made.languages):
        raise ValueError("not the totals of a column")
    return made


def room_for(columns: int) -> int:
    return max(LEAST_ROOM, ALL_ROOM // max(1, columns) - TAKEN_ROOM)


def _measures_for(field: pa.Field, room: int) -> dict[str, Measure]:
    kind = field.type
    if is_media(field):
        return {"media": Media()}
    if pa.types.is_integer(kind):
        return {"number": Numbers(whole=True), "values": Values(whole=True, room=room)}
    if _is_text(kind):
        return {"length": Lengths(), "values": Values(whole=False, room=room)}
    return _only_measure(kind)


def _only_measure(kind: pa.DataType) -> dict[str, Measure]:
    if pa.types.is_boolean(kind):
        return {"truths": Truths()}
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return {"number": Numbers(whole=False)}
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return {"dates": Dates()}
    return {"length": Lengths()} if _has_length(kind) else {}


def _measures_from_json(data: Totals, room: int) -> dict[str, Measure]:
    read: dict[str, Any] = {
        "media": Media.from_json,
        "truths": lambda told: Truths(count_of(told, "true")),
        "number": Numbers.from_json,
        "length": Lengths.from_json,
        "dates": Dates.from_json,
        "values": lambda told: Values.from_json(told, room=room),
    }
    return {name: make(object_of(data, name)) for name, make in read.items() if name in data}


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _has_length(kind: pa.DataType) -> bool:
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_binary(kind))


def _lengths(values: pa.Array) -> Any:
    if not _is_text(values.type):
        return np.asarray(pc.binary_length(values) if pa.types.is_binary(values.type) else pc.list_value_length(values))
    return characters(values)
