"""Ids and hashes of records: batches give what single records give."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.pipeline.records import (
    ENTRY_BYTES,
    RecordIds,
    entries,
    id_column,
    ids_in,
    record_bytes,
    record_hashes,
    record_sha256,
)
from ingestion.pipeline.schema import MEDIA

SCHEMA = pa.schema(
    [
        ("whole", pa.int32()),
        ("text", pa.string()),
        ("number", pa.float64()),
        ("yes", pa.bool_()),
        ("list", pa.list_(pa.int64())),
        ("audio", MEDIA),
        ("day", pa.date32()),
        ("price", pa.decimal128(10, 2)),
        ("ninth", pa.string()),
        ("record_id", pa.string()),
    ]
)
MEDIA_VALUES = st.fixed_dictionaries({"bytes": st.none() | st.binary(max_size=9), "path": st.none() | st.just("a.wav")})
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "whole": st.none() | st.integers(-(2**31), 2**31 - 1),
            "text": st.none() | st.text(st.characters(exclude_categories=["Cs"])),
            "number": st.none() | st.floats(),
            "yes": st.none() | st.booleans(),
            "list": st.none() | st.lists(st.none() | st.integers(0, 9), max_size=3),
            "audio": st.none() | MEDIA_VALUES,
            "day": st.none() | st.dates(date(1900, 1, 1)),
            "price": st.none() | st.sampled_from([Decimal("1.50"), Decimal("-3.00")]),
            "ninth": st.none() | st.sampled_from(["", "ü"]),
            "record_id": st.just("ab"),
        }
    ),
    max_size=12,
)


@given(rows=ROWS, skip=st.integers(0, 3))
@pytest.mark.parametrize("columns", [4, len(SCHEMA)])
def test_a_batch_hashes_as_its_rows_do(columns: int, rows: list[dict[str, Any]], skip: int) -> None:
    batch = pa.RecordBatch.from_pylist(rows, schema=SCHEMA).slice(skip).select(range(columns))
    assert [each.hex() for each in record_hashes(batch)] == [record_sha256(row) for row in batch.to_pylist()]


def test_the_bytes_of_a_record_are_what_the_page_about_them_says() -> None:
    row = {"b": 2, "a": "ä", "record_id": "x", "none": None}
    assert (
        record_bytes(row) == b'[["a","text"],["b","int"]]' + bytes([2, *[0] * 7]) + bytes([2, *[0] * 7]) + "ä".encode()
    )


def test_a_column_that_is_empty_takes_no_part() -> None:
    assert record_sha256({"a": 1}) == record_sha256({"a": 1, "b": None})
    wide = pa.schema([("a", pa.int64()), ("b", pa.string())])
    narrow = pa.RecordBatch.from_pylist([{"a": 1}], schema=pa.schema([("a", pa.int64())]))
    assert record_hashes(narrow) == record_hashes(pa.RecordBatch.from_pylist([{"a": 1, "b": None}], schema=wide))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"a": 1}, {"a": 1.0}),
        ({"a": "1"}, {"a": 1}),
        ({"a": "x", "b": "y"}, {"a": "xy"}),
        ({"a": "xy", "b": "z"}, {"a": "x", "b": "yz"}),
        ({"a": True}, {"a": 1}),
        ({"a": "x"}, {"b": "x"}),
        ({"a": datetime(2026, 1, 1, tzinfo=UTC)}, {"a": "2026-01-01T00:00:00+00:00"}),
    ],
)
def test_what_differs_hashes_differently(first: dict[str, Any], second: dict[str, Any]) -> None:
    assert record_sha256(first) != record_sha256(second)


@given(st.lists(st.integers(0, 5000), max_size=5))
def test_ids_do_not_depend_on_how_rows_are_batched(counts: list[int]) -> None:
    ids, whole = RecordIds("seed"), RecordIds("seed")
    assert b"".join(ids.take(count) for count in counts) == whole.take(sum(counts))


def test_ids_differ_by_seed_and_by_row() -> None:
    ids = [RecordIds(seed).take(6000) for seed in ("one", "two")]
    assert len({each[at : at + 16] for each in ids for at in range(0, len(each), 16)}) == 12_000


def test_a_record_list_holds_id_and_hash_of_each() -> None:
    ids = RecordIds("seed").take(2)
    listed = entries(ids, [b"h" * 32, b"i" * 32])
    assert listed == ids[:16] + b"h" * 32 + ids[16:] + b"i" * 32
    assert len(listed) == 2 * ENTRY_BYTES
    assert ids_in(id_column(ids)) == ids
