"""Statistics add up: of the parts together they are those of the whole."""

import json
from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.pipeline.schema import MEDIA, with_feature
from ingestion.pipeline.statistics import StatisticsCounter, merged, presented
from tests.unit.ingestion.makers import png, wav

SCHEMA = pa.schema([("text", pa.string()), ("n", pa.int64()), ("x", pa.float64()), ("ok", pa.bool_())])
rows = st.fixed_dictionaries(
    {
        "text": st.none() | st.text(max_size=5),
        "n": st.none() | st.integers(-1000, 1000),
        "x": st.none() | st.integers(-1000, 1000).map(float),
        "ok": st.none() | st.booleans(),
    }
)


def totals_of(records: list[dict[str, Any]], schema: pa.Schema = SCHEMA) -> dict[str, Any]:
    counter = StatisticsCounter(schema)
    if records:
        batch = pa.RecordBatch.from_pylist(records, schema)
        counter.see(batch, batch.to_pylist())
    return counter.totals()


@settings(deadline=None)  # the first batch loads parts of Arrow
@given(st.lists(rows, max_size=20), st.lists(rows, max_size=20))
def test_parts_add_up_to_the_whole(first: list[dict[str, Any]], second: list[dict[str, Any]]) -> None:
    assert presented(merged([totals_of(first), totals_of(second)])) == presented(totals_of([*first, *second]))


@settings(deadline=None)  # the first batch loads parts of Arrow
@given(st.lists(rows, max_size=20))
def test_totals_survive_json(records: list[dict[str, Any]]) -> None:
    totals = totals_of(records)
    assert json.loads(json.dumps(totals, allow_nan=False)) == totals


def test_numbers_that_are_no_numbers_do_not_spoil_the_rest() -> None:
    totals = totals_of([{"x": float("nan")}, {"x": float("inf")}, {"x": 2.0}])
    assert presented(totals)["columns"]["x"] == {
        "dtype": "float64",
        "count": 3,
        "nulls": 0,
        "min": 2.0,
        "max": 2.0,
        "mean": 2.0,
    }


def test_values_are_listed_only_while_they_are_few() -> None:
    few = presented(totals_of([{"text": "sw"}, {"text": "yo"}, {"text": "sw"}]))
    assert few["columns"]["text"]["values"] == {"sw": 2, "yo": 1}
    assert list(few["columns"]["text"]["values"]) == ["sw", "yo"]
    assert "values" not in presented(totals_of([{"text": str(n)} for n in range(51)]))["columns"]["text"]


def test_recordings_count_their_seconds_and_rates() -> None:
    schema = pa.schema([with_feature(pa.field("audio", MEDIA), {"_type": "Audio"})])
    sounds = [wav(0.5, 8000), wav(1.0, 16000)]
    shown = presented(totals_of([{"audio": {"bytes": sound, "path": "a.wav"}} for sound in sounds], schema))
    assert shown["seconds"] == 1.5
    assert shown["columns"]["audio"]["sampling_rates"] == [8000, 16000]
    assert (shown["columns"]["audio"]["min_milliseconds"], shown["columns"]["audio"]["max_milliseconds"]) == (500, 1000)


def test_pictures_tell_their_extremes() -> None:
    schema = pa.schema([with_feature(pa.field("image", MEDIA), {"_type": "Image"})])
    pictures = [png(4, 3), png(10, 2)]
    shown = presented(totals_of([{"image": {"bytes": picture, "path": "a.png"}} for picture in pictures], schema))
    image = shown["columns"]["image"]
    assert (image["min_width"], image["max_width"], image["min_height"], image["max_height"]) == (4, 10, 2, 3)
    assert "seconds" not in shown
