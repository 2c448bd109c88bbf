"""Posting: balances, replays, conflicts, reversals."""

import pytest

from payments.errors import InsufficientFundsError, LedgerConflictError
from payments.models import Account, Entry, Journal, Seal
from payments.services.ledger import post

pytestmark = pytest.mark.django_db

POOL = "pool:00000000-0000-7000-8000-000000000001"
LEGS = {"embedded:balance": -10_500, "fee": 500, POOL: 10_000}


def balances() -> dict[str, int]:
    return dict(Account.objects.values_list("code", "balance"))


def test_a_sale_moves_balances_and_is_sealed() -> None:
    posting = post(key="sale:1", event="sale", currency="USD", legs=LEGS)
    assert posting.is_new
    assert posting.journal is not None
    assert balances() == LEGS
    assert posting.journal.n == 3
    assert list(posting.journal.entries.order_by("seq").values_list("seq", "amount")) == [
        (1, -10_500),
        (2, 500),
        (3, 10_000),
    ]
    assert Seal.objects.filter(pk=posting.journal.pk).count() == 1
    assert set(Account.objects.values_list("version", flat=True)) == {1}


def test_the_same_fact_twice_is_one_journal() -> None:
    first = post(key="sale:1", event="sale", currency="USD", legs=LEGS)
    second = post(key="sale:1", event="sale", currency="USD", legs=dict(reversed(LEGS.items())))
    assert (second.journal, second.is_new) == (first.journal, False)
    assert Journal.objects.count() == 1
    assert balances() == LEGS


@pytest.mark.parametrize(
    "other",
    [
        {"event": "gift"},
        {"currency": "EUR"},
        {"legs": {"embedded:balance": -10_501, "fee": 501, POOL: 10_000}},
        {"legs": {"embedded:balance": -10_500, "tax": 500, POOL: 10_000}},
    ],
)
def test_the_same_key_for_another_fact_is_a_conflict(other: dict[str, object]) -> None:
    fact: dict[str, object] = {"key": "sale:1", "event": "sale", "currency": "USD", "legs": LEGS}
    post(**fact)  # type: ignore[arg-type] # a table of arguments
    with pytest.raises(LedgerConflictError):
        post(**{**fact, **other})  # type: ignore[arg-type] # as above
    assert Journal.objects.count() == 1
    assert Entry.objects.count() == 3


def test_nothing_to_move_posts_nothing() -> None:
    posting = post(key="sale:1", event="sale", currency="USD", legs={"fee": 0, POOL: 0})
    assert (posting.journal, posting.is_new) == (None, False)
    assert not Journal.objects.exists()
    assert not Account.objects.exists()


def test_legs_that_do_not_balance_or_are_unknown_are_refused() -> None:
    with pytest.raises(ValueError, match="sum to 1"):
        post(key="sale:1", event="sale", currency="USD", legs={"fee": 1})
    with pytest.raises(ValueError, match="not in the chart"):
        post(key="sale:1", event="sale", currency="USD", legs={"fee": 1, "slush": -1})
    assert not Journal.objects.exists()


def test_an_account_never_passes_zero() -> None:
    held = "c:00000000-0000-7000-8000-000000000002:in_transit"
    with pytest.raises(InsufficientFundsError) as caught:
        post(key="pay:1", event="pay", currency="USD", legs={held.replace("in_transit", "due"): -1, "fee": 1})
    assert caught.value.code == "insufficient_funds"
    with pytest.raises(InsufficientFundsError):
        post(key="refund:1", event="refund", currency="USD", legs={"embedded:balance": 1, "fee": -1})
    assert not Journal.objects.exists()


def test_a_journal_is_reversed_at_most_once() -> None:
    sale = post(key="sale:1", event="sale", currency="USD", legs=LEGS).journal
    assert sale is not None
    mirrored = {code: -amount for code, amount in LEGS.items()}
    post(key="undo:1", event="undo", currency="USD", legs=mirrored, reverses=sale)
    assert balances() == dict.fromkeys(LEGS, 0)
    post(key="sale:2", event="sale", currency="USD", legs=LEGS)
    with pytest.raises(Exception, match=r"(?i)unique|replaced"):
        post(key="undo:2", event="undo", currency="USD", legs=mirrored, reverses=sale)
    assert Journal.objects.filter(event="undo").count() == 1
    assert balances() == LEGS


def test_amounts_of_a_trillion_stay_exact() -> None:
    legs = {"embedded:balance": -1_050_000_000_001, "fee": 50_000_000_000, POOL: 1_000_000_000_001}
    post(key="sale:1", event="sale", currency="JPY", legs=legs)
    assert balances() == legs
