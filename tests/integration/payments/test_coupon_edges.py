"""Coupons where it is close: steps of currencies, the end of their time, nothing left to pay, and many at once."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from collective.core.states import WrongStateError
from licensing.errors import ByRequestError
from licensing.models import LicenseGrant
from licensing.services import approve_access, request_access
from licensing.services.access import Asked
from payments.errors import CouponOverError
from payments.models import Coupon, Journal, Order
from payments.services import cancel_order, end_coupon, expire_orders, pay_simulated
from tests.factories import UserFactory
from tests.integration.payments.audit import violations
from tests.integration.payments.market import Market, legs_of, offer, open_market
from tests.integration.payments.test_at_once import at_once
from tests.integration.payments.test_coupons import coupon, order_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    return open_market({"a": [3], "b": [1]})


@pytest.mark.parametrize(
    ("mode", "currency", "price", "terms", "parts"),
    [
        ("added", "EUR", 10_001, {"percent": 33}, {"fee": 335, "pool": 6701}),
        ("included", "EUR", 10_001, {"percent": 33}, {"fee": 335, "pool": 6366}),
        ("added", "KWD", 10_010, {"percent": 33}, {"fee": 330, "pool": 6710}),
        ("included", "KWD", 10_010, {"percent": 33}, {"fee": 330, "pool": 6380}),
        ("added", "JPY", 1001, {"percent": 33}, {"fee": 33, "pool": 671}),
        ("added", "ISK", 100_000, {"percent": 33}, {"fee": 3300, "pool": 67_000}),
        # What is left is never less than can be charged.
        ("added", "EUR", 100, {"percent": 99}, {"fee": 2, "pool": 50}),
        ("included", "EUR", 100, {"percent": 0, "amount_minor": 99, "currency": "EUR"}, {"fee": 2, "pool": 48}),
    ],
)
def test_what_is_left_is_divided_to_the_last_unit(
    market: Market, mode: str, currency: str, price: int, terms: dict[str, Any], parts: dict[str, int]
) -> None:
    made, total = coupon(market, **terms), sum(parts.values())
    placed = order_with(offer(market, price, currency, fee_mode=mode), made.code, total)
    pay_simulated(actor=placed.buyer, order_id=placed.pk)
    assert legs_of(market, "sale") == [{"embedded:balance": -total, **parts}]
    assert placed.list_price.minor == price
    assert violations() == []


@pytest.mark.parametrize("mode", ["added", "included"])
def test_an_amount_above_the_price_makes_it_free_and_no_less(market: Market, mode: str) -> None:
    made = coupon(market, percent=0, amount_minor=50_000, currency="EUR")
    placed = order_with(offer(market, 25_000, "EUR", fee_mode=mode), made.code, 0)
    assert (placed.state, placed.discount_minor, placed.fee_minor, placed.pool_minor) == ("free", 25_000, 0, 0)
    assert not Journal.objects.exists()
    assert LicenseGrant.objects.get().state == "active"
    assert violations() == []


def test_what_a_coupon_makes_free_still_needs_the_approval(market: Market) -> None:
    type(market.dataset).objects.filter(pk=market.dataset.pk).update(visibility="restricted")
    offered, made, buyer = offer(market, 25_000, "EUR"), coupon(market, percent=100), UserFactory.create()
    asked = Asked(purpose="To teach a class how digits sound.")
    mine = buyer.personal_organization
    wanted = request_access(actor=buyer, dataset_id=market.dataset.pk, licensee_id=mine.pk, asked=asked)
    with pytest.raises(ByRequestError):
        order_with(offered, made.code, 0, buyer)
    assert (Coupon.objects.get().uses, Order.objects.count()) == (0, 0)
    approve_access(actor=market.steward, request_id=wanted.pk, reason="A good use.")
    assert order_with(offered, made.code, 0, buyer).state == "free"
    assert violations() == []


def test_an_order_keeps_its_price_when_the_coupon_is_over(market: Market) -> None:
    """Ended, and past its time, between the order and the payment. The next buyer does not get it."""
    offered = offer(market, 25_000, "EUR")
    made = coupon(market, max_uses=2, valid_until=timezone.now() + timedelta(hours=1))
    placed = order_with(offered, made.code, 21_000)
    end_coupon(actor=market.steward, coupon_id=made.pk)
    with time_machine.travel(made.valid_until + timedelta(hours=1)):
        assert pay_simulated(actor=placed.buyer, order_id=placed.pk).state == "paid"
        with pytest.raises(CouponOverError):
            order_with(offered, made.code, 21_000)
    assert legs_of(market, "sale") == [{"embedded:balance": -21_000, "fee": 1000, "pool": 20_000}]
    assert Coupon.objects.get().uses == 1
    assert violations() == []


@pytest.mark.django_db(transaction=True)
def test_an_order_that_ends_in_two_ways_at_once_gives_one_use_back(market: Market) -> None:
    offered, made = offer(market, 25_000, "EUR"), coupon(market, max_uses=2)
    kept = order_with(offered, made.code, 21_000)
    placed = order_with(offered, made.code, 21_000)
    pay_simulated(actor=kept.buyer, order_id=kept.pk)

    def act(number: int) -> int:
        try:
            return expire_orders() if number % 2 else bool(cancel_order(actor=placed.buyer, order_id=placed.pk))
        except WrongStateError:
            return 0

    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert sum(at_once(6, act)) == 1
    assert Coupon.objects.get().uses == 1
    assert violations() == []


@pytest.mark.django_db(transaction=True)
def test_one_cart_sent_many_times_takes_one_use(market: Market) -> None:
    offered, made, buyer = offer(market, 25_000, "EUR"), coupon(market, max_uses=5), UserFactory.create()
    assert len({order_with(offered, made.code, 21_000, buyer).pk for _ in range(2)}) == 1
    placed = at_once(8, lambda _: order_with(offered, made.code, 21_000, buyer).pk)
    assert len(set(placed)) == 1
    assert Coupon.objects.get().uses == 1
    assert violations() == []
