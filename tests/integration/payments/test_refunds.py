"""Refunds: who, how much, once."""

import pytest

from collective.core.models import AuditEvent
from licensing.models import LicenseGrant
from payments.errors import (
    NothingToRefundError,
    ReasonMissingError,
    RefundAmountError,
    RefundDeniedError,
    RefundReusedError,
)
from payments.gateways.facts import Receipt
from payments.models import Journal, Order, Payment, Refund, UnappliedPayment
from payments.services import refund_order
from payments.services.paying import accept_payment
from tests.factories import UserFactory
from tests.integration.payments.audit import violations
from tests.integration.payments.market import Market, buy, offer, open_market, order

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    return open_market({"a": [1], "b": [1]})


@pytest.fixture
def sold(market: Market) -> Order:
    return buy(offer(market, 10_000, "USD"))


def test_a_partial_refund_keeps_the_license(sold: Order) -> None:
    operator = UserFactory.create(is_staff=True)
    asked = refund_order(actor=operator, order_id=sold.pk, amount_minor=3333, reason=" asked ", refund_ref="r1")
    refund = asked.refund
    assert asked.state == "done"
    assert (refund.tax_minor, refund.fee_minor, refund.pool_minor) == (0, 159, 3174)
    assert refund.journal.meta == {"order": str(sold.pk), "actor": str(operator.pk), "reason": "asked"}
    sold.refresh_from_db()
    assert sold.state == "partly_refunded"
    assert LicenseGrant.objects.get().state == "active"
    assert AuditEvent.objects.get(action="payments.refunded").reason == "asked"
    assert violations() == []


def test_the_same_reference_refunds_once(sold: Order) -> None:
    operator = UserFactory.create(is_staff=True)
    refunds = [
        refund_order(actor=operator, order_id=sold.pk, amount_minor=3333, reason="asked", refund_ref="r1")
        for _ in range(3)
    ]
    assert len({refund.pk for refund in refunds}) == 1
    with pytest.raises(RefundReusedError):
        refund_order(actor=operator, order_id=sold.pk, amount_minor=3334, reason="asked", refund_ref="r1")
    assert Journal.objects.filter(event="refund").count() == 1


@pytest.mark.parametrize("amount", [0, -1, 10_501])
def test_no_more_than_was_paid_and_no_less_than_something(sold: Order, amount: int) -> None:
    with pytest.raises(RefundAmountError):
        refund_order(
            actor=UserFactory.create(is_staff=True),
            order_id=sold.pk,
            amount_minor=amount,
            reason="asked",
            refund_ref="r1",
        )
    assert not Refund.objects.exists()


def test_dinars_are_refunded_in_steps_of_ten(market: Market) -> None:
    sold = buy(offer(market, 10_000, "KWD"))
    with pytest.raises(RefundAmountError):
        refund_order(
            actor=UserFactory.create(is_staff=True), order_id=sold.pk, amount_minor=15, reason="asked", refund_ref="r1"
        )
    assert not Refund.objects.exists()


def test_only_operators_refund_and_they_say_why(market: Market, sold: Order) -> None:
    for actor in (sold.buyer, market.steward):
        with pytest.raises(RefundDeniedError):
            refund_order(actor=actor, order_id=sold.pk, amount_minor=1, reason="asked", refund_ref="r1")
    with pytest.raises(ReasonMissingError):
        refund_order(
            actor=UserFactory.create(is_staff=True), order_id=sold.pk, amount_minor=1, reason=" ", refund_ref="r1"
        )
    assert not Refund.objects.exists()


def test_what_was_not_paid_is_not_refunded(market: Market) -> None:
    placed = order(offer(market, 10_000, "USD"))
    with pytest.raises(NothingToRefundError):
        refund_order(
            actor=UserFactory.create(is_staff=True), order_id=placed.pk, amount_minor=1, reason="asked", refund_ref="r1"
        )
    assert not Refund.objects.exists()
    assert not Journal.objects.exists()


@pytest.mark.parametrize(("amount", "state"), [(3333, "partly_refunded"), (10_500, "refunded")])
def test_a_second_payment_after_a_refund_goes_back(sold: Order, amount: int, state: str) -> None:
    operator = UserFactory.create(is_staff=True)
    refund_order(actor=operator, order_id=sold.pk, amount_minor=amount, reason="asked", refund_ref="r1")
    accept_payment(receipt=Receipt("embedded", "sim_second", sold.pk, 10_500, "USD"))
    kept = UnappliedPayment.objects.get()
    assert (kept.amount_minor, kept.why, kept.state) == (10_500, "wrong_state", "waiting")
    sold.refresh_from_db()
    assert (sold.state, Payment.objects.count()) == (state, 1)
    assert violations() == []
