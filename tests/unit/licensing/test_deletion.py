"""What a withdrawal asks of a license: until when, and what cannot be called back."""

from datetime import UTC, datetime, timedelta

import pytest

from licensing.domain.deletion import due, license_without_recall, period, reminders_passed, suspends
from licensing.domain.library import OWN_WORK
from licensing.domain.tombstones import Cursor

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(("text", "days"), [("P30D", 30), ("P2W", 14), ("P1M", 30), ("P1Y2M3W4D", 450), ("P0D", 0)])
def test_periods_of_days(text: str, days: int) -> None:
    assert period(text) == timedelta(days=days)


@pytest.mark.parametrize("text", ["", "P", "30D", "PT5H", "P-1D", "P1D2W", "P٣D"])
def test_anything_else_is_no_period(text: str) -> None:
    with pytest.raises(ValueError, match="not a duration"):
        period(text)


def test_without_a_promise_nothing_is_due() -> None:
    assert due(NOON, "") is None
    assert due(NOON, "P30D") == datetime(2026, 12, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(("days_left", "passed"), [(8, 0), (7, 1), (2, 1), (1, 2), (0, 2)])
def test_reminders_come_seven_days_and_one_day_before(days_left: int, passed: int) -> None:
    assert reminders_passed(NOON + timedelta(days=days_left), NOON) == passed


def test_only_a_license_that_can_be_taken_back_for_it_is_suspended() -> None:
    assert suspends(["breach"])
    assert suspends(["consent_withdrawal", "convenience"])
    assert not suspends(["none"])
    assert not suspends(["convenience"])


@pytest.mark.parametrize(
    ("material", "told"),
    [("CC0-1.0", "CC0-1.0"), ("CC-BY-4.0", "CC-BY-4.0"), (OWN_WORK, ""), ("NOASSERTION", ""), ("", "")],
)
def test_licenses_under_which_copies_cannot_be_called_back(material: str, told: str) -> None:
    assert license_without_recall(material) == told


@pytest.mark.parametrize("text", ["0", "12", "12.0", "12.10000"])
def test_a_cursor_reads_as_it_was_written(text: str) -> None:
    assert str(Cursor.parse(text)) == text
