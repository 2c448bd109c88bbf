"""Pictures of columns, places of findings, and forecasts, from what they are drawn from."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from ingestion.domain.findings import MOST_FINDINGS, Finding, merged
from ingestion.domain.progress import Pace, pace
from ingestion.domain.reports import without_found_values
from ingestion.pipeline.statistics import StatisticsCounter, presented
from ingestion.web.places import FileRows, Place, places_of
from ingestion.web.plots import HEIGHT, bar_lists, histograms, language_bars, number_text, share_text

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def told(values: list[Any], kind: pa.DataType | None = None) -> dict[str, Any]:
    """The statistics of one column, as reports have them."""
    batch = pa.record_batch({"it": pa.array(values, kind)})
    counter = StatisticsCounter(batch.schema)
    counter.see(batch)
    shown: dict[str, Any] = presented(counter.totals())["columns"]["it"]
    return shown


def test_whole_numbers_stand_between_their_edges() -> None:
    (drawn,) = histograms(told([*range(100)]))
    assert [bar.label for bar in drawn.bars][:2] == ["0 – 9", "10 – 19"]
    assert drawn.bars[-1].label == "90 – 99"
    assert (drawn.low, drawn.high, len(drawn.bars)) == ("0", "99", 10)
    assert all(bar.height == HEIGHT and bar.y == 0 for bar in drawn.bars)
    assert drawn.bars[-1].x + drawn.bars[-1].width <= 100


def test_few_whole_numbers_have_a_bar_each_and_a_rare_one_is_seen() -> None:
    (drawn,) = histograms(told([1] * 10_000 + [3]))
    assert [(bar.label, bar.count) for bar in drawn.bars] == [("1", 10_000), ("2 – 3", 1)]
    assert drawn.bars[1].height > 0.5


@pytest.mark.parametrize("values", [[5, 5, 5], [], [None, None], [1.0, 1.0]])
def test_one_value_is_no_picture(values: list[Any]) -> None:
    assert histograms(told(values, pa.float64())) == []


def test_odd_numbers_are_no_obstacle() -> None:
    (drawn,) = histograms(told([float("nan"), float("inf"), -1e300, 1e300, 0.5]))
    assert len(drawn.bars) == 10
    assert drawn.spoken.startswith("Values: from ")


def test_texts_lists_and_bytes_name_what_their_length_counts() -> None:
    texts, lists, plain = told(["a", "ccc"]), told([[1], [1, 2, 3]]), told([b"a", b"ccc"])
    assert [histograms(each)[0].title for each in (texts, lists, plain)] == [
        "Length in characters",
        "Length in items",
        "Length in bytes",
    ]


def test_dates_by_month() -> None:
    (drawn,) = histograms(told([date(2026, 1, 5), date(2026, 3, 1), date(2026, 3, 2)]))
    assert [(bar.label, bar.count) for bar in drawn.bars] == [("2026-01", 1), ("2026-03", 2)]


def test_frequent_values_are_listed_and_single_ones_are_not() -> None:
    (listed,) = bar_lists(told(["a", "a", "", "", "b"]))
    assert [(bar.label, bar.count) for bar in listed.bars] == [("(empty)", 2), ("a", 2)]
    assert listed.note == "of 3 different ones"
    assert bar_lists(told(["a", "b", "c"])) == []
    (truths,) = bar_lists(told([True, False, None, True]))
    assert [(bar.label, bar.count) for bar in truths.bars] == [("yes", 2), ("no", 1)]


def test_values_among_which_something_was_found_are_not_listed() -> None:
    column = told(["a@b.de", "a@b.de"])
    found = [Finding("personal_data", "email", "warning", "it", 2, (1, 2))]
    kept = without_found_values({"f": {"rows": 2, "columns": {"it": column, "other": column}}}, found)["f"]["columns"]
    assert kept["other"] == column
    assert "a@b.de" not in str(kept["it"])
    (listed,) = bar_lists(kept["it"])
    assert (listed.bars, listed.note[:10]) == ([], "Not listed")


def test_where_there_are_more_findings_than_are_kept_what_would_do_harm_stays() -> None:
    empties = [Finding("empties", "empty_text", "warning", f"c{n:03}", 1, (1,)) for n in range(MOST_FINDINGS)]
    mails = [Finding("personal_data", "email", "warning", f"c{n:03}", 1, (1,)) for n in range(MOST_FINDINGS)]
    key = Finding("secrets", "aws_key", "warning", "c999", 1, (1,))
    assert merged([*empties, key]) == [*empties[:-1], key]
    assert merged([*empties, *mails, key]) == [*mails[:-1], key]
    assert merged([key, empties[1], empties[0]]) == [empties[0], empties[1], key]


def test_no_values_are_listed_where_not_all_columns_with_findings_are_known() -> None:
    column = told(["a@b.de", "a@b.de"])
    mails = [Finding("personal_data", "email", "warning", f"c{n:03}", 1, (1,)) for n in range(MOST_FINDINGS)]
    statistics = {"f": {"rows": 2, "columns": {"it": column}}}
    assert "top" in without_found_values(statistics, mails[:-1])["f"]["columns"]["it"]
    assert without_found_values(statistics, mails)["f"]["columns"]["it"]["withheld"]


def test_a_long_name_is_known_by_its_beginning() -> None:
    column, name = told(["a@b.de", "a@b.de"]), "long" * 100
    found = [Finding("personal_data", "email", "warning", name[:255], 2, (1, 2))]
    assert without_found_values({"f": {"columns": {name: column}}}, found)["f"]["columns"][name]["withheld"]


def test_languages_by_name() -> None:
    bars = language_bars({"yo": 3, "language_unknown": 5, "ar": 5})
    assert [(bar.label, bar.width) for bar in bars] == [("not recognized", 100), ("Arabic", 100), ("Yoruba", 60)]


def test_places_are_counted_in_each_file() -> None:
    files = [FileRows("a", 0, 10), FileRows("empty", 10, 10), FileRows("b", 10, 15)]
    finding = Finding("empties", "empty_text", "warning", "text", 4, (1, 10, 11, 15))
    assert places_of(finding, files) == [Place("a", [1, 10]), Place("b", [1, 5])]


@pytest.mark.parametrize(
    ("value", "text"),
    [(1234, "1,234"), (0.33333, "0.333"), (2.0, "2"), (1234.5, "1,234"), (1e300, "1e+300"), (-0.000012, "-1.2e-05")],
)
def test_numbers_are_short(value: float, text: str) -> None:
    assert number_text(value) == text


def test_shares_are_short() -> None:
    assert [share_text(*each) for each in [(1, 3), (1, 2), (0, 5), (1, 10**6), (0, 0)]] == [
        "33.3 %",
        "50 %",
        "0 %",
        "under 0.1 %",
        "0 %",
    ]


def paced(seconds: float, done: int) -> Pace | None:
    began = NOW - timedelta(seconds=seconds)
    return pace(started_at=began, now=NOW, rows_done=2 * done, bytes_done=done, bytes_total=1000)


def test_a_forecast_comes_after_three_seconds() -> None:
    assert paced(2.9, 100) is None
    assert paced(10, 0) is None
    assert paced(10, 100) == Pace(20, 10, 90)
    assert paced(10, 2000) == Pace(400, 200, 0)
    assert pace(started_at=None, now=NOW, rows_done=1, bytes_done=1, bytes_total=1) is None
