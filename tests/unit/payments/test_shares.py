"""Dividing money: exact, fair to a unit, and independent of order."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payments.domain.shares import cumulative_step, largest_remainder

weights = st.dictionaries(st.integers(0, 30), st.integers(0, 10**9), min_size=1, max_size=12).filter(
    lambda table: sum(table.values()) > 0
)
totals = st.integers(-(10**12), 10**12)
steps = st.sampled_from([1, 10, 100])


@settings(max_examples=1000)
@given(totals, weights, steps)
def test_parts_sum_to_the_total_and_lie_around_the_quota(units: int, table: dict[int, int], step: int) -> None:
    total, whole = units * step, sum(table.values())
    parts = largest_remainder(total, table, step=step)
    assert sum(parts.values()) == total
    assert parts.keys() == table.keys()
    for key, part in parts.items():
        assert part % step == 0
        assert abs(part * whole - total * table[key]) < step * whole
        assert table[key] or part == 0


@settings(max_examples=1000)
@given(totals, weights, st.randoms(use_true_random=False))
def test_order_does_not_matter(total: int, table: dict[int, int], rng: random.Random) -> None:
    shuffled = list(table.items())
    rng.shuffle(shuffled)
    assert largest_remainder(total, dict(shuffled)) == largest_remainder(total, table)


@settings(max_examples=1000)
@given(st.integers(0, 10**12), weights)
def test_more_weight_never_gets_less_and_negative_totals_mirror(total: int, table: dict[int, int]) -> None:
    parts = largest_remainder(total, table)
    ordered = [parts[key] for key in sorted(table, key=lambda key: (table[key], -key))]
    assert ordered == sorted(ordered)
    assert largest_remainder(-total, table) == {key: -part for key, part in parts.items()}


@settings(max_examples=1000)
@given(weights, st.lists(st.integers(0, 10**7), min_size=1, max_size=30), steps)
def test_cumulative_steps_never_move_against_the_total(table: dict[int, int], nets: list[int], step: int) -> None:
    done, net, whole = dict.fromkeys(table, 0), 0, sum(table.values())
    for units in [*nets, 0]:
        after = units * step
        moves = cumulative_step(after, table, done, step=step)
        assert sum(moves.values()) == after - net
        assert all(move * (after - net) >= 0 for move in moves.values())
        done, net = {key: done[key] + moves[key] for key in table}, after
        assert min(done.values()) >= 0
        # Taking back one step from the largest mover can add at most a step or so to the rounding.
        assert all(abs(done[key] * whole - net * table[key]) < 2 * step * whole for key in table)
    assert done == dict.fromkeys(table, 0)


def test_the_leftover_goes_by_remainder_then_weight_then_key() -> None:
    assert largest_remainder(10_000, {"b": 1, "c": 1, "a": 1}) == {"a": 3334, "b": 3333, "c": 3333}
    assert largest_remainder(1, {"b": 1, "c": 1, "a": 1}) == {"a": 1, "b": 0, "c": 0}
    assert largest_remainder(8501, {"a": 1, "b": 1, "c": 0}) == {"a": 4251, "b": 4250, "c": 0}
    assert largest_remainder(2, {"small": 1, "large": 3}) == {"small": 0, "large": 2}


def test_what_cannot_be_divided_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot divide 100"):
        largest_remainder(100, {"a": 0})
    with pytest.raises(ValueError, match="cannot divide 100"):
        largest_remainder(100, {"a": 2, "b": -1})
    with pytest.raises(ValueError, match="in steps of 10"):
        largest_remainder(101, {"a": 1}, step=10)


def test_a_dip_of_one_unit_is_taken_from_the_largest_mover() -> None:
    """With 3 of 7 and 4 of 7 of weights 1, 3, 3 the targets change places; nobody is asked to give a cent back."""
    table, done = {"a": 1, "b": 3, "c": 3}, {"a": 1, "b": 1, "c": 1}
    assert largest_remainder(4, table) == {"a": 0, "b": 2, "c": 2}
    assert cumulative_step(4, table, done) == {"a": 0, "b": 0, "c": 1}
