"""Version 7 identifiers: valid, unlike each other, growing with time."""

import time
from uuid import RFC_4122

import time_machine
from hypothesis import given
from hypothesis import strategies as st

from collective.core.ids import new_id

MOMENTS = st.integers(0, 2**40)


def test_it_is_a_version_7_uuid_of_now() -> None:
    made = new_id()
    assert (made.version, made.variant) == (7, RFC_4122)
    assert abs((made.int >> 80) - time.time() * 1000) < 2000


def test_ids_do_not_repeat() -> None:
    assert len({new_id() for _ in range(10_000)}) == 10_000


@given(MOMENTS, MOMENTS)
def test_a_later_one_is_greater(first: int, second: int) -> None:
    made = []
    for moment in sorted((first, second)):
        with time_machine.travel(moment / 1000, tick=False):
            made.append(new_id())
    assert made[0].int >> 80 <= made[1].int >> 80
    assert [each.version for each in made] == [7, 7]
