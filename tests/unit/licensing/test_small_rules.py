"""Ranges, the fold of consent, and the status list."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensing.domain import ranges, status_list
from licensing.domain.states import GRANT_STATES, KEY_STATES, LICENSE_STATES, OFFER_STATES

numbers = st.tuples(*(st.integers(0, 30) for _ in range(3)))


@pytest.mark.parametrize(
    ("range_", "number", "inside"),
    [
        ("^1.0", "1.0.0", True),
        ("^1.0", "1.0.7", True),
        ("^1.0", "1.9.0", True),
        ("^1.2", "1.1.9", False),
        ("^1.0", "2.0.0", False),
        ("^1.10", "1.9.0", False),
        ("^1.9", "1.10.0", True),
    ],
)
def test_caret(range_: str, number: str, inside: bool) -> None:
    assert ranges.covers(range_, number) is inside


@given(numbers, numbers)
def test_a_range_holds_its_own_and_later_numbers_of_the_major_line(
    first: tuple[int, int, int], other: tuple[int, int, int]
) -> None:
    own, asked = (".".join(map(str, each)) for each in (first, other))
    range_ = ranges.caret_of(own)
    assert ranges.covers(range_, own)
    assert ranges.covers(range_, asked) == (other[0] == first[0] and other[1] >= first[1])


@given(st.sets(st.integers(0, status_list.SIZE - 1), max_size=20), st.integers(0, status_list.SIZE - 1))
def test_the_list_says_who_is_revoked(revoked: set[int], index: int) -> None:
    encoded = status_list.encode(revoked)
    assert status_list.is_set(encoded, index) == (index in revoked)
    assert all(status_list.is_set(encoded, each) for each in revoked)


def test_bit_zero_is_leftmost_and_nonsense_is_refused() -> None:
    assert status_list.encode([0]) != status_list.encode([7])
    for wrong in ("", "x", "uAAAA", status_list.encode([])[:-20]):
        with pytest.raises(ValueError):  # noqa: PT011 - each says something else
            status_list.is_set(wrong, 0)
    for place in (-1, status_list.SIZE):
        with pytest.raises(ValueError, match="no such place"):
            status_list.is_set(status_list.encode([]), place)


@pytest.mark.parametrize("table", [GRANT_STATES, KEY_STATES, LICENSE_STATES, OFFER_STATES])
def test_every_state_can_be_reached(table: Any) -> None:
    reached, waiting = set(), {table.initial}
    while waiting:
        reached |= waiting
        waiting = {after for state in waiting for after in table.transitions[state]} - reached
    assert reached == set(table.transitions)
