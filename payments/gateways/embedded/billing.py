"""Invoices that nobody has to pay: a page of our own, and the simulated button."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from payments.gateways.embedded.collecting import charged, payment_reference
from payments.gateways.facts import Billed, BilledState, Receipt, Subscribed
from payments.models import Invoice, Order, SimulatedMovement, Subscription

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

    def subscribed(self, reference: str, known: Collection[datetime] = ()) -> Subscribed:
        subscription = Subscription.objects.select_related("order").get(rail="embedded", reference=reference)
        paid = [_renewed(row, subscription) for row in _charges(reference)]
        return Subscribed(
            reference=reference,
            subscription_id=str(subscription.pk),
            state="ended" if _is_over(subscription) else "active",
            receipts=tuple(each for each in paid if each.period_starts_at not in known),
        )

    def cancel_subscription(self, reference: str, *, at_once: bool) -> None:
        """Whoever renews asks the subscription itself."""


def _charges(reference: str) -> "QuerySet[SimulatedMovement]":
    return SimulatedMovement.objects.filter(kind="charge", source=reference).order_by("created_at", "id")


def _renewed(row: SimulatedMovement, subscription: Subscription) -> Receipt:
    starts_at = datetime.fromisoformat(row.key.removeprefix(f"{row.source}:"))
    return Receipt(
        "embedded",
        row.reference,
        subscription.order_id,
        row.amount_minor,
        row.currency,
        subscription=row.source,
        period_starts_at=starts_at,
    )


def _is_over(subscription: Subscription) -> bool:
    ends_at = subscription.current_ends_at
    is_past = ends_at is not None and ends_at <= timezone.now()
    return subscription.state == "ended" or (subscription.state == "ending" and is_past)


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
