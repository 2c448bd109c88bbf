"""How invoices come to their end: late, elsewhere, on Stripe's own pages, or after days without an answer."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from collective.accounts.models import Organization
from collective.core.models import Job
from payments.api.serializers import OrderOutput
from payments.errors import RailDownError
from payments.gateways.stripe.client import client
from payments.models import FinanceTask, Invoice, Journal, Order, Payment
from payments.services import expire_orders
from payments.services.following import catch_up
from payments.services.invoices import issue_invoice
from tests.integration.payments.audit import violations
from tests.integration.payments.market import Market, legs_of, offer, open_market
from tests.integration.payments.shop import Shop
from tests.integration.payments.test_invoices import licenses, on_invoice
from tests.integration.payments.test_stripe_invoices import at_stripe, issued
from tests.integration.payments.test_ways_at_once import a_lab
from tests.services.jobs import run_all_jobs
from tests.standin.faults import Fault

# What Stripe says and hears: the same services run on both databases with the embedded rail, and in the money machine.
pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def market(shop: Shop) -> Market:
    return open_market({"a": [1], "b": [1], "c": [1]})


@pytest.fixture
def lab(db: None) -> Organization:
    return a_lab()


def days(count: float) -> "time_machine.travel":
    """For both sides: the stand-in's clock is that of the process."""
    return time_machine.travel(timezone.now() + timedelta(days=count))


@pytest.mark.parametrize("by", ["looking", "catching up"])
def test_paid_days_ago_and_nobody_told_us(market: Market, lab: Organization, shop: Shop, by: str) -> None:
    invoice = issued(market, lab)
    shop.standin.arm(Fault.WEBHOOK_DROP, times=-1)
    shop.standin.pay_invoice(invoice.reference)
    shop.hear()
    assert licenses() == 0
    with days(5):
        if by == "catching up":
            Job.objects.filter(name="payments.look_after_invoice").delete()
            assert catch_up() > 0
        run_all_jobs()
        assert licenses() == 1
    invoice.refresh_from_db()
    assert (invoice.state, Payment.objects.count(), shop.agrees()) == ("paid", 1, True)
    assert violations() == []


def test_told_while_stripe_did_not_answer(market: Market, lab: Organization, shop: Shop) -> None:
    """The message was taken, and every try to follow it failed."""
    invoice = issued(market, lab)
    shop.standin.pay_invoice(invoice.reference)
    shop.standin.deliver()
    waiting = Job.objects.filter(name__in=["payments.follow_event", "payments.look_after_invoice"], state="queued")
    waiting.update(state="dead", reason="It does not answer.", finished_at=timezone.now())
    run_all_jobs()
    with days(0.05):
        assert catch_up() == 0
        run_all_jobs()
        assert licenses() == 0
    with days(0.2):
        assert catch_up() == 0
        run_all_jobs()
        assert licenses() == 1
    assert (Payment.objects.count(), shop.agrees(), violations()) == (1, True, [])


def test_a_rail_that_is_silent_for_hours_is_asked_again_tomorrow(market: Market, lab: Organization, shop: Shop) -> None:
    invoice = issued(market, lab)
    with days(1.1):
        shop.standin.arm(Fault.RATE_LIMIT, where="GET /v1/invoices")
        run_all_jobs()
        tried = Job.objects.filter(name="payments.look_after_invoice", state="queued", attempts=1)
        assert tried.update(state="dead", reason="It does not answer.", finished_at=timezone.now()) == 1
    shop.standin.arm(Fault.WEBHOOK_DROP, times=-1)
    shop.standin.pay_invoice(invoice.reference)
    with days(3):
        run_all_jobs()
    assert (Invoice.objects.get().state, Payment.objects.count()) == ("paid", 1)


def test_voided_on_stripes_own_pages(market: Market, lab: Organization, shop: Shop) -> None:
    invoice = issued(market, lab)
    client().v1.invoices.void_invoice(invoice.reference)
    shop.standin.arm(Fault.WEBHOOK_DUPLICATE, times=-1)
    shop.hear()
    shop.hear()
    row = Invoice.objects.select_related("order").get()
    assert (row.state, row.order.state, licenses()) == ("void", "cancelled", 0)
    assert legs_of(market, "invoice_ended") == [{f"receivable:{lab.pk}": 10_500, "deferred:invoice": -10_500}]
    assert (market.balances("USD"), shop.balances(), violations()) == ({}, {}, [])


def test_paid_elsewhere_it_ends_with_its_order(market: Market, lab: Organization, shop: Shop) -> None:
    """A person decides; nothing is claimed from anybody for ever."""
    invoice = issued(market, lab)
    client().v1.invoices.pay(invoice.reference, {"paid_out_of_band": True})
    shop.hear()
    assert (Invoice.objects.get().state, Order.objects.get().state) == ("open", "awaiting_payment")
    with days(45):
        assert expire_orders() == 1
        run_all_jobs()
        shop.hear()
    row = Invoice.objects.select_related("order").get()
    assert (row.state, row.order.state, licenses()) == ("returned", "expired", 0)
    assert FinanceTask.objects.get().key == f"invoice:{row.pk}:outside"
    assert (market.balances("USD"), shop.balances(), violations()) == ({}, {}, [])


def test_what_is_only_noted_at_stripe_is_no_payment(market: Market, lab: Organization, shop: Shop) -> None:
    """docs.stripe.com/api/invoice-payment/object: a record of what was paid elsewhere."""
    invoice = issued(market, lab)
    client().v1.invoices.pay(invoice.reference, {"paid_out_of_band": True})
    with shop.standin.state.lock:
        [payment] = shop.standin.state.all("invoice_payment")
        payment.update(status="paid", payment={"type": "payment_record", "payment_record": "pr_1"})
    shop.hear()
    assert (FinanceTask.objects.get().kind, licenses(), Payment.objects.count()) == ("invoice", 0, 0)
    assert violations() == []


def test_a_copy_on_stripes_own_pages_says_nothing(market: Market, lab: Organization, shop: Shop) -> None:
    invoice = issued(market, lab)
    written, side = at_stripe(shop), client().v1
    wanted: Any = {
        "customer": written["customer"],
        "collection_method": "send_invoice",
        "days_until_due": 30,
        "currency": "usd",
        "metadata": written["metadata"],
    }
    copy = side.invoices.create(wanted)
    item: Any = {"customer": written["customer"], "invoice": copy.id, "amount": 10_500, "currency": "usd"}
    side.invoice_items.create(item)
    side.invoices.finalize_invoice(copy.id)
    side.invoices.void_invoice(copy.id)
    shop.hear()
    assert (Invoice.objects.get().state, Order.objects.get().state) == ("open", "awaiting_payment")
    shop.standin.pay_invoice(invoice.reference)
    shop.hear()
    assert (Invoice.objects.get().state, licenses(), violations()) == ("paid", 1, [])


@pytest.mark.parametrize("step", ["POST /v1/invoiceitems", "finalize", "/send"])
def test_half_written_two_days_ago_it_is_written_to_its_end(
    market: Market, lab: Organization, shop: Shop, step: str
) -> None:
    """Stripe has forgotten the keys since. What it has of the invoice is finished, and no second one is begun."""
    on_invoice(offer(market, 10_000, "USD"), lab)
    row = Invoice.objects.get()
    shop.standin.arm(Fault.RATE_LIMIT, where=step)
    with pytest.raises(RailDownError):
        issue_invoice(invoice_id=row.pk)
    shop.standin.advance(2 * 86_400)
    with days(2):
        issue_invoice(invoice_id=row.pk)
    written = at_stripe(shop)
    assert (written["status"], written["total"]) == ("open", 10_500)
    with shop.standin.state.lock:
        told = [event["type"] for event in shop.standin.state.all("event")]
    assert (told.count("invoice.sent"), told.count("invoice.created")) == (1, 1)
    assert (Invoice.objects.get().state, Journal.objects.filter(event="invoice").count()) == ("open", 1)


@pytest.mark.parametrize(
    ("currency", "price", "total"), [("JPY", 1000, 1050), ("KWD", 10_000, 10_500), ("ISK", 10_000, 10_500)]
)
def test_currencies_with_other_digits(
    market: Market, lab: Organization, shop: Shop, currency: str, price: int, total: int
) -> None:
    invoice = issued(market, lab, currency, price)
    assert at_stripe(shop)["total"] == total
    shop.standin.pay_invoice(invoice.reference)
    shop.hear()
    assert (Payment.objects.get().amount_minor, Payment.objects.get().currency) == (total, currency)
    assert (shop.agrees(), violations()) == (True, [])


def test_there_is_nowhere_to_pay_before_it_is_written(market: Market, lab: Organization) -> None:
    placed = on_invoice(offer(market, 10_000, "USD"), lab)
    assert OrderOutput(placed).data["payment_url"] == ""
    run_all_jobs()
    written = Invoice.objects.select_related("order").get()
    assert OrderOutput(written.order).data["payment_url"] == written.url != ""
