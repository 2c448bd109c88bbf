"""Statistics add up: of the parts together they are those of the whole."""

import datetime as dt
import json
import math
import random
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.pipeline.schema import MEDIA, with_feature
from ingestion.pipeline.statistics import StatisticsCounter, checked, merged, presented, values_in
from ingestion.pipeline.statistics.exact import UNIT_BITS, ExactSum
from tests.unit.ingestion.makers import png, wav

SCHEMA = pa.schema(
    [
        ("text", pa.string()),
        ("n", pa.int64()),
        ("x", pa.float64()),
        ("ok", pa.bool_()),
        ("day", pa.date32()),
        ("at", pa.timestamp("us")),
        ("tags", pa.list_(pa.string())),
    ]
)
rows = st.fixed_dictionaries(
    {
        "text": st.none() | st.text(st.characters(codec="utf-8"), max_size=5) | st.sampled_from(["a" * 150, "b"]),
        "n": st.none() | st.integers(-(2**63), 2**63 - 1),
        "x": st.none() | st.floats(),
        "ok": st.none() | st.booleans(),
        "day": st.none() | st.dates(),
        "at": st.none() | st.datetimes(),
        "tags": st.none() | st.lists(st.just("tag"), max_size=3),
    }
)
records = st.lists(rows, max_size=30)


def totals_of(given_rows: list[dict[str, Any]], schema: pa.Schema = SCHEMA) -> dict[str, Any]:
    counter = StatisticsCounter(schema)
    if given_rows:
        counter.see(pa.RecordBatch.from_pylist(given_rows, schema))
    return counter.totals()


def totals_of_column(values: pa.Array) -> dict[str, Any]:
    counter = StatisticsCounter(pa.schema([("c", values.type)]))
    counter.see(pa.record_batch([values], ["c"]))
    return counter.totals()


def shown(values: pa.Array) -> dict[str, Any]:
    column: dict[str, Any] = presented(totals_of_column(values))["columns"]["c"]
    return column


def cut_up(values: pa.Array, cuts: list[int]) -> list[dict[str, Any]]:
    edges = [0, *sorted(cuts), len(values)]
    return [totals_of_column(values.slice(begin, end - begin)) for begin, end in pairwise(edges)]


@given(records, st.lists(st.integers(0, 30), max_size=4))
def test_parts_add_up_to_the_whole(given_rows: list[dict[str, Any]], cuts: list[int]) -> None:
    edges = [0, *sorted(min(cut, len(given_rows)) for cut in cuts), len(given_rows)]
    parts = [totals_of(given_rows[begin:end]) for begin, end in pairwise(edges)]
    assert merged(parts) == merged([totals_of(given_rows)])
    assert presented(merged(parts)) == presented(totals_of(given_rows))


@given(records)
def test_totals_survive_json_and_are_believed(given_rows: list[dict[str, Any]]) -> None:
    totals = totals_of(given_rows)
    assert json.loads(json.dumps(totals, allow_nan=False)) == totals
    assert checked(totals) == totals
    json.dumps(presented(totals), allow_nan=False)


@settings(max_examples=15)
@given(st.integers(0, 2**32), st.lists(st.integers(0, 5000), min_size=1, max_size=5))
def test_sketches_and_estimates_do_not_depend_on_where_the_parts_are_cut(seed: int, cuts: list[int]) -> None:
    chance = random.Random(seed)
    texts = pa.array([f"{chance.randrange(3000)}" * chance.randrange(1, 9) for _ in range(5000)])
    numbers = pa.array([chance.lognormvariate(0, 9) * chance.choice([-1, 1]) for _ in range(5000)])
    integers = pa.array([chance.randrange(10**9) for _ in range(5000)])
    for values in (numbers, integers):
        assert merged(cut_up(values, cuts)) == totals_of_column(values)
    whole, parts = shown(texts), presented(merged(cut_up(texts, cuts)))["columns"]["c"]
    for name in ("distinct", "quantiles_length", "histogram_length", "mean_length"):
        assert parts[name] == whole[name]


def test_quantiles_are_within_the_error_that_they_state() -> None:
    values = np.random.default_rng(5).lognormal(3, 1, 50_000)
    told = shown(pa.array(values))
    assert told["error"] <= 1 / 32
    for share, quantile in told["quantiles"].items():
        exact = np.quantile(values, float(share), method="lower")
        assert abs(quantile - exact) <= told["error"] * exact * 1.001
    assert math.isclose(told["mean"], values.mean())
    assert math.isclose(told["std"], values.std(ddof=1))
    assert sum(told["histogram"]["hist"]) == values.size
    assert len(told["histogram"]["bin_edges"]) == 11


def test_small_whole_numbers_are_told_exactly() -> None:
    told = shown(pa.array([1, 2, 2, 3, 200]))
    assert told["quantiles"]["0.5"] == 2
    assert (told["min"], told["max"], told["mean"]) == (1, 200, 41.6)
    assert told["histogram"] == {"hist": [4, *[0] * 8, 1], "bin_edges": [*range(1, 200, 20), 200]}
    assert told["top"] == [["2", 2], ["1", 1], ["200", 1], ["3", 1]]
    assert "values" not in told


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=50))
def test_sums_are_exact(values: list[float]) -> None:
    total = ExactSum()
    total.add_doubles(np.array(values, np.float64))
    assert Fraction(total.units, 1 << UNIT_BITS) == sum(map(Fraction, values))
    assert ExactSum.from_json(json.loads(json.dumps(total.as_json()))).units == total.units


def test_numbers_that_are_no_numbers_do_not_spoil_the_rest() -> None:
    told = presented(totals_of([{"x": float("nan")}, {"x": float("inf")}, {"x": 2.0}]))["columns"]["x"]
    wanted = {"count": 3, "nulls": 0, "min": 2.0, "max": 2.0, "mean": 2.0, "nan": 1, "infinite": 1}
    assert {name: told[name] for name in wanted} == wanted


def test_values_are_listed_only_while_they_are_few() -> None:
    few = presented(totals_of([{"text": "sw"}, {"text": "yo"}, {"text": "sw"}]))
    assert few["columns"]["text"]["values"] == {"sw": 2, "yo": 1}
    assert list(few["columns"]["text"]["values"]) == ["sw", "yo"]
    assert few["columns"]["text"]["distinct"] == 2
    assert "values" not in shown(pa.array([str(n) for n in range(51)]))
    assert shown(pa.array([str(n) for n in range(1000)]))["distinct"] == 1000


def test_of_very_many_values_the_frequent_ones_are_told_within_the_stated_error() -> None:
    chance = random.Random(3)
    values = [
        chance.choice(["often"] * 30 + ["now and then"] * 10 + [str(chance.random())] * 20) for _ in range(30_000)
    ]
    parts = cut_up(pa.array(values), [1_000, 20_000])
    told = presented(merged(parts))["columns"]["c"]
    different = len(set(values))
    assert abs(told["distinct"] - different) <= 4 * told["distinct_error"] * different
    top = dict(told["top"])
    for name in ("often", "now and then"):
        assert top[name] <= values.count(name) <= top[name] + told["top_missed"]
    assert told["top_missed"] <= len(values) / 100


@pytest.mark.parametrize("name", ["a\x00b", "\x00"])
def test_a_value_that_the_database_cannot_hold_is_counted_and_not_listed(name: str) -> None:
    totals = totals_of_column(pa.array([name, "b"]))
    assert "\\u0000" not in json.dumps([totals, presented(totals)])
    assert presented(totals)["columns"]["c"]["distinct"] == 2


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=300), max_size=40), st.integers(0, 5))
def test_lengths_are_in_characters_and_hashes_see_only_the_text(texts: list[str], skipped: int) -> None:
    """Also of a slice, whose bytes lie among those of others."""
    sliced = pa.array(["before", *texts, "after"]).slice(1 + skipped, max(0, len(texts) - skipped))
    told, expected = shown(sliced), list(map(len, texts[skipped:]))
    assert (told.get("min_length"), told.get("max_length")) == (
        min(expected, default=None),
        max(expected, default=None),
    )
    assert totals_of_column(sliced) == totals_of_column(pa.array(texts[skipped:], pa.string()))


def test_dates_are_told_by_month_and_by_year_when_they_are_many() -> None:
    days = [dt.date(2026, 1, 31), dt.date(2026, 3, 1), dt.date(2026, 3, 2)]
    told = shown(pa.array(days))
    assert told["periods"] == {"2026-01": 1, "2026-03": 2}
    assert (told["min"], told["max"]) == ("2026-01-31T00:00:00", "2026-03-02T00:00:00")
    many = shown(pa.array([dt.datetime(1900 + n % 200, 1 + n % 12, 1, tzinfo=dt.UTC) for n in range(1000)]))
    assert many["periods"]["1999"] == 5


def test_languages_that_a_check_found_are_added_up() -> None:
    first, second = StatisticsCounter(SCHEMA), StatisticsCounter(SCHEMA)
    first.see_languages("text", {"sw": 3, "yo": 1})
    second.see_languages("text", {"yo": 5})
    told = presented(merged([first.totals(), second.totals()]))["columns"]["text"]
    assert list(told["languages"].items()) == [("yo", 6), ("sw", 3)]


def test_a_column_that_a_part_lacks_is_empty_there_and_whole_numbers_join_others() -> None:
    first = totals_of([{"n": 1}], pa.schema([("n", pa.int64())]))
    second = totals_of([{"n": 2.5, "ok": True}], pa.schema([("n", pa.float64()), ("ok", pa.bool_())]))
    told = presented(merged([first, second]))["columns"]
    assert (told["n"]["mean"], told["n"]["nulls"], "distinct" in told["n"]) == (1.75, 0, False)
    assert (told["ok"]["count"], told["ok"]["nulls"], told["ok"]["true"]) == (2, 1, 1)


def test_what_a_shard_says_of_twenty_columns_stays_below_64_kilobytes() -> None:
    chance = random.Random(1)
    columns = [pa.array([chance.randbytes(chance.randrange(1, 3000)).hex() for _ in range(1500)]) for _ in range(10)]
    columns += [pa.array([f"{chance.randrange(900)} ü {number}" for _ in range(1500)]) for number in range(5)]
    columns += [pa.array([chance.lognormvariate(0, 20) for _ in range(1500)]) for _ in range(5)]
    batch = pa.record_batch(columns, [f"column {number}" for number in range(20)])
    counter = StatisticsCounter(batch.schema)
    counter.see(batch)
    assert len(json.dumps(counter.totals())) < 65_536


@pytest.mark.parametrize(
    "lie",
    [
        {"rows": -1},
        {"columns": []},
        {"columns": {"x": {"count": 1, "nulls": 2}}},
        {"columns": {"x": {"count": 1, "number": {"finite": 1}}}},
        {"columns": {"x": {"count": 1, "number": {"finite": 1, "low": 1.0, "high": 2.0, "total": ["9" * 99, 9]}}}},
        {"columns": {"x": {"count": 1, "values": {"exact": True, "counts": {"a": -1}}}}},
        {"columns": {"x": {"count": 1, "values": {"exact": False, "counts": {}, "registers": "\x00" * 1024}}}},
        {"columns": {"x": {"count": 1, "media": {"frames": {"0": 5}}}}},
        {"columns": {"x": {"count": 1, "dates": {"fineness": "D"}}}},
        {"columns": {"x": {"count": 1, "languages": {"ü": 1}}}},
    ],
)
def test_totals_that_no_counter_says_are_refused(lie: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"not|no whole|too|is a|sums|are an"):
        checked({"rows": 1, "columns": {}, **lie})


def test_recordings_count_their_seconds_and_rates() -> None:
    schema = pa.schema([with_feature(pa.field("audio", MEDIA), {"_type": "Audio"})])
    sounds = [wav(0.5, 8000), wav(1.0, 16000)]
    told = presented(totals_of([{"audio": {"bytes": sound, "path": "a.wav"}} for sound in sounds], schema))
    assert told["seconds"] == 1.5
    audio = told["columns"]["audio"]
    assert audio["sampling_rates"] == [8000, 16000]
    assert (audio["min_milliseconds"], audio["max_milliseconds"]) == (500, 1000)
    assert audio["bytes"] == sum(map(len, sounds))


def test_pictures_tell_their_extremes() -> None:
    schema = pa.schema([with_feature(pa.field("image", MEDIA), {"_type": "Image"})])
    pictures = [png(4, 3), png(10, 2), b"no picture"]
    told = presented(totals_of([{"image": {"bytes": picture, "path": "a.png"}} for picture in pictures], schema))
    image = told["columns"]["image"]
    assert (image["min_width"], image["max_width"], image["min_height"], image["max_height"]) == (4, 10, 2, 3)
    assert image["unreadable"] == 1
    assert "seconds" not in told


def test_values_are_told_with_the_empty_ones() -> None:
    totals = totals_of([{"text": "a", "ok": True}, {"text": None, "ok": False}, {"text": "a", "ok": None}])
    assert values_in(totals, "text").counts == {"a": 2, "": 1}
    assert values_in(totals, "ok").counts == {"true": 1, "false": 1, "": 1}
    assert values_in(totals, "x").counts == {"": 3}
    assert values_in(totals, "nothing").different == 0
    many = values_in(totals_of_column(pa.array([str(n) * 9 for n in range(5000)])), "c")
    assert 4500 < many.different < 5500
