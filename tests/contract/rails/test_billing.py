"""What every rail promises about invoices."""

from datetime import timedelta

import pytest
import time_machine

from payments.gateways.facts import Billed
from payments.gateways.rail import Rail
from payments.models import Invoice
from payments.services import cancel_order
from payments.services.invoices import issue_invoice
from tests.contract.rails.hands import Hands
from tests.factories import OrganizationFactory, UserFactory
from tests.integration.payments.market import offer, open_market
from tests.integration.payments.test_invoices import on_invoice

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice(hands: Hands) -> Invoice:
    """Sent, and not paid."""
    lab = OrganizationFactory.create(name="A Lab", kind="academic", owner=UserFactory.create())
    placed = on_invoice(offer(open_market({"a": [1]}), 10_000, "USD"), lab)
    return issue_invoice(invoice_id=placed.invoice.pk)


def facts(billed: Billed) -> tuple[str, str, str, str]:
    return billed.reference, billed.state, billed.invoice_id, billed.number


def test_a_row_has_one_invoice(rail: Rail, invoice: Invoice) -> None:
    told = rail.billing.billed(invoice.reference)
    assert facts(told) == (invoice.reference, "open", str(invoice.pk), invoice.number)
    with time_machine.travel(timedelta(minutes=5)):
        assert facts(rail.billing.send_invoice(invoice)) == facts(told)
    assert told.number
    assert told.url
    assert told.due_at is not None
    assert told.receipts == ()


def test_what_was_paid_is_told_with_its_payment(rail: Rail, hands: Hands, invoice: Invoice) -> None:
    hands.pay_invoice(invoice)
    told = rail.billing.billed(invoice.reference)
    assert told.state == "paid"
    (receipt,) = told.receipts
    assert (receipt.order_id, receipt.amount_minor, receipt.currency) == (invoice.order_id, 10_500, "USD")
    found = rail.billing.billed_for(receipt.reference)
    assert found is not None
    assert facts(found) == facts(told)


def test_a_void_invoice_stays_void(rail: Rail, invoice: Invoice) -> None:
    cancel_order(actor=invoice.order.buyer, order_id=invoice.order_id)
    for _ in range(2):
        assert rail.billing.void_invoice(invoice.reference).state == "void"
    assert rail.billing.billed(invoice.reference).receipts == ()
