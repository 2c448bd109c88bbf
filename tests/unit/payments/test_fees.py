"""The fee schedule, and giving money back in steps."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collective.core.domain.money import CURRENCIES
from payments.domain.fees import FeeSchedule, Quote, quote
from payments.domain.refunds import refund_step

INCLUDED, ADDED = FeeSchedule("included", 1500), FeeSchedule("added", 500)


@pytest.mark.parametrize(
    ("case", "price", "currency", "schedule", "tax_bps", "expected"),
    [
        ("P1", 10_000, "USD", INCLUDED, 0, (1500, 0, 8500, 10_000)),
        ("P2", 1, "USD", INCLUDED, 0, (0, 0, 1, 1)),
        ("P5", 1000, "JPY", INCLUDED, 0, (150, 0, 850, 1000)),
        ("P6", 10_000, "KWD", INCLUDED, 0, (1500, 0, 8500, 10_000)),
        ("P7", 10_000, "EUR", INCLUDED, 1900, (1500, 1900, 8500, 11_900)),
        ("Q1", 10_000, "USD", ADDED, 0, (500, 0, 10_000, 10_500)),
        ("Q3", 1000, "JPY", ADDED, 0, (50, 0, 1000, 1050)),
        ("Q4", 10_000, "EUR", ADDED, 1900, (500, 1995, 10_000, 12_495)),
        ("a fee is floored to the step", 10_010, "KWD", ADDED, 0, (500, 0, 10_010, 10_510)),
        ("a fixed fee", 10_000, "EUR", FeeSchedule("added", 500, 25), 0, (525, 0, 10_000, 10_525)),
        ("no more than the price", 10, "EUR", FeeSchedule("included", 500, 25), 0, (10, 0, 0, 10)),
        ("free stays free", 0, "EUR", FeeSchedule("added", 500, 25), 0, (0, 0, 0, 0)),
    ],
)
def test_quotes(
    case: str, price: int, currency: str, schedule: FeeSchedule, tax_bps: int, expected: tuple[int, ...]
) -> None:
    made = quote(price, currency, schedule, tax_bps=tax_bps)
    assert (made.fee_minor, made.tax_minor, made.pool_minor, made.total_minor) == expected, case


@settings(max_examples=1000)
@given(
    st.sampled_from(sorted(CURRENCIES)),
    st.integers(0, 10**12),
    st.sampled_from(["added", "included"]),
    st.integers(0, 10_000),
    st.integers(0, 500),
    st.integers(0, 3000),
)
def test_no_part_is_negative_and_all_are_chargeable(
    currency: str, units: int, mode: str, bps: int, fixed: int, tax_bps: int
) -> None:
    step = CURRENCIES[currency].charge_step
    made: Quote = quote(units * step, currency, FeeSchedule(mode, bps, fixed), tax_bps=tax_bps)  # type: ignore[arg-type] # drawn from both
    for part in (made.fee_minor, made.tax_minor, made.pool_minor, made.total_minor):
        assert part >= 0
        assert part % step == 0
    bought = made.price_minor if mode == "included" else made.price_minor + made.fee_minor
    assert made.total_minor == bought + made.tax_minor


def test_impossible_prices_and_fees_are_refused() -> None:
    with pytest.raises(ValueError, match="multiple of 10"):
        quote(2834, "KWD", ADDED)
    with pytest.raises(ValueError, match="not a price"):
        quote(-1, "EUR", ADDED)
    with pytest.raises(ValueError, match="not possible"):
        FeeSchedule("added", 10_001)


def test_three_refunds_of_p1_leave_nothing() -> None:
    """P8, P9, P10 over fee and contributors directly."""
    parts = {"fee": 1500, "a": 2834, "b": 2833, "c": 2833}
    done = dict.fromkeys(parts, 0)
    steps = []
    for total in (3333, 6666, 10_000):
        step = refund_step(parts, done, 10_000, total)
        done = {key: done[key] + step[key] for key in parts}
        steps.append(step)
    assert steps == [
        {"fee": 500, "a": 945, "b": 944, "c": 944},
        {"fee": 500, "a": 944, "b": 945, "c": 944},
        {"fee": 500, "a": 945, "b": 944, "c": 945},
    ]
    assert done == parts


def test_q2_refunds_price_and_fee_together() -> None:
    parts = {"tax": 0, "fee": 500, "pool": 10_000}
    first = refund_step(parts, dict.fromkeys(parts, 0), 10_500, 3333)
    second = refund_step(parts, first, 10_500, 6666)
    both = {key: first[key] + second[key] for key in parts}
    assert first == {"tax": 0, "fee": 159, "pool": 3174}
    assert second == {"tax": 0, "fee": 158, "pool": 3175}
    assert refund_step(parts, both, 10_500, 10_500) == {"tax": 0, "fee": 183, "pool": 3651}


@settings(max_examples=1000)
@given(st.tuples(*[st.integers(0, 10**7)] * 3).filter(any), st.lists(st.integers(0, 10**4), max_size=20))
def test_any_series_of_refunds_that_reaches_the_whole_leaves_nothing(
    amounts: tuple[int, int, int], points: list[int]
) -> None:
    parts = dict(zip(("tax", "fee", "pool"), amounts, strict=True))
    gross = sum(amounts)
    done = dict.fromkeys(parts, 0)
    for total in sorted({gross * point // 10**4 for point in points} | {gross}):
        step = refund_step(parts, done, gross, total)
        assert sum(step.values()) == total - sum(done.values())
        assert all(0 <= step[key] <= parts[key] - done[key] for key in parts)
        done = {key: done[key] + step[key] for key in parts}
    assert done == parts


def test_a_refund_never_passes_the_sale() -> None:
    with pytest.raises(ValueError, match="cannot become 11 of 10"):
        refund_step({"fee": 10}, {"fee": 0}, 10, 11)
