"""Where a payee's share goes, the chart of accounts, and shares as text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collective.core.ids import new_id
from payments.domain import chart
from payments.domain.booking import book_leg
from payments.domain.percent import bps_text, percent

amounts = st.integers(0, 10**9)


@pytest.mark.parametrize(
    ("amount", "held", "due", "owed", "expected"),
    [
        (100, 0, 0, 0, {"held": 100}),
        (100, 50, 70, -30, {"owed": 30, "held": 70}),
        (100, 0, 0, -300, {"owed": 100}),
        (-100, 150, 70, 0, {"held": -100}),
        (-100, 60, 70, 0, {"held": -60, "due": -40}),
        (-100, 60, 30, -5, {"held": -60, "due": -30, "owed": -10}),
        (0, 60, 30, -5, {}),
    ],
)
def test_debt_first_then_held_then_payable(
    amount: int, held: int, due: int, owed: int, expected: dict[str, int]
) -> None:
    assert book_leg(amount, held=held, due=due, owed=owed) == expected


@settings(max_examples=1000)
@given(st.integers(-(10**9), 10**9), amounts, amounts, amounts)
def test_parts_sum_and_nothing_passes_zero(amount: int, held: int, due: int, debt: int) -> None:
    parts = book_leg(amount, held=held, due=due, owed=-debt)
    assert sum(parts.values()) == amount
    assert 0 not in parts.values()
    assert held + parts.get("held", 0) >= 0
    assert due + parts.get("due", 0) >= 0
    assert -debt + parts.get("owed", 0) <= 0


def test_every_code_has_a_rule_and_nothing_else_has() -> None:
    payee, version = new_id(), new_id()
    assert chart.rule_of(chart.pool_code(version)).kind == chart.LIABILITY
    held, owed = chart.rule_of(chart.payee_code(payee, "held")), chart.rule_of(chart.payee_code(payee, "owed"))
    assert (held.may_go_debit, held.may_go_credit, owed.may_go_debit, owed.may_go_credit) == (False, True, True, False)
    assert chart.payee_of(chart.payee_code(payee, "due")) == payee
    assert chart.payee_of(chart.pool_code(version)) is None
    for unknown in ("slush", "c:1:held", f"c:{payee}:spent", "fee "):
        with pytest.raises(ValueError, match="not in the chart"):
            chart.rule_of(unknown)


def test_shares_as_text() -> None:
    assert [percent(1, 3), percent(2, 3), percent(1, 1), percent(0, 7)] == ["33.33 %", "66.66 %", "100.00 %", "0.00 %"]
    assert [bps_text(500), bps_text(250), bps_text(1505), bps_text(0)] == ["5 %", "2.5 %", "15.05 %", "0 %"]
