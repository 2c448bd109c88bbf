"""Ways to pay under parallel clicks: equal keys, different keys, and messages that come together."""

from datetime import timedelta

import pytest
from django.utils import timezone

from collective.accounts.models import Organization
from collective.core.errors import DomainError
from licensing.models import LicenseGrant
from payments.models import Invoice, Journal, Order, Payment, PaymentAttempt, Renewal, Subscription
from payments.services import pay_simulated
from payments.services.capturing import decide_attempt
from payments.services.invoices import issue_invoice
from payments.services.simulating import renew_simulated
from payments.services.subscriptions import look_after_subscriptions
from tests.factories import OrganizationFactory, UserFactory
from tests.integration.payments.audit import violations
from tests.integration.payments.market import offer, open_market, order
from tests.integration.payments.test_at_once import at_once
from tests.integration.payments.test_authorizations import ask, restricted
from tests.integration.payments.test_invoices import on_invoice
from tests.integration.payments.test_periods import subscribe
from tests.services.jobs import run_all_jobs

pytestmark = pytest.mark.django_db(transaction=True)


def a_lab() -> Organization:
    return OrganizationFactory.create(name="A Lab", kind="academic", owner=UserFactory.create())


def test_one_invoice_for_one_key_and_one_license_for_many() -> None:
    offered, lab = offer(open_market({"a": [1], "b": [1]}), 10_000, "USD"), a_lab()
    same = at_once(4, lambda _: on_invoice(offered, lab, client_ref="same").pk)
    assert (len(set(same)), Invoice.objects.count()) == (1, 1)
    at_once(4, lambda number: on_invoice(offered, lab, client_ref=f"other {number % 2}").pk)
    assert (Order.objects.count(), Invoice.objects.count()) == (3, 3)
    invoices = list(Invoice.objects.values_list("pk", flat=True)) * 2
    at_once(len(invoices), lambda number: issue_invoice(invoice_id=invoices[number]))
    assert Journal.objects.filter(event="invoice").count() == 3

    orders = list(Order.objects.select_related("buyer")) * 2

    def pay(number: int) -> str:
        try:
            return pay_simulated(actor=orders[number].buyer, order_id=orders[number].pk).state
        except DomainError as refusal:
            return refusal.code

    at_once(len(orders), pay)
    assert (Payment.objects.count(), LicenseGrant.objects.count()) == (1, 1)
    assert Journal.objects.filter(event="sale").count() == 1
    assert violations() == []


def test_a_period_is_sold_once() -> None:
    subscribe(open_market({"a": [10], "b": [10], "c": [10]}))
    row = Subscription.objects.get()
    assert row.current_starts_at is not None
    past = row.current_starts_at - timedelta(days=31)
    Subscription.objects.update(current_starts_at=past, current_ends_at=past + timedelta(days=30))

    def renew(number: int) -> int:
        return renew_simulated() if number % 2 else look_after_subscriptions()

    at_once(6, renew)
    assert (Payment.objects.count(), Renewal.objects.count(), Order.objects.count()) == (2, 1, 2)
    assert LicenseGrant.objects.filter(state="active").count() == 1
    assert violations() == []


def test_captured_once() -> None:
    market, buyer = restricted(), UserFactory.create()
    offered = offer(market, 10_000, "USD")
    request = ask(market, buyer)
    placed = order(offered, buyer)
    at_once(4, lambda _: pay_simulated(actor=buyer, order_id=placed.pk).state)
    run_all_jobs()
    attempt = PaymentAttempt.objects.get()
    assert attempt.state == "authorized"
    type(request).objects.filter(pk=request.pk).update(state="approved", decided_at=timezone.now())
    at_once(4, lambda _: decide_attempt(attempt_id=attempt.pk))
    assert (Payment.objects.count(), LicenseGrant.objects.count()) == (1, 1)
    assert violations() == []
