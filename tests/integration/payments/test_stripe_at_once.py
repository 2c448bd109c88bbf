"""Parallel clicks with Stripe: equal keys, different keys, and messages that many workers follow at the same time."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from collective.core.errors import DomainError
from collective.core.jobs.queue import due_jobs, run
from collective.core.models import Job
from licensing.models import LicenseGrant
from payments.models import Invoice, Journal, Order, Payment, PaymentAttempt, Renewal, Subscription, UnappliedPayment
from payments.services import start_payment
from payments.services.invoices import issue_invoice
from payments.services.subscriptions import follow_subscription
from tests.factories import UserFactory
from tests.integration.payments.audit import violations
from tests.integration.payments.market import offer, open_market, order
from tests.integration.payments.shop import Shop
from tests.integration.payments.test_at_once import at_once
from tests.integration.payments.test_invoices import on_invoice
from tests.integration.payments.test_stripe_renewals import refunds
from tests.integration.payments.test_stripe_subscriptions import MONTH, begun, later, monthly
from tests.integration.payments.test_ways_at_once import a_lab
from tests.services.jobs import run_all_jobs
from tests.standin.faults import Fault

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS = 6


def hear_at_once(shop: Shop) -> None:
    """Every message twice; what failed among so many is done again, as a minute later."""
    shop.standin.arm(Fault.WEBHOOK_DUPLICATE, times=-1)
    shop.standin.deliver()
    waiting = list(due_jobs().order_by("due_at", "id").values_list("pk", flat=True))
    at_once(WORKERS, lambda worker: [run(job) for job in waiting[worker::WORKERS]])
    Job.objects.filter(name="payments.follow_event", state="queued").update(due_at=timezone.now())
    run_all_jobs()


def tried(act: Callable[[], str]) -> str:
    """What one of several clicks came to; one that finds another at work may be told to try again."""
    try:
        return act()
    except DomainError as refusal:
        return refusal.code


def count(shop: Shop, kind: str) -> int:
    with shop.standin.state.lock:
        return len(shop.standin.state.all(kind))


def test_invoices(shop: Shop) -> None:
    offered, lab = offer(open_market({"a": [1], "b": [1]}), 10_000, "USD"), a_lab()
    placed = at_once(4, lambda number: on_invoice(offered, lab, client_ref=f"cart {number % 2}").pk)
    rows = list(Invoice.objects.values_list("pk", flat=True))
    assert (len(set(placed)), len(rows)) == (2, 2)
    at_once(4, lambda number: tried(lambda: issue_invoice(invoice_id=rows[number % 2]).state))
    run_all_jobs()
    written = list(Invoice.objects.values_list("reference", flat=True))
    assert (count(shop, "invoice"), Journal.objects.filter(event="invoice").count()) == (2, 2)
    for reference in written:
        shop.standin.pay_invoice(reference)
    hear_at_once(shop)
    hear_at_once(shop)
    assert (Payment.objects.count(), LicenseGrant.objects.count(), refunds(shop)) == (1, 1, [10_500])
    assert UnappliedPayment.objects.get().state == "returned"
    assert sorted(Invoice.objects.values_list("state", flat=True)) == ["paid", "returned"]
    assert (shop.agrees(), violations()) == (True, [])


def test_subscriptions(shop: Shop) -> None:
    offered, buyer = monthly(open_market({"a": [1], "b": [1]})), UserFactory.create()
    at_once(4, lambda number: order(offered, buyer, client_ref=f"cart {number % 2}").pk)
    orders = list(Order.objects.all())
    assert (len(orders), Subscription.objects.count()) == (2, 2)

    def click(number: int) -> str:
        return tried(lambda: start_payment(actor=buyer, order_id=orders[number % 2].pk).url)

    at_once(WORKERS, click)
    assert (PaymentAttempt.objects.count(), count(shop, "checkout.session")) == (2, 2)
    for placed in orders:
        shop.standin.pay(shop.open(placed))
    hear_at_once(shop)
    hear_at_once(shop)
    assert sorted(Subscription.objects.values_list("state", flat=True)) == ["active", "ended"]
    assert (Payment.objects.count(), LicenseGrant.objects.count(), refunds(shop)) == (1, 1, [9_450])
    with shop.standin.state.lock:
        assert sorted(each["status"] for each in shop.standin.state.all("subscription")) == ["active", "canceled"]
    assert (shop.agrees(), violations()) == (True, [])


def test_a_period_is_sold_once(shop: Shop) -> None:
    row = begun(open_market({"a": [1], "b": [1]}), shop)
    with later(MONTH + 3600):
        hear_at_once(shop)
        at_once(4, lambda _: follow_subscription("stripe", row.reference))
        assert LicenseGrant.objects.filter(state="active").count() == 1
    assert (Payment.objects.count(), Renewal.objects.count(), Order.objects.count()) == (2, 1, 2)
    assert (refunds(shop), shop.agrees(), violations()) == ([], True, [])
