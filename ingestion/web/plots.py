"""Small pictures of columns: what a template needs to draw bars, and the words and numbers behind each bar."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collective.core.web.languages import language_of
from collective.core.web.sizes import count_text

# The picture is 100 wide and HEIGHT high; a bar that stands for something is never invisible.
WIDTH, HEIGHT, LEAST = 100.0, 32.0, 0.75
GAP = 0.1
MOST_LISTED = 8
# Between these, numbers are written out.
LEAST_EXACT, MOST_EXACT = 1e-3, 1e15
MOST_PERIODS = 60
LENGTH, MILLISECONDS = "_length", "_milliseconds"
LENGTH_IN: dict[str, str | Promise] = {
    "string": gettext_lazy("Length in characters"),
    "large_string": gettext_lazy("Length in characters"),
    "binary": gettext_lazy("Length in bytes"),
}
# What is measured, as its key in the statistics ends, and what it is called.
MEASURES: tuple[tuple[str, str | Promise], ...] = (
    ("", gettext_lazy("Values")),
    (LENGTH, gettext_lazy("Length in items")),
    (MILLISECONDS, gettext_lazy("Seconds")),
    ("_width", gettext_lazy("Width in pixels")),
    ("_height", gettext_lazy("Height in pixels")),
)


@dataclass(frozen=True)
class Bar:
    """`x`, `y`, `width`, `height` in the picture; `label` says what it stands for."""

    label: str
    count: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Histogram:
    title: str
    bars: list[Bar]
    low: str
    middle: str
    high: str
    spoken: str


@dataclass(frozen=True)
class BarList:
    """`note` says what the counts are of, or why there is no list."""

    title: str
    bars: list[Bar]
    note: str = ""


def histograms(column: Mapping[str, Any]) -> list[Histogram]:
    drawn = [_histogram(column, ending, str(title)) for ending, title in MEASURES]
    return [each for each in [*drawn, _periods(column)] if each is not None]


def bar_lists(column: Mapping[str, Any]) -> list[BarList]:
    values = _values(column)
    return [values] if values else []


def language_bars(counts: Mapping[str, int]) -> list[Bar]:
    """Most frequent first; the tag “language_unknown” is for texts that nobody could place."""
    named = {_language(tag): count for tag, count in counts.items()}
    return _bars(sorted(named.items(), key=lambda pair: -pair[1]))


def share_text(part: int, whole: int) -> str:
    """3 of 1,000 → `0.3 %`; a few of very many → `under 0.1 %`."""
    share = 100 * part / whole if whole else 0.0
    if 0 < share < 0.1:
        return _("under 0.1 %")
    return _("%s %%") % (f"{share:.1f}".removesuffix(".0"))


def number_text(value: float) -> str:
    """1234 → `1,234`; 0.333333 → `0.333`."""
    if not LEAST_EXACT <= abs(value) < MOST_EXACT and value:
        return f"{value:.3g}"
    return count_text(round(value)) if value == int(value) or abs(value) >= 1000 else f"{value:.3g}"


def _histogram(column: Mapping[str, Any], ending: str, title: str) -> Histogram | None:
    told = column.get(f"histogram{ending}")
    if not told or len(told["hist"]) < 2:
        return None
    scale = 1000 if ending == MILLISECONDS else 1
    if ending == LENGTH:
        title = str(LENGTH_IN.get(column["dtype"], title))
    edges = [edge / scale if scale > 1 else edge for edge in told["bin_edges"]]
    middle = column[f"quantiles{ending}"]["0.5"]
    return _drawn(
        title,
        list(zip(_ranges(edges), told["hist"], strict=True)),
        (edges[0], middle / scale if scale > 1 else middle, edges[-1]),
    )


def _periods(column: Mapping[str, Any]) -> Histogram | None:
    periods = column.get("periods") or {}
    if not 2 <= len(periods) <= MOST_PERIODS:
        return None
    names = sorted(periods)
    spoken = _("Records from %(low)s to %(high)s") % {"low": names[0], "high": names[-1]}
    return Histogram(_("When"), _columns([(name, periods[name]) for name in names]), names[0], "", names[-1], spoken)


def _drawn(title: str, pairs: Sequence[tuple[str, int]], edges: tuple[float, float, float]) -> Histogram:
    low, middle, high = (number_text(edge) for edge in edges)
    most = max(pairs, key=lambda pair: pair[1])[0]
    spoken = _("%(title)s: from %(low)s to %(high)s, the middle one %(middle)s; most are %(most)s") % {
        "title": title,
        "low": low,
        "high": high,
        "middle": middle,
        "most": most,
    }
    return Histogram(title, _columns(pairs), low, _("half of them up to %s") % middle, high, spoken)


def _ranges(edges: Sequence[float]) -> list[str]:
    """Whole numbers end before the next bar begins; other numbers end where it begins."""
    whole = all(isinstance(edge, int) for edge in edges)
    names = []
    for low, high in pairwise(edges):
        last = high - 1 if whole and high != edges[-1] else high
        names.append(number_text(low) if low == last else f"{number_text(low)} – {number_text(last)}")
    return names


def _columns(pairs: Sequence[tuple[str, int]]) -> list[Bar]:
    """Standing bars."""
    step, most = WIDTH / len(pairs), max(1, *(count for _, count in pairs))
    bars = []
    for at, (label, count) in enumerate(pairs):
        height = max(LEAST, HEIGHT * count / most) if count else 0.0
        x = round(at * step + step * GAP / 2, 2)
        bars.append(Bar(label, count, x, round(HEIGHT - height, 2), round(step * (1 - GAP), 2), round(height, 2)))
    return bars


def _bars(pairs: Sequence[tuple[str, int]]) -> list[Bar]:
    """Lying bars, each as long as its share of the longest."""
    most = max((count for _, count in pairs), default=1)
    return [Bar(label, count, 0, 0, round(max(LEAST, WIDTH * count / most), 2), 1) for label, count in pairs]


def _values(column: Mapping[str, Any]) -> BarList | None:
    if column.get("withheld"):
        return BarList(_("Values"), [], _("Not listed: somebody's data or a secret was found among them."))
    if "true" in column:
        no = column["count"] - column["nulls"] - column["true"]
        return BarList(_("Values"), _bars([(_("yes"), column["true"]), (_("no"), no)]))
    top = column.get("top") or []
    if not top or top[0][1] < 2 or ("histogram" in column and column["distinct"] > MOST_LISTED):
        return None
    shown = [(name, count) for name, count in top[:MOST_LISTED] if count > 1]
    note = _("of %s different ones") % count_text(column["distinct"]) if column["distinct"] > len(shown) else ""
    return BarList(_("Most frequent values"), _bars([(name or _("(empty)"), count) for name, count in shown]), note)


def _language(tag: str) -> str:
    return _("not recognized") if tag == "language_unknown" else language_of(tag).name
