"""The lines that a walk prints, and when it ends as a failure."""

import pytest

from tour.governance.__main__ import CASES, walk_all
from tour.governance.case import Case
from tour.governance.town import Town
from tour.report import Report, StepFailedError, expect


class Nowhere(Town):
    """No instance and nobody in it: the walks here look at nothing."""

    def __init__(self) -> None:
        self.shell = None


def seen(_town: Town) -> str:
    return "409 offer_blocked"


def broken(_town: Town) -> str:
    expect(False, "the manifest was answered with 200")
    return "never reached"


def test_a_scenario_is_one_line_with_expected_and_observed(capsys: pytest.CaptureFixture[str]) -> None:
    report = Report(unit="scenarios")
    assert walk_all(report, [Case("G13", "refused", seen)], Nowhere()) == []
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("G13 expected: refused · observed: 409 offer_blocked · held  (")
    assert report.all_held
    assert report.table({"run": "ab12cd"}).endswith("1 of 1 scenarios held")


def test_a_scenario_that_fails_is_a_line_too_and_the_others_are_walked(capsys: pytest.CaptureFixture[str]) -> None:
    report = Report(unit="scenarios")
    walk_all(report, [Case("G01", "410", broken), Case("G13", "refused", seen)], Nowhere())
    first, second = capsys.readouterr().out.splitlines()
    assert "observed: StepFailedError: the manifest was answered with 200 · FAILED" in first
    assert "held" in second
    assert not report.all_held
    assert report.table({}).endswith("1 of 2 scenarios held")


def test_what_needs_the_operators_shell_is_left_out_by_number_without_it(capsys: pytest.CaptureFixture[str]) -> None:
    report = Report(unit="scenarios")
    assert walk_all(report, [Case("G05", "v7 is not v8", broken, by_shell=True)], Nowhere()) == ["G05"]
    assert capsys.readouterr().out == ""
    assert not report.all_held, "nothing was walked, so nothing held"


def test_a_step_without_an_expectation_keeps_its_short_line(capsys: pytest.CaptureFixture[str]) -> None:
    report = Report()
    assert report.step("people sign up", lambda: ("six", 6)) == 6
    assert capsys.readouterr().out.startswith("✓ people sign up                     six  (")
    with pytest.raises(StepFailedError):
        report.step("they leave", lambda: (broken(Nowhere()), None))
    assert capsys.readouterr().out.startswith("✗ they leave")


def test_every_scenario_is_there_once_and_at_least_fourteen() -> None:
    numbers = [case.number for case in CASES]
    assert numbers == sorted(set(numbers))
    assert len(numbers) >= 14
    assert all(case.expected for case in CASES)
