"""Subscriptions: one paid invoice per period, through Stripe's own client."""

from typing import Any

import pytest
from stripe import InvalidRequestError, StripeClient

from tests.contract.standin.asking import available, event_types, session_for
from tests.standin.clock import DAY
from tests.standin.resources.periods import after
from tests.standin.standin import Standin

MONTH = 32 * DAY


def subscribed(stripe: StripeClient, standin: Standin, **more: Any) -> str:
    price = {
        "currency": "usd",
        "unit_amount": 2000,
        "product_data": {"name": "Spoken digits"},
        "recurring": {"interval": "month"},
    }
    lines = [{"quantity": 1, "price_data": price}]
    asked = {"mode": "subscription", "line_items": lines, "subscription_data": {"metadata": {"order": "1"}}, **more}
    session = session_for(stripe, **asked)
    return str(standin.pay(session.id)["subscription"])


def test_a_session_begins_a_subscription_with_a_paid_invoice(stripe: StripeClient, standin: Standin) -> None:
    named = subscribed(stripe, standin)
    subscription = stripe.v1.subscriptions.retrieve(named, {"expand": ["latest_invoice"]})
    invoice: Any = subscription.latest_invoice
    assert (subscription.status, subscription.metadata["order"]) == ("active", "1")
    assert (invoice.status, invoice.amount_paid, invoice.billing_reason) == ("paid", 2000, "subscription_create")
    assert invoice.parent.subscription_details.subscription == named
    assert invoice.parent.subscription_details.metadata["order"] == "1"
    item = subscription["items"].data[0]
    assert invoice.lines.data[0].period.end == item.current_period_end
    assert available(stripe) == {"usd": 2000 - 88}
    [session] = stripe.v1.checkout.sessions.list({"subscription": named}).data
    assert (session.invoice, session.payment_status, session.payment_intent) == (invoice.id, "paid", None)
    assert event_types(stripe)[-1] == "checkout.session.completed"


def test_each_period_brings_one_paid_invoice(stripe: StripeClient, standin: Standin) -> None:
    named = subscribed(stripe, standin)
    standin.advance(MONTH)
    standin.advance(60)
    assert event_types(stripe).count("invoice.paid") == 1
    invoices = stripe.v1.invoices.list({"subscription": named}).data
    assert [invoice.billing_reason for invoice in invoices] == ["subscription_cycle", "subscription_create"]
    new, old = (invoice.lines.data[0].period for invoice in invoices)
    assert new.start == old.end
    assert invoices[0].period_start == old.start
    assert available(stripe) == {"usd": 2 * (2000 - 88)}


def test_many_periods_at_once(stripe: StripeClient, standin: Standin) -> None:
    named = subscribed(stripe, standin)
    standin.advance(366 * DAY)
    assert len(stripe.v1.invoices.list({"subscription": named, "limit": 50}).data) == 13


def test_a_declined_renewal_is_past_due_until_it_is_paid(stripe: StripeClient, standin: Standin) -> None:
    named = subscribed(stripe, standin)
    standin.fail_renewals(named)
    standin.advance(MONTH)
    subscription = stripe.v1.subscriptions.retrieve(named)
    invoice: Any = subscription.latest_invoice
    assert subscription.status == "past_due"
    assert stripe.v1.invoices.retrieve(invoice).status == "open"
    assert event_types(stripe).count("invoice.payment_failed") == 1
    assert available(stripe) == {"usd": 2000 - 88}
    standin.pay_invoice(invoice)
    assert stripe.v1.subscriptions.retrieve(named).status == "active"


def test_canceled_at_the_end_of_the_period_or_at_once(stripe: StripeClient, standin: Standin) -> None:
    later, now = subscribed(stripe, standin), subscribed(stripe, standin)
    assert stripe.v1.subscriptions.update(later, {"cancel_at_period_end": True}).status == "active"
    assert stripe.v1.subscriptions.cancel(now).status == "canceled"
    with pytest.raises(InvalidRequestError, match="No such subscription"):
        stripe.v1.subscriptions.cancel(now)
    assert [s.id for s in stripe.v1.subscriptions.list().data] == [later]
    assert event_types(stripe).count("customer.subscription.deleted") == 1
    standin.advance(MONTH)
    assert stripe.v1.subscriptions.retrieve(later).status == "canceled"
    # The first one is no longer among the events: it lies more than 30 days back.
    assert event_types(stripe).count("customer.subscription.deleted") == 1
    assert len(stripe.v1.invoices.list().data) == 2


def dearer(stripe: StripeClient, named: str, *, amount: int, behavior: str) -> Any:
    subscription = stripe.v1.subscriptions.retrieve(named)
    product = stripe.v1.products.create({"name": "Spoken digits"}).id
    price = {"currency": "usd", "product": product, "unit_amount": amount, "recurring": {"interval": "month"}}
    items = [{"id": subscription["items"].data[0].id, "price_data": price}]
    asked: Any = {"items": items, "proration_behavior": behavior, "expand": ["latest_invoice"]}
    return stripe.v1.subscriptions.update(named, asked).latest_invoice


def half_a_period(stripe: StripeClient, standin: Standin, named: str) -> None:
    period = stripe.v1.subscriptions.retrieve(named)["items"].data[0]
    standin.advance((period.current_period_end - period.current_period_start) // 2)


def test_a_higher_price_is_paid_for_the_rest_of_the_period(stripe: StripeClient, standin: Standin) -> None:
    named = subscribed(stripe, standin)
    first: Any = stripe.v1.subscriptions.retrieve(named).latest_invoice
    half_a_period(stripe, standin, named)
    invoice = dearer(stripe, named, amount=6000, behavior="always_invoice")
    assert (invoice.billing_reason, invoice.status) == ("subscription_update", "paid")
    unused, remaining = invoice.lines.data
    assert (abs(unused.amount + 1000) <= 1, abs(remaining.amount - 3000) <= 1) == (True, True)
    assert invoice.amount_paid == unused.amount + remaining.amount
    details = unused.parent.subscription_item_details
    assert (details.proration, details.proration_details.credited_items.invoice) == (True, first)
    assert remaining.parent.subscription_item_details.proration_details.credited_items is None


def test_a_lower_price_becomes_a_credit_that_the_next_period_uses(stripe: StripeClient, standin: Standin) -> None:
    named = subscribed(stripe, standin)
    half_a_period(stripe, standin, named)
    invoice = dearer(stripe, named, amount=1000, behavior="always_invoice")
    assert (invoice.total < 0, invoice.status, invoice.amount_paid) == (True, "paid", 0)
    assert invoice.ending_balance == invoice.total
    standin.advance(MONTH // 2)
    latest: Any = stripe.v1.subscriptions.retrieve(named, {"expand": ["latest_invoice"]}).latest_invoice
    assert (latest.total, latest.starting_balance, latest.ending_balance) == (1000, invoice.total, 0)
    assert latest.amount_paid == 1000 + invoice.total


def test_prorations_wait_for_the_next_period_or_are_not_made(stripe: StripeClient, standin: Standin) -> None:
    waiting, free = subscribed(stripe, standin), subscribed(stripe, standin)
    half_a_period(stripe, standin, waiting)
    dearer(stripe, waiting, amount=6000, behavior="create_prorations")
    dearer(stripe, free, amount=6000, behavior="none")
    assert len(stripe.v1.invoices.list().data) == 2
    standin.advance(MONTH // 2)
    lines = [len(stripe.v1.invoices.list({"subscription": s}).data[0].lines.data) for s in (waiting, free)]
    assert lines == [3, 1]


def test_a_coupon_for_one_period_or_for_all(stripe: StripeClient, standin: Standin) -> None:
    once = stripe.v1.coupons.create({"percent_off": 50.0, "duration": "once"}).id
    forever = stripe.v1.coupons.create({"amount_off": 500, "currency": "usd", "duration": "forever"}).id
    first = subscribed(stripe, standin, discounts=[{"coupon": once}])
    second = subscribed(stripe, standin, discounts=[{"coupon": forever}])
    standin.advance(MONTH)
    paid = [
        [invoice.amount_paid for invoice in stripe.v1.invoices.list({"subscription": s}).data] for s in (first, second)
    ]
    assert paid == [[2000, 1000], [1500, 1500]]


def test_a_month_has_as_many_days_as_it_has() -> None:
    january = 1801353600  # 2027-01-31
    assert [after(january, "month", 1, count) - january for count in (1, 2, 3)] == [28 * DAY, 59 * DAY, 89 * DAY]
    assert after(january, "year", 1, 1) - january == 365 * DAY
    assert after(january, "week", 2, 1) - january == 14 * DAY
