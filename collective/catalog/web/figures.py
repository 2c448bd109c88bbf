"""Statistics of a version as rows that people read."""

from collections.abc import Mapping
from typing import Any

from django.utils.safestring import SafeString
from django.utils.formats import number_format
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from collective.catalog.models import DatasetVersion

WORDS = {
    "nulls": _("empty cells"),
    "distinct": _("different values"),
    "min": _("smallest"),
    "max": _("largest"),
    "mean": _("average"),
    "min_length": _("shortest text (letters)"),
    "max_length": _("longest text (letters)"),
    "mean_length": _("average text (letters)"),
    "seconds": _("seconds of sound"),
}


def statistics_rows(version: DatasetVersion) -> list[tuple[str, SafeString]]:
    """(column, its figures) in the order of the columns. Figures without words for people are left out."""
    columns = version.statistics.get("columns", {})
    by_name = columns if isinstance(columns, Mapping) else {each.get("name"): each for each in columns}
    named = [(each["name"], _figures(by_name.get(each["name"]) or {})) for each in version.columns]
    return [(name, figures) for name, figures in named if figures]


def _figures(figures: Mapping[str, Any]) -> SafeString:
    known = [(WORDS[key], _number(value)) for key, value in figures.items() if key in WORDS and value is not None]
    return format_html_join(" · ", "{}: <bdi>{}</bdi>", known)


def _number(value: Any) -> str:
    if isinstance(value, float):
        return number_format(value, 2 if abs(value) < 100 else 0, use_l10n=True, force_grouping=True)
    return number_format(value, use_l10n=True, force_grouping=True) if isinstance(value, int) else str(value)
