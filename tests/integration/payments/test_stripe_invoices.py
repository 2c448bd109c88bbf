"""Invoices by Stripe: written once, followed to their end, whatever is lost, doubled or late."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from collective.accounts.models import Organization
from collective.core.models import Job
from payments.errors import InvoiceCountryError, RailDownError
from payments.gateways.stripe.client import client as stripe_client
from payments.models import FinanceTask, Invoice, Journal, Order, Payment, RailEvent, UnappliedPayment
from payments.services import cancel_order, refund_order
from payments.services.following import catch_up
from payments.services.invoices import issue_invoice, look_after_invoice
from tests.factories import OrganizationFactory, UserFactory
from tests.integration.payments.audit import violations
from tests.integration.payments.market import Market, legs_of, offer, open_market
from tests.integration.payments.shop import Shop
from tests.integration.payments.test_invoices import licenses, member, on_invoice
from tests.services.jobs import run_all_jobs
from tests.standin.faults import Fault

# What Stripe says and hears: the same services run on both databases with the embedded rail, and in the money machine.
pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def market(shop: Shop) -> Market:
    return open_market({"a": [1], "b": [1], "c": [1]})


@pytest.fixture
def lab() -> Organization:
    made: Organization = OrganizationFactory.create(name="A Lab", kind="academic", owner=UserFactory.create())
    return made


def issued(market: Market, lab: Organization, currency: str = "USD", price: int = 10_000, country: str = "") -> Invoice:
    on_invoice(offer(market, price, currency), lab, country=country)
    run_all_jobs()
    return Invoice.objects.select_related("order").get()


def at_stripe(shop: Shop) -> dict[str, Any]:
    with shop.standin.state.lock:
        [found] = shop.standin.state.all("invoice")
        return dict(found)


def test_from_the_draft_to_the_license(market: Market, lab: Organization, shop: Shop) -> None:
    invoice = issued(market, lab)
    sent = at_stripe(shop)
    assert (sent["status"], sent["total"], sent["customer_name"]) == ("open", 10_500, "A Lab")
    assert [(field["name"], field["value"]) for field in sent["custom_fields"]] == [("Purchase order", "PO 4711")]
    assert (invoice.reference, invoice.number, invoice.url) == (sent["id"], sent["number"], sent["hosted_invoice_url"])
    assert invoice.due_at is not None
    assert int(invoice.due_at.timestamp()) == sent["due_date"]
    assert legs_of(market, "invoice") == [{f"receivable:{lab.pk}": -10_500, "deferred:invoice": 10_500}]
    shop.hear()
    assert licenses() == 0
    shop.standin.pay_invoice(invoice.reference)
    assert licenses() == 0
    shop.hear()
    invoice.refresh_from_db()
    assert (invoice.state, licenses()) == ("paid", 1)
    assert legs_of(market, "invoice_paid") == [{"stripe:balance": -10_500, f"receivable:{lab.pk}": 10_500}]
    assert legs_of(market, "sale") == [{"deferred:invoice": -10_500, "fee": 500, "pool": 10_000}]
    assert legs_of(market, "rail_fee")[0]["stripe:fees"] < 0
    assert shop.agrees()
    assert violations() == []


def test_every_message_twice_and_in_any_order(market: Market, lab: Organization, shop: Shop) -> None:
    shop.standin.arm(Fault.WEBHOOK_DUPLICATE, times=-1)
    shop.standin.arm(Fault.WEBHOOKS_SHUFFLE, times=-1)
    invoice = issued(market, lab)
    shop.standin.pay_invoice(invoice.reference)
    shop.hear()
    shop.hear()
    assert (Payment.objects.count(), licenses()) == (1, 1)
    assert Journal.objects.filter(event__in=["invoice", "invoice_paid", "sale"]).count() == 3
    assert shop.agrees()
    assert violations() == []


@pytest.mark.parametrize("step", ["customers", "invoices", "invoiceitems", "finalize", "send"])
def test_whose_answer_was_lost_is_the_same_invoice(market: Market, lab: Organization, shop: Shop, step: str) -> None:
    on_invoice(offer(market, 10_000, "USD"), lab)
    shop.standin.arm(Fault.TIMEOUT_AFTER_COMMIT, where=step, times=3)
    run_all_jobs()
    Job.objects.filter(name="payments.issue_invoice").update(due_at=timezone.now())
    run_all_jobs()
    assert Invoice.objects.get().state == "open"
    assert (at_stripe(shop)["status"], at_stripe(shop)["total"]) == ("open", 10_500)
    assert Journal.objects.filter(event="invoice").count() == 1


def test_what_was_written_two_days_ago_is_looked_for_first(market: Market, lab: Organization, shop: Shop) -> None:
    """The answer was lost, and Stripe has forgotten the key since."""
    on_invoice(offer(market, 10_000, "USD"), lab)
    row = Invoice.objects.get()
    shop.standin.arm(Fault.TIMEOUT_AFTER_COMMIT, where="/send", times=3)
    with pytest.raises(RailDownError):
        issue_invoice(invoice_id=row.pk)
    shop.standin.advance(2 * 86_400)
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
        issue_invoice(invoice_id=row.pk)
    assert Invoice.objects.get().reference == at_stripe(shop)["id"]
    assert Journal.objects.filter(event="invoice").count() == 1


def test_a_message_that_never_comes_is_not_needed(market: Market, lab: Organization, shop: Shop) -> None:
    shop.standin.arm(Fault.WEBHOOK_DROP, times=-1)
    invoice = issued(market, lab)
    shop.standin.pay_invoice(invoice.reference)
    shop.hear()
    assert licenses() == 0
    look_after_invoice(invoice_id=invoice.pk)
    assert (licenses(), RailEvent.objects.count()) == (1, 0)
    assert catch_up() > 0
    run_all_jobs()
    assert (Payment.objects.count(), violations()) == (1, [])


def test_paid_before_the_answer_reached_us(market: Market, lab: Organization, shop: Shop) -> None:
    """The message about the payment is the first that we hear of the invoice."""
    on_invoice(offer(market, 10_000, "USD"), lab)
    Job.objects.filter(name="payments.issue_invoice").delete()
    row = Invoice.objects.get()
    shop.standin.arm(Fault.TIMEOUT_AFTER_COMMIT, where="/send", times=3)
    with pytest.raises(RailDownError):
        issue_invoice(invoice_id=row.pk)
    assert Invoice.objects.get().state == "reserved"
    shop.standin.pay_invoice(at_stripe(shop)["id"])
    shop.hear()
    assert (Invoice.objects.get().state, licenses()) == ("paid", 1)
    assert violations() == []


def test_a_cancelled_order_is_void_at_stripe(market: Market, lab: Organization, shop: Shop) -> None:
    invoice = issued(market, lab)
    cancel_order(actor=invoice.order.buyer, order_id=invoice.order_id)
    run_all_jobs()
    shop.hear()
    assert (Invoice.objects.get().state, at_stripe(shop)["status"]) == ("void", "void")
    assert (market.balances("USD"), licenses()) == ({}, 0)
    assert violations() == []


def test_cancelled_while_it_was_being_written(
    market: Market, lab: Organization, shop: Shop, settings: Settings
) -> None:
    """Its tax is another one than the order's, which changes no more."""
    settings.STRIPE_TAX = True
    placed = on_invoice(offer(market, 10_000, "EUR"), lab, country="DE")
    row = Invoice.objects.get()
    shop.standin.arm(Fault.TIMEOUT_AFTER_COMMIT, where="/send", times=3)
    with pytest.raises(RailDownError):
        issue_invoice(invoice_id=row.pk)
    cancel_order(actor=placed.buyer, order_id=placed.pk)
    shop.hear()
    assert (Invoice.objects.get().state, at_stripe(shop)["status"]) == ("void", "void")
    assert (Journal.objects.count(), violations()) == (0, [])


def test_what_is_paid_for_a_cancelled_order_goes_back(market: Market, lab: Organization, shop: Shop) -> None:
    """Paid at the moment in which it was cancelled."""
    invoice = issued(market, lab)
    shop.standin.pay_invoice(invoice.reference)
    cancel_order(actor=invoice.order.buyer, order_id=invoice.order_id)
    run_all_jobs()
    shop.hear()
    shop.hear()
    assert (Invoice.objects.get().state, UnappliedPayment.objects.get().state) == ("returned", "returned")
    assert (licenses(), Payment.objects.count()) == (0, 0)
    balances = market.balances("USD")
    assert set(balances) == {"stripe:balance", "stripe:fees"}
    assert shop.agrees()
    assert violations() == []


def test_late_money_still_buys_what_can_be_had(market: Market, lab: Organization, shop: Shop) -> None:
    invoice = issued(market, lab)
    Order.objects.filter(pk=invoice.order_id).update(state="expired")
    shop.standin.pay_invoice(invoice.reference)
    shop.hear()
    assert (Invoice.objects.get().state, licenses()) == ("paid", 1)
    assert violations() == []


def test_late_money_for_a_withdrawn_version_goes_back(market: Market, lab: Organization, shop: Shop) -> None:
    invoice = issued(market, lab)
    type(market.version).objects.filter(pk=market.version.pk).update(state="withdrawn_content")
    shop.standin.pay_invoice(invoice.reference)
    shop.hear()
    shop.hear()
    row = Invoice.objects.select_related("order").get()
    assert (row.state, row.order.state, UnappliedPayment.objects.get().why) == ("returned", "expired", "version_gone")
    assert shop.agrees()
    assert violations() == []


def test_given_up_at_stripe_and_paid_after_all(market: Market, lab: Organization, shop: Shop) -> None:
    invoice = issued(market, lab)
    stripe_side(shop).invoices.mark_uncollectible(invoice.reference)
    shop.hear()
    row = Invoice.objects.select_related("order").get()
    assert (row.state, row.order.state, market.balances("USD")) == ("uncollectible", "expired", {})
    shop.standin.pay_invoice(invoice.reference)
    shop.hear()
    row.refresh_from_db()
    assert (row.state, licenses()) == ("paid", 1)
    assert legs_of(market, "sale") == [{"stripe:balance": -10_500, "fee": 500, "pool": 10_000}]
    assert violations() == []


def test_paid_outside_of_stripe_is_for_a_person(market: Market, lab: Organization, shop: Shop) -> None:
    invoice = issued(market, lab)
    stripe_side(shop).invoices.pay(invoice.reference, {"paid_out_of_band": True})
    shop.hear()
    assert (Invoice.objects.get().state, licenses()) == ("open", 0)
    assert FinanceTask.objects.get().kind == "invoice"
    assert violations() == []


def test_less_than_was_asked_for_goes_back(market: Market, lab: Organization, shop: Shop) -> None:
    """What should cost less is voided and ordered again; a credit note made elsewhere is not the price."""
    invoice = issued(market, lab)
    note: Any = {"invoice": invoice.reference, "amount": 500}
    stripe_side(shop).credit_notes.create(note)
    shop.standin.pay_invoice(invoice.reference)
    shop.hear()
    shop.hear()
    assert (UnappliedPayment.objects.get().why, licenses()) == ("payment_mismatch", 0)
    assert Invoice.objects.get().state == "returned"
    assert shop.agrees()
    assert violations() == []


def test_a_refund_finds_the_payment_of_an_invoice(market: Market, lab: Organization, shop: Shop) -> None:
    """P12: the refund is heard of before the payment."""
    invoice = issued(market, lab)
    shop.hear()
    shop.standin.pay_invoice(invoice.reference)
    shop.standin.arm(Fault.WEBHOOKS_SHUFFLE, times=-1)
    shop.hear()
    refund_order(
        actor=UserFactory.create(is_staff=True),
        order_id=invoice.order_id,
        amount_minor=10_500,
        reason="Not needed.",
        refund_ref="r1",
    )
    shop.hear()
    order = Order.objects.get()
    assert (order.state, licenses()) == ("refunded", 0)
    assert shop.agrees()
    assert violations() == []


def test_tax_of_the_rail_is_claimed_and_sold(market: Market, lab: Organization, shop: Shop, settings: Settings) -> None:
    settings.STRIPE_TAX = True
    invoice = issued(market, lab, "EUR", country="DE")
    assert at_stripe(shop)["customer_address"]["country"] == "DE"
    assert (invoice.order.tax_minor, invoice.order.total_minor) == (1995, 12_495)
    assert legs_of(market, "invoice") == [{f"receivable:{lab.pk}": -12_495, "deferred:invoice": 12_495}]
    shop.standin.pay_invoice(invoice.reference)
    shop.hear()
    assert legs_of(market, "sale") == [{"deferred:invoice": -12_495, "fee": 500, "tax": 1995, "pool": 10_000}]
    assert violations() == []


def test_tax_needs_to_know_the_country(market: Market, lab: Organization, client: Client, settings: Settings) -> None:
    """Otherwise it would be refused by Stripe after the order was placed."""
    settings.STRIPE_TAX = True
    offered = offer(market, 10_000, "EUR")
    with pytest.raises(InvoiceCountryError, match="A Lab"):
        on_invoice(offered, lab)
    assert not Order.objects.exists()
    client.force_login(member(lab))
    assert 'name="licensee_country"' in client.get(f"/checkout/{offered.pk}/").content.decode()
    settings.STRIPE_TAX = False
    assert 'name="licensee_country"' not in client.get(f"/checkout/{offered.pk}/").content.decode()


def stripe_side(shop: Shop) -> Any:
    """What an operator does on Stripe's own pages."""
    return stripe_client().v1
