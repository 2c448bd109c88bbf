"""The part of a price that withdrawn records were."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.domain.refunds import Removed, removal_refund


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**6), min_size=1, max_size=8), st.sampled_from([1, 10, 100]))
def test_steps_add_up_to_the_share_of_the_whole(units: int, gone: list[int], step: int) -> None:
    total, whole = units * step, max(1, sum(gone) + gone[0])
    given_back, removed = 0, 0
    for each in gone:
        now = Removed(removed + each, whole, removed)
        removed += each
        due = removal_refund(total, now, given=given_back, refunded=given_back, step=step)
        assert due >= 0
        assert due % step == 0
        given_back += due
    exact = total * removed
    assert given_back * whole <= exact < (given_back + step) * whole


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(1, 10**6))
def test_never_more_than_what_is_left(total: int, refunded: int, removed: int) -> None:
    back = min(total, refunded)
    assert removal_refund(total, Removed(removed, removed), refunded=back) == total - back


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**6), st.integers(1, 10**6))
def test_never_more_than_the_share_of_what_is_left(total: int, refunded: int, removed: int, kept: int) -> None:
    back = min(total, refunded)
    due = removal_refund(total, Removed(removed, removed + kept), refunded=back)
    assert due == (total - back) * removed // (removed + kept)


def test_what_does_not_fit_is_refused() -> None:
    for left, days in ((2, 1), (-1, 1), (0, 0)):
        with pytest.raises(ValueError, match="do not fit together"):
            removal_refund(100, Removed(1, 1, 0, left, days))
    for removed, whole, before, refunded in ((2, 1, 0, 0), (-1, 1, 0, 0), (1, 1, 5, 4), (1, 1, 0, 101)):
        with pytest.raises(ValueError, match="do not fit together"):
            removal_refund(100, Removed(removed, whole), given=before, refunded=refunded)
