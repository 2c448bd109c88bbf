"""Money as text and as minor units: exact in every currency, and nothing else is read as money."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collective.core.domain.money import (
    CURRENCIES,
    MixedCurrenciesError,
    Money,
    UnknownCurrencyError,
    currency_of,
    parse_minor,
)
from collective.core.errors import InvalidError

CODES = st.sampled_from(sorted(CURRENCIES))


@given(st.integers(0, 10**11), CODES)
def test_text_and_back(minor: int, code: str) -> None:
    assert parse_minor(Money(minor, code).decimal(), code) == minor


@given(st.integers(-(10**15), 10**15), st.integers(-(10**15), 10**15), CODES)
def test_adding_is_adding_integers(left: int, right: int, code: str) -> None:
    assert Money(left, code) + Money(right, code) == Money(left + right, code)
    assert Money(left, code) + -Money(left, code) == Money(0, code)


@pytest.mark.parametrize(
    ("minor", "code", "text"),
    [
        (1250, "EUR", "12.50"),
        (5, "EUR", "0.05"),
        (0, "EUR", "0.00"),
        (-5, "EUR", "-0.05"),
        (-1250, "USD", "-12.50"),
        (500, "JPY", "500"),
        (-1, "JPY", "-1"),
        (12345, "KWD", "12.345"),
        (7, "KWD", "0.007"),
        (123_456_789, "EUR", "1,234,567.89"),
        (-100_000, "EUR", "-1,000.00"),
        (1_234_567, "JPY", "1,234,567"),
    ],
)
def test_as_text(minor: int, code: str, text: str) -> None:
    assert str(Money(minor, code)) == f"{text} {code}"


@pytest.mark.parametrize(
    ("text", "code", "minor"),
    [
        ("12.5", "EUR", 1250),
        ("12", "EUR", 1200),
        (" 12.50 ", "EUR", 1250),
        ("0", "JPY", 0),
        ("1.234", "KWD", 1234),
        ("12.", "EUR", 1200),
    ],
)
def test_reading(text: str, code: str, minor: int) -> None:
    assert parse_minor(text, code) == minor


@pytest.mark.parametrize(
    "text",
    ["", ".", ".5", "-1", "+1", "1,5", "1.234", "1e3", "0x10", "١٢", "1 000", "1.2.3", "NaN", "1" * 13, "1_000", "²"],
)
def test_what_is_not_plainly_an_amount_is_refused(text: str) -> None:
    with pytest.raises(InvalidError):
        parse_minor(text, "EUR")


def test_yen_have_no_fraction() -> None:
    with pytest.raises(InvalidError):
        parse_minor("5.0", "JPY")


def test_currencies_do_not_mix() -> None:
    with pytest.raises(MixedCurrenciesError, match="EUR and USD cannot be added"):
        Money(1, "EUR") + Money(1, "USD")


@pytest.mark.parametrize("code", ["XXX", "eur", "", "BTC"])
def test_an_unknown_currency_is_refused(code: str) -> None:
    with pytest.raises(UnknownCurrencyError):
        currency_of(code)
    with pytest.raises(UnknownCurrencyError):
        Money(1, code)
