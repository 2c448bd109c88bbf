"""Which config and split each record of a batch belongs to, by the rules of a layout, on whole columns."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ingestion.domain.splitting import (
    CONFIG,
    SPLIT,
    Layout,
    Place,
    bucket,
    bucket_of_group,
    config_of_value,
    split_of_bucket,
    split_of_value,
)
from ingestion.pipeline.schema import RECORD_ID, is_media
from ingestion.pipeline.statistics.texts import bytes_of, offsets_of

# Of a record's id, the first hex digits: they are random already.
ID_DIGITS = 8
DIGIT_VALUES = np.array(
    [int(chr(code), 16) if chr(code) in "0123456789abcdef" else 0 for code in range(256)], np.uint64
)


class Assigner:
    """Remembers what it found out about values, so that each is looked at once."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._splits = partial(_of_values, split_of_value, {})
        self._configs = partial(_of_values, config_of_value, {})
        self._groups = partial(_of_values, self._split_of_group, {})
        self._by_bucket = split_of_bucket(layout.split.shares)

    def assign(self, batch: pa.RecordBatch) -> tuple[pa.Array, pa.Array]:
        """Config and split of each row, as text. The batch has `record_id` and the columns of the layout."""
        return self._config(batch), self._split(batch)

    def divide(self, batch: pa.RecordBatch) -> Iterator[tuple[Place, pa.RecordBatch]]:
        """The rows of each config and split, in their order; nothing for a place without rows."""
        configs, splits = self.assign(batch)
        both = pc.binary_join_element_wise(configs, splits, "/")
        places = both.dictionary_encode()
        if len(places.dictionary) == 1:
            yield _place(places.dictionary[0].as_py()), batch
            return
        for number, name in enumerate(places.dictionary.to_pylist()):
            yield _place(name), batch.filter(pc.equal(places.indices, number))

    def _config(self, batch: pa.RecordBatch) -> pa.Array:
        if self.layout.config.kind == "none":
            return _all(CONFIG, batch.num_rows)
        return self._configs(_text(batch.column(self.layout.config.column)))

    def _split(self, batch: pa.RecordBatch) -> pa.Array:
        rule = self.layout.split
        if rule.kind == "none":
            return _all(SPLIT, batch.num_rows)
        if rule.kind == "column":
            return self._splits(_text(batch.column(rule.column)))
        by_record = pa.array(self._by_bucket).take(pa.array(_buckets_of_ids(batch.column(RECORD_ID))))
        if rule.kind == "hash":
            return by_record
        # Who belongs to no group is a group alone.
        groups = _text(batch.column(rule.column))
        return pc.if_else(pc.is_valid(groups), self._groups(groups), by_record)

    def _split_of_group(self, value: str | None) -> str:
        return self._by_bucket[bucket_of_group(value or "")]


def layout_columns(schema: pa.Schema) -> list[str]:
    """Columns that a layout can go by: texts, whole numbers, yes and no, dates."""
    return [
        field.name for field in schema if field.name != RECORD_ID and not is_media(field) and _is_simple(field.type)
    ]


def _of_values(meaning: Callable[[str | None], str], known: dict[str | None, str], texts: pa.Array) -> pa.Array:
    encoded = texts.dictionary_encode("encode")
    values: Sequence[str | None] = encoded.dictionary.to_pylist()
    for value in values:
        if value not in known:
            known[value] = meaning(value)
    return pa.array([known[value] for value in values], pa.string()).take(encoded.indices)


def _text(column: pa.Array) -> pa.Array:
    return column if pa.types.is_string(column.type) else column.cast(pa.string())


def _buckets_of_ids(ids: pa.Array) -> NDArray[np.uint64]:
    """Ids are 32 hex digits each; their first ones are read as a number."""
    starts, data = offsets_of(ids)[:-1], bytes_of(ids)
    numbers = np.zeros(len(ids), np.uint64)
    for digit in range(ID_DIGITS):
        numbers = numbers << np.uint64(4) | DIGIT_VALUES[data[starts + digit]]
    buckets: NDArray[np.uint64] = bucket(numbers)  # type: ignore[arg-type,assignment]  # the same arithmetic on many
    return buckets


def _all(value: str, rows: int) -> pa.Array:
    return pa.repeat(pa.scalar(value, pa.string()), rows)


def _place(name: str) -> Place:
    config, split = name.split("/")
    return config, split


def _is_simple(kind: pa.DataType) -> bool:
    tests = (pa.types.is_string, pa.types.is_large_string, pa.types.is_integer, pa.types.is_boolean, pa.types.is_date)
    return any(test(kind) for test in tests)
