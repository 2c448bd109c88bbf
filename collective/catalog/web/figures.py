"""Statistics of a version, as ingestion sums them up, in rows and charts that people read."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from collective.catalog.models import DatasetVersion
from collective.core.web.sizes import bytes_text, duration_text

MOST_CHARTS = 4
MOST_BARS = 30
WHOLE_ABOVE = 100

# (keys, words): shown where a column has all of the keys.
WORDS: list[tuple[tuple[str, ...], str | Promise]] = [
    (("min", "max"), _("from {min} to {max}")),
    (("mean",), _("on average {mean}")),
    (("length",), _("{length} letters or items")),
    (("true",), _("{true} times true")),
    (("seconds",), _("{seconds} of sound")),
    (("milliseconds",), _("each {milliseconds} seconds")),
    (("width", "height"), _("{width} by {height} pixels")),
    (("bytes",), _("{bytes}")),
    (("nulls",), _("{nulls} empty")),
    (("different",), _("{different} different values")),
    (("about_different",), _("about {about_different} different values")),
]
# A histogram's name in the statistics, and how its chart is called.
HISTOGRAMS: list[tuple[str, str | Promise]] = [
    ("histogram", "{column}"),
    ("histogram_length", _("{column}: letters or items")),
    ("histogram_milliseconds", _("{column}: seconds")),
    ("histogram_width", _("{column}: pixels across")),
]
RANGES = ("length", "milliseconds", "width", "height")


@dataclass(frozen=True)
class Chart:
    """How many records have each value of a column with few values, or lie in each part of its range."""

    title: str
    rows: list[list[Any]]


def statistics_rows(version: DatasetVersion) -> list[tuple[str, SafeString]]:
    """(column, its figures), in the order of the columns."""
    columns = version.statistics.get("columns", {})
    named = [(each["name"], _figures(columns.get(each["name"], {}))) for each in version.columns]
    return [(name, figures) for name, figures in named if figures]


def charts_of(version: DatasetVersion) -> list[Chart]:
    """Columns with few values first: they say more than lengths do."""
    columns = version.statistics.get("columns", {})
    named = [(each["name"], columns.get(each["name"], {})) for each in version.columns]
    values = [chart for name, figures in named for chart in _value_chart(name, figures.get("values") or {})]
    languages = [chart for name, figures in named for chart in _value_chart(name, figures.get("languages") or {})]
    histograms = [chart for name, figures in named for chart in _histograms(name, figures)]
    return [*values, *languages, *histograms][:MOST_CHARTS]


def _value_chart(name: str, values: Mapping[str, int]) -> list[Chart]:
    # One value says nothing, and as many values as records is a list, not a distribution.
    telling = 1 < len(values) <= MOST_BARS and max(values.values()) > 1
    return [Chart(name, [list(pair) for pair in values.items()])] if telling else []


def _histograms(name: str, figures: Mapping[str, Any]) -> list[Chart]:
    if figures.get("values"):  # their lengths say nothing more
        return []
    found = [(words, key, figures[key]) for key, words in HISTOGRAMS if len(figures.get(key, {}).get("hist", [])) > 1]
    return [Chart(str(words).format(column=name), _bars(key, histogram)) for words, key, histogram in found]


def _bars(key: str, histogram: Mapping[str, Any]) -> list[list[Any]]:
    edges = [_shown(key, edge) for edge in histogram["bin_edges"]]
    return [[f"{low} – {high}", count] for (low, high), count in zip(pairwise(edges), histogram["hist"], strict=True)]


def _figures(figures: Mapping[str, Any]) -> SafeString:
    if values := figures.get("values"):
        # Few values that repeat: their number says more than the length of their names.
        figures = {"different": len(values), "nulls": figures.get("nulls", 0)}
    elif "distinct" in figures:
        figures = {**figures, "about_different" if "distinct_error" in figures else "different": figures["distinct"]}
    shown = {key: _shown(key, value) for key, value in figures.items() if isinstance(value, int | float)}
    # Dates come as texts.
    shown |= {key: figures[key][:10] for key in ("min", "max", "mean") if isinstance(figures.get(key), str)}
    shown |= {name: _range(shown, name) for name in RANGES if f"min_{name}" in shown and f"max_{name}" in shown}
    fitting = [words for keys, words in WORDS if all(key in shown and (key != "nulls" or figures[key]) for key in keys)]
    return format_html_join(" · ", "{}", ((str(words).format(**shown),) for words in fitting))


def _range(shown: Mapping[str, str], name: str) -> str:
    """`5 to 9`, or `5` where all are alike."""
    low, high = shown[f"min_{name}"], shown[f"max_{name}"]
    return low if low == high else _("{low} to {high}").format(low=low, high=high)


def _shown(key: str, value: float) -> str:
    if key == "seconds":
        return duration_text(value)
    if key == "bytes":
        return bytes_text(int(value))
    if key.endswith("milliseconds"):  # people feel seconds
        return number_format(value / 1000, 1, use_l10n=True)
    digits = 0 if isinstance(value, int) or abs(value) >= WHOLE_ABOVE else 2
    return number_format(value, digits, use_l10n=True, force_grouping=True)
