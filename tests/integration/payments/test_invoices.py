"""Orders on invoice: nothing is earned and nothing is licensed before the money is there."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from collective.accounts.models import Membership, Organization, User
from licensing.models import LicenseGrant, Offer
from payments.errors import ClientRefReusedError, InvoicedError, InvoiceForPersonError, InvoiceNotPossibleError
from payments.models import Invoice, Journal, Order, Payment, UnappliedPayment
from payments.services import Choice, cancel_order, expire_orders, pay_simulated, place_order, start_payment
from payments.services.invoices import issue_invoice
from tests.factories import OrganizationFactory, UserFactory
from tests.integration.payments.audit import violations
from tests.integration.payments.market import Market, legs_of, offer, open_market
from tests.services.jobs import run_all_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    return open_market({"a": [1], "b": [1], "c": [1]})


@pytest.fixture
def lab() -> Organization:
    made: Organization = OrganizationFactory.create(name="A Lab", kind="academic", owner=UserFactory.create())
    return made


def member(lab: Organization) -> User:
    """Its owner."""
    return Membership.objects.get(organization=lab, role=Membership.OWNER).user


def on_invoice(
    offered: Offer, lab: Organization, *, client_ref: str = "po", po_number: str = "PO 4711", country: str = ""
) -> Order:
    return place_order(
        actor=member(lab),
        offer_id=offered.pk,
        offer_sha256=offered.offer_sha256,
        licensee_id=lab.pk,
        client_ref=client_ref,
        accepted=True,
        choice=Choice(by_invoice=True, po_number=po_number, licensee_country=country),
    )


def licenses() -> int:
    return LicenseGrant.objects.filter(state="active").count()


def test_claimed_when_it_is_issued_and_sold_when_it_is_paid(market: Market, lab: Organization) -> None:
    """P24."""
    placed = on_invoice(offer(market, 100_000, "USD", fee_mode="included"), lab)
    assert (placed.invoice.state, Journal.objects.count()) == ("reserved", 0)
    run_all_jobs()
    invoice = Invoice.objects.get()
    assert (invoice.state, invoice.po_number, invoice.days) == ("open", "PO 4711", 30)
    assert legs_of(market, "invoice") == [{f"receivable:{lab.pk}": -100_000, "deferred:invoice": 100_000}]
    assert Journal.objects.get().key == f"invoice:{invoice.reference}"
    assert (licenses(), Payment.objects.count()) == (0, 0)
    assert violations() == []

    paid = pay_simulated(actor=placed.buyer, order_id=placed.pk)
    assert (paid.state, licenses()) == ("paid", 1)
    assert legs_of(market, "invoice_paid") == [{"embedded:balance": -100_000, f"receivable:{lab.pk}": 100_000}]
    assert legs_of(market, "sale") == [{"deferred:invoice": -100_000, "fee": 5_000, "pool": 95_000}]
    invoice.refresh_from_db()
    assert (invoice.state, invoice.receipt) == ("paid", Journal.objects.get(event="invoice_paid"))
    assert violations() == []


def test_paid_before_the_job_has_written_it(market: Market, lab: Organization) -> None:
    placed = on_invoice(offer(market, 10_000, "USD"), lab)
    pay_simulated(actor=placed.buyer, order_id=placed.pk)
    run_all_jobs()
    pay_simulated(actor=placed.buyer, order_id=placed.pk)
    assert (Invoice.objects.get().state, licenses(), Payment.objects.count()) == ("paid", 1, 1)
    assert Journal.objects.filter(event__startswith="invoice").count() == 2
    assert violations() == []


def test_the_same_key_is_the_same_invoice(market: Market, lab: Organization) -> None:
    offered = offer(market, 10_000, "USD")
    assert on_invoice(offered, lab).pk == on_invoice(offered, lab).pk
    other = OrganizationFactory.create(owner=member(lab))
    with pytest.raises(ClientRefReusedError):
        on_invoice(offered, other)
    assert Invoice.objects.count() == 1
    issue_invoice(invoice_id=Invoice.objects.get().pk)
    run_all_jobs()
    assert Journal.objects.count() == 1


def test_a_cancelled_order_owes_nothing(market: Market, lab: Organization) -> None:
    placed = on_invoice(offer(market, 10_000, "USD"), lab)
    run_all_jobs()
    cancel_order(actor=placed.buyer, order_id=placed.pk)
    run_all_jobs()
    assert Invoice.objects.get().state == "void"
    assert legs_of(market, "invoice_ended") == [{f"receivable:{lab.pk}": 10_500, "deferred:invoice": -10_500}]
    assert market.balances("USD") == {}
    assert violations() == []


def test_cancelled_before_it_was_written_it_never_is(market: Market, lab: Organization) -> None:
    placed = on_invoice(offer(market, 10_000, "USD"), lab)
    cancel_order(actor=placed.buyer, order_id=placed.pk)
    run_all_jobs()
    assert (Invoice.objects.get().state, Journal.objects.count()) == ("void", 0)


def test_it_ends_some_days_after_it_was_due(market: Market, lab: Organization) -> None:
    placed = on_invoice(offer(market, 10_000, "USD"), lab)
    run_all_jobs()
    due_at = Invoice.objects.get().due_at
    assert due_at is not None
    with time_machine.travel(due_at + timedelta(days=13), tick=False):
        assert expire_orders() == 0
    with time_machine.travel(due_at + timedelta(days=15), tick=False):
        assert expire_orders() == 1
        run_all_jobs()
    placed.refresh_from_db()
    assert (placed.state, Invoice.objects.get().state, market.balances("USD")) == ("expired", "void", {})
    assert violations() == []


def test_a_person_pays_by_card(market: Market) -> None:
    offered, person = offer(market, 10_000, "USD"), UserFactory.create()
    with pytest.raises(InvoiceForPersonError, match=person.personal_organization.name):
        on_invoice(offered, person.personal_organization)
    assert not Order.objects.exists()


def test_what_costs_nothing_has_no_invoice(market: Market, lab: Organization) -> None:
    with pytest.raises(InvoiceNotPossibleError):
        on_invoice(offer(market, 0, "USD"), lab)
    assert not Order.objects.exists()


def test_an_invoice_is_not_paid_by_card_too(market: Market, lab: Organization) -> None:
    placed = on_invoice(offer(market, 10_000, "USD"), lab)
    with pytest.raises(InvoicedError):
        start_payment(actor=placed.buyer, order_id=placed.pk)
    assert not placed.attempts.exists()


def test_who_was_given_it_otherwise_pays_nothing(market: Market, lab: Organization) -> None:
    """Two orders for one license: what is paid second goes nowhere."""
    offered = offer(market, 10_000, "USD")
    first, second = (on_invoice(offered, lab, client_ref=ref) for ref in "ab")
    run_all_jobs()
    pay_simulated(actor=first.buyer, order_id=first.pk)
    with pytest.raises(Exception, match="already"):
        pay_simulated(actor=second.buyer, order_id=second.pk)
    assert (licenses(), Payment.objects.count(), UnappliedPayment.objects.count()) == (1, 1, 0)
    assert violations() == []


def test_pages_from_the_checkout_to_the_receipt(market: Market, lab: Organization, client: Client) -> None:
    offered = offer(market, 10_000, "USD")
    client.force_login(member(lab))
    page = client.get(f"/checkout/{offered.pk}/").content.decode()
    assert 'name="by_invoice"' in page
    sent = {
        "licensee": str(lab.pk),
        "accepted": "on",
        "offer_sha256": offered.offer_sha256,
        "client_ref": "web",
        "seen_total_minor": "10500",
        "by_invoice": "on",
        "po_number": "PO 99",
    }
    answer = client.post(f"/checkout/{offered.pk}/", sent)
    placed = Order.objects.get()
    assert answer["Location"] == f"/orders/{placed.pk}/invoice/"
    assert "being written" in client.get(answer["Location"]).content.decode()
    run_all_jobs()
    shown = client.get(answer["Location"]).content.decode()
    number = Invoice.objects.get().number
    assert all(text in shown for text in (number, "PO 99", "105.00", "A Lab", "to be paid"))
    client.post(f"/pay/simulated/{placed.pk}/")
    receipt = client.get(f"/orders/{placed.pk}/").content.decode()
    assert number in receipt
    assert placed.payment.reference in receipt
    assert number in client.get("/orders/").content.decode()


def test_a_person_is_not_asked(market: Market, client: Client) -> None:
    offered = offer(market, 10_000, "USD")
    client.force_login(UserFactory.create())
    assert 'name="by_invoice"' not in client.get(f"/checkout/{offered.pk}/").content.decode()


def test_by_the_api(market: Market, lab: Organization, client: Client) -> None:
    offered = offer(market, 10_000, "USD")
    client.force_login(member(lab))
    body = {
        "offer_id": str(offered.pk),
        "offer_sha256": offered.offer_sha256,
        "licensee_id": str(lab.pk),
        "client_ref": "api",
        "accepted": True,
        "by_invoice": True,
        "po_number": "PO 1",
    }
    made = client.post("/api/v1/orders", body, content_type="application/json")
    assert made.status_code == 201
    assert made.json()["invoice"]["state"] == "reserved"
    run_all_jobs()
    told = client.get(f"/api/v1/orders/{made.json()['id']}").json()
    assert (told["invoice"]["state"], told["invoice"]["po_number"]) == ("open", "PO 1")
    assert told["invoice"]["due_at"] > timezone.now().isoformat()
