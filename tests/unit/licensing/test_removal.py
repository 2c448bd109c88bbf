"""When withdrawals let a licensee out."""

import pytest

from licensing.domain.removal import RemovedShare, threshold_of


@pytest.mark.parametrize(
    ("removed", "whole", "is_above"),
    [(0, 100, False), (10, 100, False), (11, 100, True), (100_001, 1_000_000, True), (0, 0, False)],
)
def test_the_threshold_itself_is_borne(removed: int, whole: int, *, is_above: bool) -> None:
    assert RemovedShare(removed, whole, 1000).is_above is is_above


def test_a_license_may_say_another_threshold() -> None:
    assert threshold_of({"legal": {"removal_threshold_bps": 250}}) == 250
    assert threshold_of({"legal": {"removal_threshold_bps": 0}}) == 0
    assert threshold_of({"legal": {"law": None}}) == 1000
    assert threshold_of({}) == 1000


def test_shares_read_rounded_down() -> None:
    share = RemovedShare(1, 3, 250)
    assert (share.text, share.threshold_text) == ("33.33 %", "2.5 %")
    assert RemovedShare(0, 0, 1000).text == "0 %"
