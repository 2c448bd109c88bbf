"""What a coupon takes off, and how a code is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collective.core.domain.money import CURRENCIES, currency_of
from payments.domain.coupons import CODE, discount, new_code, normal_code


@pytest.mark.parametrize(
    ("price", "currency", "off", "expected"),
    [
        (10_000, "EUR", {"percent": 20}, 2000),
        (10_000, "EUR", {"percent": 100}, 10_000),
        (999, "EUR", {"percent": 33}, 329),
        (10_000, "EUR", {"amount_minor": 2500}, 2500),
        (10_000, "EUR", {"amount_minor": 20_000}, 10_000),
        # 0.20 would be left, which nobody can charge.
        (10_000, "EUR", {"amount_minor": 9980}, 9950),
        (50, "EUR", {"percent": 50}, 0),
        (10_005, "KWD", {"percent": 33}, 3300),
        (1000, "ISK", {"amount_minor": 950}, 900),
        (0, "EUR", {"percent": 50}, 0),
    ],
)
def test_a_discount_leaves_nothing_or_what_can_be_charged(
    price: int, currency: str, off: dict[str, int], expected: int
) -> None:
    assert discount(price, currency, **off) == expected


@given(
    steps=st.integers(min_value=0, max_value=10**9),
    currency=st.sampled_from(sorted(CURRENCIES)),
    percent=st.integers(min_value=0, max_value=100),
    amount=st.integers(min_value=0, max_value=10**12),
)
def test_what_is_left_is_a_price(steps: int, currency: str, percent: int, amount: int) -> None:
    rules = currency_of(currency)
    price = steps * rules.charge_step
    if 0 < price < rules.minimum_price:
        return
    off = discount(price, currency, percent=percent, amount_minor=amount)
    left = price - off
    assert 0 <= off <= price
    assert left % rules.charge_step == 0
    assert left == 0 or left >= rules.minimum_price


def test_codes_are_read_as_people_write_them() -> None:
    assert normal_code(" spring-\u00a02026 ") == "SPRING-2026"
    assert normal_code("\uff33pring") == "SPRING"
    made = {new_code() for _ in range(100)}
    assert len(made) == 100
    assert all(CODE.fullmatch(code) and normal_code(code) == code for code in made)
