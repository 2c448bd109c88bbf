"""Many at once: threads with their own connections, on either database."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connection

from collective.core.errors import DomainError
from collective.core.models import Job
from licensing.models import LicenseGrant
from payments.errors import InsufficientFundsError
from payments.models import Account, Journal, Order, Payment
from payments.services import pay_simulated, refund_order, settle_pool
from payments.services.ledger import post
from tests.factories import OrganizationFactory, UserFactory
from tests.integration.payments.audit import violations
from tests.integration.payments.market import buy, offer, open_market, order

pytestmark = pytest.mark.django_db(transaction=True)

Outcome = TypeVar("Outcome")
THREADS = 8


def at_once(count: int, act: Callable[[int], Outcome]) -> list[Outcome]:
    """`act(0) … act(count − 1)`, all starting together, each in a thread of its own."""
    start = Barrier(count)

    def run(number: int) -> Outcome:
        try:
            start.wait()
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_payouts_from_one_account() -> None:
    """240 tries to take 100 out of 2834, every key twice: 28 new, 28 replays, 184 refusals, 34 left."""
    payee = OrganizationFactory.create()
    due, transit = f"c:{payee.pk}:due", f"c:{payee.pk}:in_transit"
    post(key="sale:1", event="sale", currency="USD", legs={"embedded:balance": -2834, due: 2834})

    def pay_out(thread: int) -> Counter[str]:
        seen: Counter[str] = Counter()
        for number in range(30):
            key = f"transfer:{(thread * 30 + number) % 120}"
            try:
                posting = post(key=key, event="transfer", currency="USD", legs={due: -100, transit: 100})
                seen["new" if posting.is_new else "replay"] += 1
            except InsufficientFundsError:
                seen["refused"] += 1
        return seen

    total = sum(at_once(THREADS, pay_out), Counter())
    assert total == Counter(new=28, replay=28, refused=184)
    assert dict(Account.objects.values_list("code", "balance")) == {"embedded:balance": -2834, due: 34, transit: 2800}
    # The ledger alone: there are no rows of transfers behind these.
    assert violations("D5") == []


def test_the_same_fact_posted_by_everybody_is_one_journal() -> None:
    legs = {"embedded:balance": -100, "fee": 100}
    postings = at_once(16, lambda _: post(key="sale:1", event="sale", currency="USD", legs=legs))
    assert sum(posting.is_new for posting in postings) == 1
    assert len({posting.entered.pk for posting in postings}) == 1
    assert Account.objects.get(code="fee").balance == 100


def test_one_key_over_different_accounts_has_one_winner() -> None:
    def act(number: int) -> str:
        try:
            code = "fee" if number % 2 else "tax"
            post(key="sale:1", event="sale", currency="USD", legs={"embedded:balance": -100, code: 100})
        except DomainError as error:
            return error.code
        return "posted"

    outcomes = Counter(at_once(8, act))
    assert outcomes == Counter(posted=4, ledger_conflict=4)
    assert Journal.objects.count() == 1


def test_one_order_one_payment_one_license() -> None:
    market, buyer = open_market({"a": [1], "b": [1]}), UserFactory.create()
    offered = offer(market, 10_000, "USD")
    orders = at_once(16, lambda _: order(offered, buyer, client_ref="cart-1"))
    assert {each.pk for each in orders} == set(Order.objects.values_list("pk", flat=True))
    assert len({each.pk for each in orders}) == 1
    paid = at_once(16, lambda _: pay_simulated(actor=buyer, order_id=orders[0].pk))
    assert {each.state for each in paid} == {"paid"}
    assert (Payment.objects.count(), LicenseGrant.objects.count()) == (1, 1)
    assert list(Journal.objects.values_list("key", flat=True)) == [f"sale:{orders[0].pk}"]
    assert Job.objects.filter(name="payments.settle_pool").count() == 2
    assert market.balances("USD") == {"embedded:balance": -10_500, "fee": 500, "pool": 10_000}
    assert violations() == []


def test_a_free_order_placed_by_impatience_is_one_license() -> None:
    market, buyer = open_market({"a": [1]}), UserFactory.create()
    offered = offer(market, 0, "USD")
    orders = at_once(16, lambda _: order(offered, buyer, client_ref="cart-1"))
    assert {each.state for each in Order.objects.filter(pk__in={each.pk for each in orders})} == {"free"}
    assert (Order.objects.count(), LicenseGrant.objects.count(), Journal.objects.count()) == (1, 1, 0)


def test_of_two_orders_for_one_license_one_is_paid() -> None:
    market, buyer = open_market({"a": [1]}), UserFactory.create()
    offered = offer(market, 10_000, "USD")
    orders = [order(offered, buyer), order(offered, buyer)]

    def pay(number: int) -> str:
        try:
            return pay_simulated(actor=buyer, order_id=orders[number].pk).state
        except DomainError as error:
            return error.code

    assert sorted(at_once(2, pay)) == ["already_licensed", "paid"]
    assert sorted(Order.objects.values_list("state", flat=True)) == ["awaiting_payment", "paid"]
    assert Account.objects.get(code="fee").balance == 500
    assert violations() == []


def test_sales_refunds_and_settlements_at_once_lose_nothing() -> None:
    market, operator = open_market({"a": [1], "b": [1], "c": [1]}), UserFactory.create(is_staff=True)
    offered = offer(market, 9_999, "USD")
    sold = [buy(offered) for _ in range(6)]
    waiting = [order(offered) for _ in range(6)]

    def act(number: int) -> None:
        refund_order(
            actor=operator, order_id=sold[number].pk, amount_minor=777 + number, reason="asked", refund_ref=f"r{number}"
        )
        settle_pool(version_id=market.version.pk, currency="USD")
        pay_simulated(actor=waiting[number].buyer, order_id=waiting[number].pk)
        settle_pool(version_id=market.version.pk, currency="USD")

    at_once(6, act)
    market.settle("USD")
    assert violations() == []
    balances = market.balances("USD")
    assert "pool" not in balances
    assert sum(balances.values()) == 0
    assert balances["embedded:balance"] == -(12 * (9_999 + 499)) + sum(777 + number for number in range(6))
    held = sorted(balances[f"{name}:held"] for name in "abc")
    assert held[-1] - held[0] <= 2
