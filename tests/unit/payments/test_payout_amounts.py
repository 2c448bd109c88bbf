"""How much is sent at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collective.core.domain.money import CURRENCIES
from payments.domain.payouts import THRESHOLDS, left_unclaimed, transferable

AMOUNTS = st.integers(min_value=0, max_value=10**12)


def test_every_currency_has_a_threshold_that_can_be_sent() -> None:
    assert set(THRESHOLDS) == set(CURRENCIES)
    for code, least in THRESHOLDS.items():
        assert least % CURRENCIES[code].payout_step == 0
        assert transferable(code, due=least, held=0, disputed=0) == least
        assert transferable(code, due=least - 1, held=0, disputed=0) == 0


@pytest.mark.parametrize(
    ("currency", "due", "held", "disputed", "sent"),
    [
        ("USD", 2_834, 0, 0, 2_834),
        ("USD", 999, 10_000, 0, 0),
        ("USD", 5_000, 0, 2_000, 3_000),
        ("USD", 5_000, 1_500, 2_000, 4_500),
        ("USD", 5_000, 2_000, 2_000, 5_000),
        ("USD", 5_000, 0, 4_500, 0),
        ("USD", 5_000, 0, 9_000, 0),
        ("HUF", 425_099, 0, 0, 425_000),
        ("ISK", 150_199, 0, 100, 150_000),
        ("KWD", 3_019, 0, 0, 3_010),
        ("JPY", 1_501, 0, 0, 1_501),
    ],
)
def test_what_a_dispute_may_take_stays_held_first(currency: str, due: int, held: int, disputed: int, sent: int) -> None:
    assert transferable(currency, due=due, held=held, disputed=disputed) == sent


@given(st.sampled_from(sorted(CURRENCIES)), AMOUNTS, AMOUNTS, AMOUNTS)
def test_never_more_than_is_due_and_free(currency: str, due: int, held: int, disputed: int) -> None:
    sent = transferable(currency, due=due, held=held, disputed=disputed)
    assert 0 <= sent <= due
    assert sent % CURRENCIES[currency].payout_step == 0
    assert sent == 0 or (sent >= THRESHOLDS[currency] and due - sent + held >= disputed)


def test_the_oldest_part_counts_as_paid_first() -> None:
    assert left_unclaimed(5_000, 0) == 5_000
    assert left_unclaimed(5_000, 1_000) == 4_000
    assert left_unclaimed(5_000, 6_000) == 0
