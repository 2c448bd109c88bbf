"""Checkout Sessions of the stand-in, through Stripe's own client."""

import time
from typing import Any

import pytest
from stripe import InvalidRequestError, StripeClient

from tests.contract.standin.asking import available, event_types, session_for
from tests.standin.standin import Standin


def test_a_paid_session_has_an_intent_a_charge_and_a_balance_transaction(
    stripe: StripeClient, standin: Standin
) -> None:
    session = session_for(stripe, payment_intent_data={"transfer_group": "order_1", "metadata": {"order": "1"}})
    assert (session.status, session.payment_status, session.payment_intent) == ("open", "unpaid", None)

    standin.pay(session.id)

    expand = ["payment_intent.latest_charge.balance_transaction", "line_items"]
    paid: Any = stripe.v1.checkout.sessions.retrieve(session.id, {"expand": expand})
    assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)
    charge = paid.payment_intent.latest_charge
    assert (charge.amount, charge.transfer_group, charge.metadata["order"]) == (10000, "order_1", "1")
    booked = charge.balance_transaction
    assert (booked.type, booked.amount, booked.fee, booked.net) == ("charge", 10000, 320, 9680)
    assert available(stripe) == {"usd": 9680}
    assert event_types(stripe) == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]


def test_a_session_is_paid_once(stripe: StripeClient, standin: Standin) -> None:
    session = session_for(stripe)
    standin.pay(session.id)
    with pytest.raises(Exception, match="is complete"):
        standin.pay(session.id)


def test_money_that_comes_late(stripe: StripeClient, standin: Standin) -> None:
    session = session_for(stripe)
    standin.pay_late(session.id)
    unpaid = stripe.v1.checkout.sessions.retrieve(session.id)
    assert (unpaid.status, unpaid.payment_status) == ("complete", "unpaid")
    assert available(stripe) == {}

    standin.pay(session.id)

    assert stripe.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
    assert available(stripe) == {"usd": 9680}
    assert event_types(stripe)[-1] == "checkout.session.async_payment_succeeded"


def test_money_that_never_comes(stripe: StripeClient, standin: Standin) -> None:
    session = session_for(stripe)
    standin.pay_late(session.id)
    standin.fail(session.id)
    assert stripe.v1.checkout.sessions.retrieve(session.id).payment_status == "unpaid"
    assert available(stripe) == {}
    assert event_types(stripe)[-1] == "checkout.session.async_payment_failed"


def test_a_declined_card_leaves_the_page_open(stripe: StripeClient, standin: Standin) -> None:
    session = session_for(stripe)
    standin.fail(session.id)
    assert stripe.v1.checkout.sessions.retrieve(session.id).status == "open"
    assert event_types(stripe)[-1] == "payment_intent.payment_failed"
    standin.pay(session.id)
    assert stripe.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
    assert event_types(stripe).count("payment_intent.created") == 1


def test_a_session_expires_when_told_or_with_time(stripe: StripeClient, standin: Standin) -> None:
    told, timed = session_for(stripe), session_for(stripe, expires_at=int(time.time()) + 1800)
    stripe.v1.checkout.sessions.expire(told.id)
    with pytest.raises(InvalidRequestError, match="Only open sessions"):
        stripe.v1.checkout.sessions.expire(told.id)
    standin.advance(1801)
    assert stripe.v1.checkout.sessions.retrieve(timed.id).status == "expired"
    assert event_types(stripe) == ["checkout.session.expired"] * 2


def test_how_long_a_session_may_stay_open(stripe: StripeClient) -> None:
    for seconds in (60, 25 * 3600):
        with pytest.raises(InvalidRequestError, match="30 minutes"):
            session_for(stripe, expires_at=int(time.time()) + seconds)


def test_an_authorization_is_captured_once_and_not_beyond(stripe: StripeClient, standin: Standin) -> None:
    session = session_for(stripe, payment_intent_data={"capture_method": "manual"})
    intent = standin.authorize(session.id)["payment_intent"]
    assert stripe.v1.checkout.sessions.retrieve(session.id).payment_status == "unpaid"
    assert available(stripe) == {}
    [charge] = stripe.v1.charges.list({"payment_intent": intent}).data
    card: Any = charge.payment_method_details
    assert (charge.captured, card.card.capture_before) == (False, charge.created + 7 * 24 * 3600)
    with pytest.raises(InvalidRequestError, match="more than what was authorized"):
        stripe.v1.payment_intents.capture(intent, {"amount_to_capture": 10001})

    stripe.v1.payment_intents.capture(intent, {"amount_to_capture": 6000})

    assert available(stripe) == {"usd": 6000 - 204}
    assert stripe.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
    with pytest.raises(InvalidRequestError, match="status of succeeded"):
        stripe.v1.payment_intents.capture(intent)


def test_an_authorization_is_released_when_canceled_or_after_a_week(stripe: StripeClient, standin: Standin) -> None:
    manual = {"capture_method": "manual"}
    first = standin.authorize(session_for(stripe, payment_intent_data=manual).id)["payment_intent"]
    second = standin.authorize(session_for(stripe, payment_intent_data=manual).id)["payment_intent"]
    stripe.v1.payment_intents.cancel(first)
    assert stripe.v1.payment_intents.retrieve(second).status == "requires_capture"
    standin.advance(7 * 24 * 3600)
    assert [stripe.v1.payment_intents.retrieve(name).status for name in (first, second)] == ["canceled"] * 2
    assert available(stripe) == {}
    assert stripe.v1.refunds.list().data == []


def test_tax_comes_on_top_or_from_within(stripe: StripeClient) -> None:
    on_top = session_for(stripe, automatic_tax={"enabled": True})
    assert (on_top.amount_subtotal, on_top.amount_total) == (10000, 11900)
    assert on_top.total_details is not None
    assert on_top.total_details.amount_tax == 1900
    data = {"currency": "eur", "unit_amount": 11900, "product_data": {"name": "D"}, "tax_behavior": "inclusive"}
    within = session_for(stripe, automatic_tax={"enabled": True}, line_items=[{"quantity": 1, "price_data": data}])
    assert within.total_details is not None
    assert (within.amount_total, within.total_details.amount_tax) == (11900, 1900)


def test_a_coupon_lowers_what_is_paid_down_to_nothing(stripe: StripeClient, standin: Standin) -> None:
    stripe.v1.coupons.create({"id": "HALF", "percent_off": 50.0, "duration": "once", "max_redemptions": 1})
    stripe.v1.coupons.create({"id": "ALL", "amount_off": 20000, "currency": "usd", "duration": "once"})
    half, free = (session_for(stripe, discounts=[{"coupon": name}]) for name in ("HALF", "ALL"))
    assert (half.amount_total, free.amount_total, free.payment_status) == (5000, 0, "no_payment_required")
    standin.pay(half.id)
    standin.pay(free.id)
    assert stripe.v1.checkout.sessions.retrieve(free.id).payment_intent is None
    assert available(stripe) == {"usd": 5000 - 175}
    with pytest.raises(InvalidRequestError, match="not valid any more"):
        session_for(stripe, discounts=[{"coupon": "HALF"}])


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (49, "usd", "at least 50 usd"),
        (100_000_000, "usd", "too large"),
        (1001, "kwd", "multiples of 10"),
        (1050, "isk", "multiples of 100"),
    ],
)
def test_amounts_that_cannot_be_charged(stripe: StripeClient, amount: int, currency: str, text: str) -> None:
    with pytest.raises(InvalidRequestError, match=text):
        session_for(stripe, amount=amount, currency=currency)
