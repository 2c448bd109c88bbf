"""From pool to payees: exact, resumable, in chunks, through hold and debt."""

import sys
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from payments.models import Account, Journal, Settlement, SettlementLine
from payments.selectors import allotted
from payments.selectors.allotted import chunks_of
from payments.services import (
    allotting,
    refund_order,
    release_due_settlements,
    releasing,
    settle_all_pools,
    settle_pool,
    settling,
)
from payments.services.ledger import post
from tests.factories import UserFactory
from tests.integration.payments.audit import violations
from tests.integration.payments.market import Market, buy, offer, open_market

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    return open_market({"a": [1], "b": [1], "c": [1]})


@pytest.fixture
def days_later(monkeypatch: pytest.MonkeyPatch) -> "Clock":
    return Clock(monkeypatch)


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.real, self.patch = timezone.now, monkeypatch

    def __call__(self, days: int) -> None:
        self.patch.setattr(timezone, "now", lambda: self.real() + timedelta(days=days))


def refund(market: Market, sold_id: object, amount: int, ref: str) -> None:
    operator = UserFactory.create(is_staff=True)
    refund_order(actor=operator, order_id=sold_id, amount_minor=amount, reason="asked", refund_ref=ref)  # type: ignore[arg-type] # a UUID
    market.settle("USD")


def test_lines_say_how_each_share_came_about(market: Market) -> None:
    offered = offer(market, 10_000, "USD")
    buy(offered)
    market.settle("USD")
    buy(offered)
    market.settle("USD")
    second = Settlement.objects.get(n=2)
    assert (second.before_minor, second.net_minor, second.amount_minor, second.total_weight) == (
        10_000,
        20_000,
        10_000,
        30_000,
    )
    lines = {line.payee: line for line in second.lines.all()}
    shares = [
        (lines[payee].weight, lines[payee].before_minor, lines[payee].amount_minor) for payee in market.payees.values()
    ]
    assert shares == [(10_000, 3334, 3333), (10_000, 3333, 3334), (10_000, 3333, 3333)]
    assert violations() == []


def test_sales_between_two_runs_are_divided_together(market: Market) -> None:
    offered = offer(market, 10_000, "USD")
    for _ in range(3):
        buy(offered)
    market.settle("USD")
    assert Settlement.objects.count() == 1
    assert {line.amount_minor for line in SettlementLine.objects.all()} == {10_000}


def test_an_empty_pool_settles_nothing(market: Market) -> None:
    assert settle_pool(version_id=market.version.pk, currency="USD") is None
    buy(offer(market, 10_000, "USD"))
    market.settle("USD")
    assert settle_pool(version_id=market.version.pk, currency="USD") is None
    assert settle_all_pools() == 0
    assert Settlement.objects.count() == 1


def test_the_daily_net_finds_every_pool() -> None:
    first, second = open_market({"a": [1]}), open_market({"b": [1]})
    buy(offer(first, 10_000, "USD"))
    buy(offer(second, 1_000, "JPY"))
    assert settle_all_pools() == 2
    assert first.balances("USD")["a:held"] == 10_000
    assert second.balances("JPY")["b:held"] == 1_000


def test_the_steward_has_a_share_too() -> None:
    market = open_market({"a": [3], "b": [1]}, steward_bps=1000)
    buy(offer(market, 10_000, "USD"))
    market.settle("USD")
    held = Account.objects.filter(code__endswith=":held").values_list("owner_id", "balance")
    assert dict(held) == {
        market.payees["a"].pk: 6750,
        market.payees["b"].pk: 2250,
        market.dataset.organization_id: 1000,
    }


def test_chunks_survive_a_worker_that_dies_between_them(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allotting, "PAYEES_PER_CHUNK", 1)
    buy(offer(market, 10_000, "USD"))
    post_chunk, seen = settling._post_chunk, []

    def dies_in_the_second(settlement: Settlement, chunk: int, moves: dict[UUID, int]) -> None:
        seen.append(chunk)
        if len(seen) == 2:
            raise SystemExit
        post_chunk(settlement, chunk, moves)

    monkeypatch.setattr(settling, "_post_chunk", dies_in_the_second)
    with pytest.raises(SystemExit):
        market.settle("USD")
    assert market.balances("USD")["pool"] == 6666
    assert violations() == []
    market.settle("USD")
    assert seen == [0, 1, 0, 1, 2]
    assert market.balances("USD") == {
        "embedded:balance": -10_500,
        "fee": 500,
        "a:held": 3334,
        "b:held": 3333,
        "c:held": 3333,
    }
    assert Journal.objects.filter(event="settlement").count() == 3
    assert Settlement.objects.count() == 1
    assert violations() == []


def test_a_worker_that_dies_before_the_lines_are_stored_loses_nothing(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered = offer(market, 10_000, "USD")
    buy(offered)
    with monkeypatch.context() as patch:
        patch.setattr(allotting, "_store_chunk", lambda *_: sys.exit())
        with pytest.raises(SystemExit):
            market.settle("USD")
    assert (Settlement.objects.count(), SettlementLine.objects.count()) == (1, 0)
    assert market.balances("USD")["pool"] == 10_000
    assert violations() == []
    buy(offered)
    market.settle("USD")
    settled = list(Settlement.objects.order_by("n").values_list("n", "before_minor", "net_minor"))
    assert settled == [(1, 0, 10_000), (2, 10_000, 20_000)]
    balances = market.balances("USD")
    assert [balances[f"{name}:held"] for name in "abc"] == [6667, 6667, 6666]
    assert violations() == []


def test_chunks_are_found_page_by_page(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allotting, "PAYEES_PER_CHUNK", 1)
    buy(offer(market, 10_000, "USD"))
    market.settle("USD")
    whole = list(chunks_of(Settlement.objects.get()))
    assert whole == [(n, {payee.pk: 3334 - bool(n)}) for n, payee in enumerate(market.payees.values())]
    monkeypatch.setattr(allotted, "LINES_PER_PAGE", 2)
    assert list(chunks_of(Settlement.objects.get())) == whole


def test_accounts_are_opened_when_something_goes_there(market: Market, days_later: Clock) -> None:
    buy(offer(market, 10_000, "USD"))
    market.settle("USD")
    parts = Account.objects.filter(code__startswith="c:").values_list("code", flat=True)
    assert {code.rpartition(":")[2] for code in parts} == {"held"}
    days_later(15)
    release_due_settlements()
    assert {code.rpartition(":")[2] for code in parts.all()} == {"held", "due"}


def test_a_release_that_dies_between_chunks_ends_once(
    market: Market, days_later: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allotting, "PAYEES_PER_CHUNK", 1)
    buy(offer(market, 10_000, "USD"))
    market.settle("USD")
    days_later(15)
    release_to, seen = releasing.release_to, []

    def dies_in_the_second(*arguments: object, key: str) -> None:
        seen.append(key.rpartition(":")[2])
        if len(seen) == 2:
            raise SystemExit
        release_to(*arguments, key=key)  # type: ignore[arg-type] # handed on as they came

    monkeypatch.setattr(releasing, "release_to", dies_in_the_second)
    with pytest.raises(SystemExit):
        release_due_settlements()
    assert (market.balances("USD")["a:due"], market.balances("USD")["b:held"]) == (3334, 3333)
    assert Settlement.objects.get().released_at is None
    assert (release_due_settlements(), release_due_settlements()) == (1, 0)
    assert seen == ["0", "1", "0", "1", "2"]
    balances = market.balances("USD")
    assert [balances[f"{name}:due"] for name in "abc"] == [3334, 3333, 3333]
    assert Journal.objects.filter(event="release").count() == 3
    assert violations() == []


def test_held_money_is_released_after_the_hold_and_once(market: Market, days_later: Clock) -> None:
    buy(offer(market, 10_000, "USD"))
    market.settle("USD")
    assert release_due_settlements() == 0
    days_later(13)
    assert release_due_settlements() == 0
    days_later(15)
    assert (release_due_settlements(), release_due_settlements()) == (1, 0)
    assert market.balances("USD") == {
        "embedded:balance": -10_500,
        "fee": 500,
        "a:due": 3334,
        "b:due": 3333,
        "c:due": 3333,
    }
    Settlement.objects.update(released_at=None)
    assert release_due_settlements() == 1
    assert Journal.objects.filter(event="release").count() == 1
    assert violations() == []


def test_a_refund_in_the_hold_is_released_less(market: Market, days_later: Clock) -> None:
    sold = buy(offer(market, 10_000, "USD"))
    market.settle("USD")
    refund(market, sold.pk, 3333, "r1")
    days_later(15)
    release_due_settlements()
    assert {name: cents for name, cents in market.balances("USD").items() if ":" in name and name[0] in "abc"} == {
        "a:due": 2276,
        "b:due": 2275,
        "c:due": 2275,
    }
    assert violations() == []


def test_money_of_a_later_sale_stays_held(market: Market, days_later: Clock) -> None:
    offered = offer(market, 10_000, "USD")
    buy(offered)
    market.settle("USD")
    days_later(10)
    buy(offered)
    market.settle("USD")
    days_later(15)
    assert release_due_settlements() == 1
    balances = market.balances("USD")
    assert (balances["a:due"], balances["a:held"]) == (3334, 3333)
    days_later(25)
    assert release_due_settlements() == 1
    assert market.balances("USD")["a:due"] == 6667
    assert "a:held" not in market.balances("USD")


def test_a_refund_after_the_payout_is_a_debt_that_the_next_sale_repays(market: Market, days_later: Clock) -> None:
    offered = offer(market, 10_000, "USD")
    sold = buy(offered)
    market.settle("USD")
    days_later(15)
    release_due_settlements()
    a = market.payees["a"].pk
    post(key="paid:1", event="paid", currency="USD", legs={f"c:{a}:due": -3334, "unclaimed": 3334})
    refund(market, sold.pk, 10_500, "r1")
    balances = market.balances("USD")
    assert balances["a:owed"] == -3334
    assert {"a:held", "b:due", "c:due", "fee", "pool"}.isdisjoint(balances)
    days_later(16)
    buy(offered)
    market.settle("USD")
    assert "a:owed" not in market.balances("USD")
    assert "a:held" not in market.balances("USD")
    assert market.balances("USD")["b:held"] == 3333
    assert violations() == []


def test_a_full_refund_leaves_every_account_at_zero_and_ends_the_license(market: Market) -> None:
    sold = buy(offer(market, 9_999, "USD"))
    market.settle("USD")
    refund(market, sold.pk, 10_498, "r1")
    assert market.balances("USD") == {}
    sold.refresh_from_db()
    assert sold.state == "refunded"
    assert sold.offer.grants.get().state == "revoked"
    assert violations() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE payments_settlement SET net_minor = 1",
        "DELETE FROM payments_settlement",
        "UPDATE payments_settlementline SET amount_minor = 1",
        "DELETE FROM payments_settlementline",
        "DELETE FROM payments_settlementposting",
        "UPDATE payments_payment SET amount_minor = 1",
        "DELETE FROM payments_payment",
    ],
)
def test_facts_of_settlements_never_change(market: Market, statement: str) -> None:
    buy(offer(market, 10_000, "USD"))
    market.settle("USD")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert violations() == []
