"""A period's revenue when people leave in the middle of it."""

import random
from collections.abc import Iterable
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.domain.accrual import Stage, split_by_days
from payments.domain.shares import largest_remainder

T = TypeVar("T")
names = st.sampled_from("abcdef")
weights = st.dictionaries(names, st.integers(0, 10**12), min_size=1).filter(lambda table: sum(table.values()) > 0)


@st.composite
def leaving(draw: st.DrawFn) -> tuple[int, list[Stage[str]]]:
    """A period in which people leave, one day after another, and somebody may be left."""
    days, table = draw(st.integers(1, 400)), draw(weights)
    left = dict(table)
    stages = [Stage(0, table)]
    for day in sorted(draw(st.sets(st.integers(1, days - 1), max_size=5))) if days > 1 else []:
        left.pop(draw(st.sampled_from(sorted(table))), None)
        stages.append(Stage(day, dict(left)))
    return days, stages


@given(st.integers(-(10**12), 10**12), leaving(), st.sampled_from([1, 10]))
def test_the_sum_is_exact_and_nobody_is_debited(units: int, period: tuple[int, list[Stage[str]]], step: int) -> None:
    """G31 must never: lost cents, negative balance."""
    days, stages = period
    parts = split_by_days(units * step, days, stages, step=step)
    assert sum(parts.values()) == units * step
    assert all(part * units >= 0 and part % step == 0 for part in parts.values())


@given(st.integers(0, 10**12), leaving(), st.randoms(use_true_random=False))
def test_no_order_matters(total: int, period: tuple[int, list[Stage[str]]], chance: random.Random) -> None:
    days, stages = period
    mixed = [Stage(stage.first_day, dict(_mixed(stage.weights.items(), chance))) for stage in _mixed(stages, chance)]
    assert split_by_days(total, days, mixed) == split_by_days(total, days, stages)


@given(st.integers(0, 10**12), st.integers(1, 400), weights)
def test_a_whole_period_is_the_ordinary_split(total: int, days: int, table: dict[str, int]) -> None:
    assert split_by_days(total, days, [Stage(0, table)]) == largest_remainder(total, table)


@given(st.integers(0, 10**12), leaving())
def test_who_leaves_earns_their_days_and_no_more(total: int, period: tuple[int, list[Stage[str]]]) -> None:
    """Within a step per stage of the exact share: the days of each stage, divided by its weights."""
    days, stages = period
    parts = split_by_days(total, days, stages)
    ends = [stage.first_day for stage in stages[1:]] + [days]
    lived = [(end - stage.first_day, stage.weights) for stage, end in zip(stages, ends, strict=True)]
    shared = [(length, table) for length, table in lived if sum(table.values())]
    whole = sum(length for length, _ in shared)
    for name, part in parts.items():
        exact = sum(total * length * table.get(name, 0) / (whole * sum(table.values())) for length, table in shared)
        assert abs(part - exact) <= 2 * len(shared) + exact * 1e-9


def test_a_third_of_a_month() -> None:
    """90.00 among three; one leaves after ten of thirty days."""
    stages = [Stage(0, {"a": 1, "b": 1, "c": 1}), Stage(10, {"b": 1, "c": 1})]
    assert split_by_days(9_000, 30, stages) == {"a": 1_000, "b": 4_000, "c": 4_000}
    assert split_by_days(9_001, 30, stages) == {"a": 1_000, "b": 4_001, "c": 4_000}


def test_days_without_anybody_count_for_nobody() -> None:
    stages = [Stage(0, {"a": 1, "b": 2}), Stage(10, {"b": 2}), Stage(20, dict[str, int]())]
    assert split_by_days(600, 30, stages) == {"a": 100, "b": 500}


@pytest.mark.parametrize(
    ("days", "stages"),
    [
        (0, [Stage(0, {"a": 1})]),
        (30, [Stage(30, {"a": 1})]),
        (30, [Stage(-1, {"a": 1})]),
        (30, [Stage(0, {"a": 1}), Stage(0, {"b": 1})]),
        (30, [Stage(0, {"a": 0})]),
        (30, list[Stage[str]]()),
    ],
)
def test_what_is_no_period_is_refused(days: int, stages: list[Stage[str]]) -> None:
    with pytest.raises(ValueError, match="divide"):
        split_by_days(100, days, stages)


def _mixed(items: Iterable[T], chance: random.Random) -> list[T]:
    mixed = list(items)
    chance.shuffle(mixed)
    return mixed
