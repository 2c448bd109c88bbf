"""Invoices that nobody has to pay: a page of our own, and the simulated button."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from payments.gateways.embedded.collecting import charged, payment_reference
from payments.gateways.rail import Billed, BilledState
from payments.models import Invoice, Order

OVER = ("expired", "cancelled")


class SimulatedBilling:
    def send_invoice(self, invoice: Invoice) -> Billed:
        return _billed(invoice, f"simin_{invoice.pk.hex}")

    def billed(self, reference: str) -> Billed:
        invoice = Invoice.objects.select_related("order").get(rail="embedded", reference=reference)
        return _billed(invoice, reference)

    def billed_for(self, payment: str) -> Billed | None:
        rows = Invoice.objects.select_related("order").filter(rail="embedded").exclude(reference="")
        found = next((each for each in rows if payment_reference(each.order) == payment), None)
        return _billed(found, found.reference) if found else None

    def void_invoice(self, reference: str) -> Billed:
        """The page asks the order itself whether it may still be paid."""
        return self.billed(reference)


def _billed(invoice: Invoice, reference: str) -> Billed:
    order = invoice.order
    receipt = charged(order)
    return Billed(
        reference=reference,
        state="paid" if receipt else _unpaid(order),
        invoice_id=str(invoice.pk),
        number=f"SIM-{invoice.pk.hex[-12:].upper()}",
        url=reverse("payments:invoice", args=[order.pk]),
        due_at=timezone.now() + timedelta(days=invoice.days),
        receipts=(receipt,) if receipt else (),
    )


def _unpaid(order: Order) -> BilledState:
    return "void" if order.state in OVER else "open"
