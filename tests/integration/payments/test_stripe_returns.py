"""What goes back to buyers by Stripe: refunds of ours and of others, failures, and disputes (P11 to P17)."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from licensing.models import LicenseGrant
from payments.errors import RailDownError, RailRefusedError, RefundAmountError
from payments.gateways.facts import Disputed
from payments.gateways.stripe.client import client
from payments.models import Dispute, FinanceTask, Journal, Order, Refund, RefundRequest
from payments.services import refund_order, release_due_settlements
from payments.services.disputes import follow_dispute
from payments.services.refunds import send_refund
from tests.factories import UserFactory
from tests.integration.payments.audit import violations
from tests.integration.payments.market import Market, legs_of, offer, open_market, order
from tests.integration.payments.shop import Shop
from tests.standin.faults import Fault

# What Stripe says and hears: the same services run on both databases with the embedded rail, and in the money machine.
pytestmark = [pytest.mark.django_db, pytest.mark.once]
THREE = {"a": [1], "b": [1], "c": [1]}
HELD = {"a:held": 2834, "b:held": 2833, "c:held": 2833}
P1 = {"stripe:balance": -10_000, "fee": 1500, "pool": 8500}
P8 = {"stripe:balance": 3333, "fee": -500, "pool": -2833}


@pytest.fixture
def market(shop: Shop, settings: Settings) -> Market:
    """P1: 100.00 USD with the fee of 15 % included."""
    settings.FEE_BPS = 1500
    return open_market(THREE)


@pytest.fixture
def sold(market: Market, shop: Shop) -> Order:
    paid = shop.pay(order(offer(market, 10_000, "USD", fee_mode="included")))
    market.settle("USD")
    assert legs_of(market, "sale") == [P1]
    assert {name: market.balances("USD")[name] for name in HELD} == HELD
    return paid


def give_back(sold: Order, amount: int, reference: str = "r1") -> RefundRequest:
    operator = UserFactory.create(is_staff=True)
    return refund_order(actor=operator, order_id=sold.pk, amount_minor=amount, reason="asked", refund_ref=reference)


def release() -> None:
    """The hold is over."""
    with time_machine.travel(timezone.now() + timedelta(days=15), tick=True):
        release_due_settlements()


def test_p8_p11_every_message_of_a_refund_twice_is_one_journal(market: Market, shop: Shop, sold: Order) -> None:
    shop.standin.arm(Fault.WEBHOOK_DUPLICATE, times=-1)
    asked = give_back(sold, 3333)
    told = [kind for kind, status in shop.hear() + shop.hear() if status == 200]
    assert {"refund.created", "charge.refunded"} <= set(told)
    assert len(told) > len(set(told))
    market.settle("USD")
    assert asked.state == "done"
    assert legs_of(market, "refund") == [P8]
    assert Journal.objects.get(event="refund").key == f"refund:{Refund.objects.get().reference}"
    assert legs_of(market, "settlement")[1] == {"pool": 2833, "a:held": -945, "b:held": -944, "c:held": -944}
    assert shop.agrees()
    assert violations() == []


def test_p12_the_refund_is_heard_of_before_the_sale(market: Market, shop: Shop) -> None:
    placed = order(offer(market, 10_000, "USD", fee_mode="included"))
    session = shop.open(placed)
    shop.standin.pay(session)
    with shop.standin.state.lock:
        intent = shop.standin.state.all("payment_intent")[0]["id"]
    client().v1.refunds.create({"payment_intent": intent, "amount": 3333})
    shop.standin.arm(Fault.WEBHOOK_DROP, times=-1, where="checkout.session")
    shop.hear()
    assert legs_of(market, "sale") == [P1]
    assert legs_of(market, "refund") == [P8]
    refund = Refund.objects.get()
    assert (refund.kind, refund.actor, refund.request) == ("outside", None, None)
    assert shop.agrees()
    assert violations() == []


def test_p13_a_refund_that_fails_leaves_everything_as_it_was(market: Market, shop: Shop, sold: Order) -> None:
    give_back(sold, 3333)
    market.settle("USD")
    shop.standin.fail_refund(Refund.objects.get().reference)
    shop.standin.arm(Fault.WEBHOOK_DUPLICATE, times=-1)
    shop.hear()
    shop.hear()
    market.settle("USD")
    assert legs_of(market, "refund_failed") == [{"stripe:balance": -3333, "fee": 500, "pool": 2833}]
    reversal = Journal.objects.get(event="refund_failed")
    assert reversal.reverses == Journal.objects.get(event="refund")
    assert {name: market.balances("USD")[name] for name in HELD} == HELD
    sold.refresh_from_db()
    assert (sold.state, RefundRequest.objects.get().state) == ("paid", "failed")
    assert FinanceTask.objects.get().kind == "refund_failed"
    assert shop.agrees()
    assert violations() == []
    buyer = Client()
    buyer.force_login(sold.buyer)
    assert "It did not arrive and came back to us." in buyer.get(f"/orders/{sold.pk}/").content.decode()


@pytest.mark.parametrize("fault", [Fault.TIMEOUT_AFTER_COMMIT, Fault.RATE_LIMIT, Fault.CONFLICT])
def test_a_refund_whose_answer_was_lost_is_made_once(market: Market, shop: Shop, sold: Order, fault: Fault) -> None:
    shop.standin.arm(fault, times=9, where="POST /v1/refunds")
    with pytest.raises(RailDownError):
        give_back(sold, 3333)
    shop.standin.disarm()
    assert RefundRequest.objects.get().state == "reserved"
    send_refund(request_id=RefundRequest.objects.get().pk)
    shop.hear()
    with shop.standin.state.lock:
        assert len(shop.standin.state.all("refund")) == 1
    assert legs_of(market, "refund") == [P8]
    assert shop.agrees()


def test_a_stored_failure_does_not_send_the_money_twice(market: Market, shop: Shop, sold: Order) -> None:
    """Stripe did it, answered 500, and answers 500 for ever to that key; its message says what happened."""
    shop.standin.arm(Fault.ERROR_500_AFTER_COMMIT, where="POST /v1/refunds")
    with pytest.raises(RailDownError):
        give_back(sold, 3333)
    shop.hear()
    assert RefundRequest.objects.get().state == "done"
    assert legs_of(market, "refund") == [P8]
    assert send_refund(request_id=RefundRequest.objects.get().pk).state == "done"
    assert shop.agrees()


def test_what_waits_to_go_back_cannot_go_back_twice(market: Market, shop: Shop, sold: Order) -> None:
    shop.standin.arm(Fault.RATE_LIMIT, times=9, where="POST /v1/refunds")
    with pytest.raises(RailDownError):
        give_back(sold, 6000)
    shop.standin.disarm()
    with pytest.raises(RefundAmountError):
        give_back(sold, 6000, "r2")
    assert not Refund.objects.exists()


def test_a_refusal_is_told_and_looked_at(market: Market, shop: Shop, sold: Order) -> None:
    """Somebody gave everything back on Stripe's pages, and we have not heard of it yet."""
    client().v1.refunds.create({"payment_intent": sold.payment.reference})
    with pytest.raises(RailRefusedError):
        give_back(sold, 3333)
    assert RefundRequest.objects.get().state == "refused"
    assert FinanceTask.objects.get().kind == "refund_refused"
    shop.hear()
    sold.refresh_from_db()
    assert (sold.state, LicenseGrant.objects.get().state) == ("refunded", "revoked")
    assert shop.agrees()
    assert violations() == []


def test_p14_p15_a_dispute_waits_and_is_lost(market: Market, shop: Shop, sold: Order) -> None:
    reference = shop.dispute(sold)
    assert legs_of(market, "dispute_opened") == [{"stripe:balance": 10_000, "dispute:suspense": -10_000}]
    assert legs_of(market, "dispute_fee") == [{"stripe:balance": 1500, "dispute:fees": -1500}]
    assert LicenseGrant.objects.get().state == "suspended"
    release()
    assert {name: market.balances("USD")[name] for name in HELD} == HELD
    assert legs_of(market, "release") == []
    with pytest.raises(RefundAmountError):
        give_back(sold, 100)
    shop.standin.lose_dispute(reference)
    shop.hear()
    market.settle("USD")
    assert legs_of(market, "dispute_lost") == [{"dispute:suspense": 10_000, "fee": -1500, "pool": -8500}]
    assert set(market.balances("USD")) == {"stripe:balance", "stripe:fees", "dispute:fees"}
    sold.refresh_from_db()
    assert (sold.state, LicenseGrant.objects.get().state) == ("refunded", "revoked")
    assert Dispute.objects.get().state == "lost"
    assert shop.agrees()
    assert violations() == []


def test_a_dispute_that_is_won_changes_nothing_but_its_fee(market: Market, shop: Shop, sold: Order) -> None:
    reference = shop.dispute(sold)
    shop.standin.win_dispute(reference)
    shop.hear()
    assert legs_of(market, "dispute_won") == [{"stripe:balance": -10_000, "dispute:suspense": 10_000}]
    assert LicenseGrant.objects.get().state == "active"
    release()
    due = {part.replace("held", "due"): amount for part, amount in HELD.items()}
    assert due.items() <= market.balances("USD").items()
    assert shop.agrees()
    assert violations() == []


def test_only_the_disputed_part_is_kept_back(market: Market, shop: Shop, sold: Order) -> None:
    shop.dispute(sold, 1000)
    release()
    balances = market.balances("USD")
    kept = {name: balances[f"{name}:held"] for name in "abc"}
    assert kept == {"a": 284, "b": 284, "c": 284}
    assert balances["a:due"] == 2834 - 284


def test_what_a_dispute_kept_back_is_released_when_it_is_won(market: Market, shop: Shop, sold: Order) -> None:
    reference = shop.dispute(sold, 1000)
    with time_machine.travel(timezone.now() + timedelta(days=15), tick=True):
        release_due_settlements()
        shop.standin.win_dispute(reference)
        shop.hear()
        shop.hear()
    balances = market.balances("USD")
    assert {name: balances.get(f"{name}:due") for name in "abc"} == {"a": 2834, "b": 2833, "c": 2833}
    assert not {"a:held", "b:held", "c:held"} & set(balances)
    assert violations() == []


def test_p16_an_inquiry_moves_nothing(market: Market, shop: Shop, sold: Order) -> None:
    before = Journal.objects.count()
    shop.dispute(sold, inquiry=True)
    assert Journal.objects.count() == before
    assert (Dispute.objects.get().state, LicenseGrant.objects.get().state) == ("inquiry", "active")
    assert violations() == []


def test_a_dispute_heard_of_only_after_it_was_lost(market: Market, shop: Shop, sold: Order) -> None:
    opened = shop.standin.open_dispute(shop.charge_of(sold))
    shop.standin.lose_dispute(opened["id"])
    shop.standin.arm(Fault.WEBHOOKS_SHUFFLE, times=-1)
    shop.hear()
    assert Dispute.objects.get().state == "lost"
    assert [len(legs_of(market, f"dispute_{step}")) for step in ("opened", "fee", "lost")] == [1, 1, 1]
    assert shop.agrees()
    assert violations() == []


@pytest.mark.parametrize("before", [3333, 10_000])
def test_a_bank_takes_what_the_buyer_had_back_already(market: Market, sold: Order, before: int) -> None:
    """Banks take back whole payments. What went back twice is our loss, and no contributor's."""
    give_back(sold, before)
    market.settle("USD")
    told = Disputed("du_twice", sold.payment.reference, 10_000, "USD", "open", fee_minor=1500)
    follow_dispute(payment=sold.payment, told=told)
    assert market.balances("USD")["dispute:suspense"] == -10_000
    for _ in range(2):
        follow_dispute(payment=sold.payment, told=replace(told, state="lost"))
    market.settle("USD")
    left = {name: amount for name, amount in market.balances("USD").items() if name != "stripe:fees"}
    assert left == {"stripe:balance": left["stripe:balance"], "dispute:fees": -1500, "platform:loss": -before}
    sold.refresh_from_db()
    assert (sold.state, LicenseGrant.objects.get().state) == ("refunded", "revoked")
    assert violations() == []
