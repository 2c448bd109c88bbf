"""Sizes that a person can feel."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _

UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB")
STEP = 1000
PRECISE_BELOW = 10


def bytes_text(size: int) -> str:
    """1,234,567 → `1.2 MB`; decimal units, as shops and networks count."""
    value, unit = float(size), 0
    while value >= STEP and unit < len(UNITS) - 1:
        value, unit = value / STEP, unit + 1
    digits = 1 if unit and value < PRECISE_BELOW else 0
    return f"{number_format(value, digits, use_l10n=True)} {UNITS[unit]}"


def count_text(count: int) -> str:
    """3000 → `3,000`."""
    return number_format(count, use_l10n=True, force_grouping=True)


def duration_text(seconds: float) -> str:
    """10_800 → `about 3 hours`; 95 → `about 2 minutes`; 40 → `40 seconds`."""
    minute, hour = 60, 3600
    if seconds < 1.5 * minute:
        return _("%d seconds") % round(seconds)
    if seconds < 1.5 * hour:
        return _("about %d minutes") % round(seconds / minute)
    return _("about %d hours") % round(seconds / hour)
