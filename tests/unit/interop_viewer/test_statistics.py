"""Figures as ingestion sums them up, in the viewer's words."""

import json
from typing import Any

import pyarrow as pa

from collective.interop.viewer.statistics import column_statistics
from ingestion.pipeline.schema import columns_of
from ingestion.pipeline.statistics import StatisticsCounter, presented

TABLE = pa.table(
    {
        "number": pa.array([1, 2, 3, None], pa.int64()),
        "share": pa.array([0.5, 1.5, 2.5, 3.5]),
        "yes": pa.array([True, False, True, None]),
        "label": ["a", "b", "a", "a"],
        "text": ["one", "three", "twelve", "four"],
        "tags": [["x"], ["x", "y"], [], ["z"]],
        "at": pa.array([0, 1, 2, 3], pa.timestamp("s")),
        "facts": [{"x": 1}] * 4,
    }
)


def found() -> dict[str, dict[str, Any]]:
    counter = StatisticsCounter(TABLE.schema)
    for batch in TABLE.to_batches():
        counter.see(batch)
    figures = presented(json.loads(json.dumps(counter.totals())))["columns"]
    return {each["column_name"]: each for each in column_statistics(columns_of(TABLE.schema), figures)}


def test_types() -> None:
    assert {name: each["column_type"] for name, each in found().items()} == {
        "number": "int",
        "share": "float",
        "yes": "bool",
        "label": "string_label",
        "text": "string_text",
        "tags": "list",
        "at": "datetime",
    }


def test_numbers_and_lengths() -> None:
    told = {name: each["column_statistics"] for name, each in found().items()}
    number = told["number"]
    assert (number["nan_count"], number["nan_proportion"], number["min"], number["max"]) == (1, 0.25, 1, 3)
    assert (number["mean"], number["median"], number["std"]) == (2.0, 2, 1.0)
    assert set(number["histogram"]) == {"hist", "bin_edges"}
    assert (told["text"]["min"], told["text"]["max"]) == (3, 6)
    assert (told["tags"]["min"], told["tags"]["max"]) == (0, 2)
    assert told["at"]["max"] == "1970-01-01T00:00:03"


def test_frequencies() -> None:
    told = {name: each["column_statistics"] for name, each in found().items()}
    assert told["yes"]["frequencies"] == {"True": 2, "False": 1}
    assert (told["label"]["n_unique"], told["label"]["frequencies"]) == (2, {"a": 3, "b": 1})


def test_recordings_in_seconds() -> None:
    figures = {
        "dtype": "audio",
        "count": 2,
        "nulls": 0,
        "min_milliseconds": 500,
        "max_milliseconds": 1500,
        "mean_milliseconds": 1000.0,
        "quantiles_milliseconds": {"0.5": 500},
        "histogram_milliseconds": {"hist": [1, 1], "bin_edges": [500, 1000, 1500]},
    }
    [told] = column_statistics([{"name": "clip"}], {"clip": figures})
    assert told["column_type"] == "audio"
    assert told["column_statistics"]["max"] == 1.5
    assert told["column_statistics"]["histogram"] == {"hist": [1, 1], "bin_edges": [0.5, 1.0, 1.5]}
