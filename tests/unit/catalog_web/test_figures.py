"""Statistics of a version as people read them."""

from typing import Any

import pyarrow as pa
import pytest

from collective.catalog.models import DatasetVersion
from collective.catalog.web.figures import charts_of, statistics_rows
from ingestion.pipeline.schema import columns_of
from ingestion.pipeline.statistics import StatisticsCounter, presented


def version_of(**columns: Any) -> DatasetVersion:
    batch = pa.record_batch(list(map(pa.array, columns.values())), list(columns))
    counter = StatisticsCounter(batch.schema)
    counter.see(batch)
    return DatasetVersion(columns=columns_of(batch.schema), statistics=presented(counter.totals()))


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([1, 2, 2, 5], "from 1 to 5 · on average 2.50 · 3 different values"),
        ([0.5, 1.5, None], "from 0.50 to 1.50 · on average 1.00 · 1 empty"),
        (["sw", "sw", "yo"], "2 different values"),
        ([f"text {n}" for n in range(60)], "6 to 7 letters or items · 60 different values"),
        ([True, False, True], "2 times true"),
        (pa.array([1, 366], pa.date32()), "from 1970-01-02 to 1971-01-02 · on average 1970-07-03"),
        ([["a"], ["b", "c"]], "1 to 2 letters or items"),
    ],
)
def test_a_column_in_words(values: Any, told: str) -> None:
    assert statistics_rows(version_of(column=values)) == [("column", told)]


def test_very_many_values_are_about_so_many() -> None:
    ((_, told),) = statistics_rows(version_of(column=[str(n) for n in range(5000)]))
    assert " · about " in told


def test_charts_show_few_values_first_then_ranges() -> None:
    numbers = [1, 1, 30, 100]
    charts = charts_of(version_of(text=["a", "bb" * 60, "c" * 101, "d"], n=numbers, lang=["sw", "yo", "sw", "sw"]))
    assert [chart.title for chart in charts] == ["lang", "text: letters or items", "n"]
    assert charts[0].rows == [["sw", 3], ["yo", 1]]
    assert charts[2].rows[0] == ["1 – 11", 2]
    assert [count for _, count in charts[2].rows] == [2, 0, 1, 0, 0, 0, 0, 0, 0, 1]


def test_nothing_is_drawn_of_a_version_without_statistics() -> None:
    version = DatasetVersion(columns=[{"name": "text"}], statistics={})
    assert (charts_of(version), statistics_rows(version)) == ([], [])
