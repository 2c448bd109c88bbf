"""Subscriptions by Stripe: each paid invoice is one sale, whatever is lost, doubled, late or refused."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from licensing.models import LicenseGrant, LicenseVersion, Offer
from licensing.services import publish_offer, retire_offer
from payments.gateways.stripe.client import client
from payments.models import (
    FinanceTask,
    Order,
    Payment,
    PaymentAttempt,
    RailEvent,
    SalePeriod,
    Subscription,
    UnappliedPayment,
)
from payments.services import cancel_order, cancel_subscription
from payments.services.attempts import look_after_attempt
from payments.services.following import catch_up
from payments.services.subscriptions import follow_subscription, look_after_subscriptions
from tests.integration.payments.audit import violations
from tests.integration.payments.market import Market, open_market, order
from tests.integration.payments.shop import Shop
from tests.integration.payments.test_periods import MONTHLY
from tests.services.jobs import run_all_jobs
from tests.standin.faults import Fault

# What Stripe says and hears: the same services run on both databases with the embedded rail, and in the money machine.
pytestmark = [pytest.mark.django_db, pytest.mark.once]
MONTH = 30 * 86_400


@pytest.fixture
def market(shop: Shop) -> Market:
    return open_market({"a": [1], "b": [1], "c": [1]})


def monthly(market: Market, price_minor: int = 9_000, currency: str = "EUR") -> Offer:
    text = LicenseVersion.objects.get(template__license_id="LicenseRef-DC-LIVE-SUBSCRIPTION-1.0", language="en")
    return publish_offer(
        actor=market.steward,
        dataset_id=market.dataset.pk,
        license_version_id=text.pk,
        price_minor=price_minor,
        currency=currency,
        plan=MONTHLY,
    )


def begun(market: Market, shop: Shop) -> Subscription:
    shop.pay(order(monthly(market)))
    return Subscription.objects.select_related("order").get()


def later(seconds: int) -> "time_machine.travel":
    """For both sides: the stand-in's clock is that of the process."""
    return time_machine.travel(timezone.now() + timedelta(seconds=seconds))


def active() -> int:
    return LicenseGrant.objects.filter(state="active").count()


def at_stripe(row: Subscription) -> Any:
    return client().v1.subscriptions.retrieve(row.reference)


def test_the_first_invoice_is_the_order(market: Market, shop: Shop) -> None:
    row = begun(market, shop)
    period = SalePeriod.objects.get()
    found = at_stripe(row)
    item = found["items"].data[0]
    assert (row.state, row.order.state, active()) == ("active", "paid", 1)
    assert period.starts_at == datetime.fromtimestamp(item.current_period_start, UTC)
    assert period.ends_at == row.current_ends_at == datetime.fromtimestamp(item.current_period_end, UTC)
    assert (Payment.objects.count(), PaymentAttempt.objects.get().state) == (1, "paid")
    assert shop.agrees()
    assert violations() == []


def test_every_message_twice_and_in_any_order(market: Market, shop: Shop) -> None:
    shop.standin.arm(Fault.WEBHOOK_DUPLICATE, times=-1)
    shop.standin.arm(Fault.WEBHOOKS_SHUFFLE, times=-1)
    begun(market, shop)
    with later(MONTH + 3600):
        shop.hear()
        shop.hear()
        assert active() == 1
    assert (Order.objects.count(), Payment.objects.count(), SalePeriod.objects.count()) == (2, 2, 2)
    first, second = SalePeriod.objects.order_by("starts_at")
    assert second.starts_at == first.ends_at
    assert shop.agrees()
    assert violations() == []


def test_three_months_of_which_nobody_told_us(market: Market, shop: Shop) -> None:
    row = begun(market, shop)
    shop.standin.arm(Fault.WEBHOOK_DROP, times=-1)
    for months in (1, 2):
        with later(months * MONTH + 3600):
            shop.hear()
    with later(3 * MONTH + 3600):
        shop.hear()
        assert Payment.objects.count() == 1
        look_after_subscriptions()
        run_all_jobs()
        assert (Payment.objects.count(), active()) == (4, 1)
        assert catch_up() > 0
        run_all_jobs()
        assert Payment.objects.count() == 4
    starts = list(SalePeriod.objects.order_by("starts_at").values_list("starts_at", flat=True))
    assert [after - before for before, after in pairwise(starts)] == [timedelta(days=30)] * 3
    row.refresh_from_db()
    assert row.current_starts_at == starts[-1]
    assert shop.agrees()
    assert violations() == []


def test_the_first_payment_is_found_without_a_message(market: Market, shop: Shop) -> None:
    shop.standin.arm(Fault.WEBHOOK_DROP, times=-1)
    placed = order(monthly(market))
    shop.standin.pay(shop.open(placed))
    shop.hear()
    assert active() == 0
    look_after_attempt(attempt_id=PaymentAttempt.objects.get().pk)
    assert (active(), Subscription.objects.get().state, RailEvent.objects.count()) == (1, "active", 0)


def test_a_payment_that_fails_has_its_days_of_grace(market: Market, shop: Shop) -> None:
    row = begun(market, shop)
    shop.standin.fail_renewals(row.reference)
    with later(MONTH + 3600):
        shop.hear()
        row.refresh_from_db()
        assert look_after_subscriptions() == 1
        run_all_jobs()
        row.refresh_from_db()
        assert (row.state, active()) == ("past_due", 1)
        assert "did not work" in mail.outbox[-1].subject
        owed = at_stripe(row).latest_invoice
        shop.standin.pay_invoice(owed)
        shop.hear()
        row.refresh_from_db()
        assert (row.state, active(), Payment.objects.count()) == ("active", 1, 2)
    assert shop.agrees()
    assert violations() == []


def test_after_the_days_of_grace_it_is_over(market: Market, shop: Shop) -> None:
    row = begun(market, shop)
    shop.standin.fail_renewals(row.reference)
    with later(MONTH + 8 * 86_400):
        shop.hear()
        assert look_after_subscriptions() == 1
        run_all_jobs()
        shop.hear()
        row.refresh_from_db()
        assert (row.state, row.end_reason) == ("ended", "unpaid")
        assert at_stripe(row).status == "canceled"
        assert client().v1.invoices.retrieve(at_stripe(row).latest_invoice).status == "void"
    assert Payment.objects.count() == 1
    assert violations() == []


def test_cancelled_it_runs_to_its_end(market: Market, shop: Shop) -> None:
    row = begun(market, shop)
    cancel_subscription(actor=row.buyer, subscription_id=row.pk)
    run_all_jobs()
    assert at_stripe(row).cancel_at_period_end
    with later(MONTH + 3600):
        shop.hear()
        row.refresh_from_db()
        assert (row.state, row.end_reason, active()) == ("ended", "cancelled", 1)
    assert (Payment.objects.count(), violations()) == (1, [])


def test_an_offer_that_ended_is_paid_back(market: Market, shop: Shop) -> None:
    row = begun(market, shop)
    retire_offer(actor=market.steward, offer_id=row.offer_id)
    with later(MONTH + 3600):
        shop.hear()
        shop.hear()
        row.refresh_from_db()
        assert (row.state, row.end_reason, at_stripe(row).status) == ("ended", "offer_retired", "canceled")
    assert (Payment.objects.count(), UnappliedPayment.objects.get().state) == (1, "returned")
    assert "not offered in this way any more" in mail.outbox[-1].body
    assert shop.agrees()
    assert violations() == []


def test_paid_for_a_cancelled_order_it_ends_at_once(market: Market, shop: Shop) -> None:
    placed = order(monthly(market))
    session = shop.open(placed)
    cancel_order(actor=placed.buyer, order_id=placed.pk)
    shop.standin.pay(session)
    shop.hear()
    shop.hear()
    row = Subscription.objects.get()
    assert (row.state, at_stripe(row).status, active()) == ("ended", "canceled", 0)
    assert UnappliedPayment.objects.get().state == "returned"
    assert (shop.agrees(), violations()) == (True, [])


def test_what_is_no_period_is_for_a_person(market: Market, shop: Shop) -> None:
    """Somebody changed the subscription on Stripe's pages, which made an invoice of a part of a period.

    What was sold already is not sent back for it.
    """
    row = begun(market, shop)
    with shop.standin.state.lock:
        [invoice] = shop.standin.state.all("invoice")
        invoice["billing_reason"] = "subscription_update"
    follow_subscription("stripe", row.reference)
    run_all_jobs()
    assert FinanceTask.objects.get().kind == "invoice"
    assert (Payment.objects.count(), UnappliedPayment.objects.count()) == (1, 0)
    assert (shop.agrees(), violations()) == (True, [])


def test_cancelled_on_stripes_own_pages(market: Market, shop: Shop) -> None:
    row = begun(market, shop)
    client().v1.subscriptions.cancel(row.reference)
    shop.hear()
    row.refresh_from_db()
    assert (row.state, row.end_reason, active()) == ("ended", "cancelled", 1)
