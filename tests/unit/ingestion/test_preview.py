"""What everybody may see of a record is short, and small whatever the record is."""

import json
from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from ingestion.pipeline.preview import MOST_BYTES, preview_of, spread_by_config
from ingestion.pipeline.schema import MEDIA, with_feature
from tests.unit.ingestion.makers import png, wav

SCHEMA = pa.schema([("record_id", pa.string()), ("value", pa.string())])
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=800) | st.binary(),
    lambda inner: st.lists(inner, max_size=20) | st.dictionaries(st.text(max_size=9), inner, max_size=20),
    max_leaves=200,
)


def shown(value: Any) -> Any:
    return preview_of([{"record_id": "r", "value": value}], SCHEMA)[0]["value"]


@given(values)
def test_any_record_becomes_a_little_json_that_a_database_takes(value: Any) -> None:
    record = {"record_id": "r", "value": shown(value)}
    text = json.dumps(record, allow_nan=False, ensure_ascii=False)
    assert len(text.encode()) <= MOST_BYTES
    assert "\\u0000" not in text


def test_texts_lists_and_bytes_are_cut() -> None:
    assert shown("a" * 300) == "a" * 300
    assert shown("a" * 301) == "a" * 299 + "…"
    assert shown(list(range(20))) == list(range(10))
    assert shown(b"1234") == "4 bytes"
    assert shown(float("nan")) == "nan"
    assert shown("a\x00b") == "a\ufffdb"


def test_a_record_of_very_many_columns_keeps_its_id_and_the_first_of_them() -> None:
    names = [*(f"c{number}" for number in range(1000)), "record_id"]
    schema = pa.schema([(name, pa.string()) for name in names])
    (record,) = preview_of([dict.fromkeys(names, "x" * 500)], schema)
    assert list(record) == names
    assert (record["c0"], record["record_id"], record["c999"]) == ("x" * 39 + "…", "x" * 39 + "…", None)
    assert len(json.dumps(record)) < 3 * MOST_BYTES


def test_media_is_described() -> None:
    schema = pa.schema(
        [with_feature(pa.field("a", MEDIA), {"_type": "Audio"}), with_feature(pa.field("i", MEDIA), {"_type": "Image"})]
    )
    row = {"a": {"bytes": wav(0.5, 8000), "path": "a.wav"}, "i": {"bytes": png(4, 3), "path": None}}
    (record,) = preview_of(
        [
            row,
        ],
        schema,
    )
    assert record["a"] == {"_type": "audio", "path": "a.wav", "bytes": 8044, "seconds": 0.5, "sampling_rate": 8000}
    assert (record["i"]["width"], record["i"]["height"], record["i"]["path"]) == (4, 3, None)


def test_each_config_shows_records_from_all_over_it() -> None:
    parts = [("en", [{"n": number + 5 * part} for number in range(5)]) for part in range(8)]
    found = spread_by_config([("sw", [{"n": -1}]), *parts])
    assert {config: [each["n"] for each in records] for config, records in found.items()} == {
        "sw": [-1],
        "en": list(range(0, 40, 4)),
    }
