"""Buyers press a button instead of paying. What was paid so is a movement in the simulated books."""

from django.db.models import Sum
from django.urls import reverse

from payments.errors import RailRefusedError
from payments.gateways.embedded.books import move
from payments.gateways.rail import Cost, Disputed, Opened, Progress, Receipt, Returned
from payments.models import Order, PaymentAttempt, SimulatedMovement


def payment_reference(order: Order) -> str:
    return f"sim_{order.pk.hex}"


def charged(order: Order) -> Receipt | None:
    """What was paid for the order, if it was."""
    paid = SimulatedMovement.objects.filter(kind="charge", reference=payment_reference(order)).exists()
    return _receipt(order) if paid else None


class SimulatedCollecting:
    def payment_path(self, order: Order) -> str:
        return reverse("payments:simulated", args=[order.pk])

    def open_checkout(self, attempt: PaymentAttempt) -> Opened:
        return Opened(payment_reference(attempt.order), self.payment_path(attempt.order))

    def pay(self, order: Order) -> Receipt:
        """The buyer pressed Pay. One order has one reference, however often it is pressed."""
        reference = payment_reference(order)
        move(
            key=f"charge:{reference}",
            kind="charge",
            reference=reference,
            currency=order.currency,
            amount_minor=order.total_minor,
        )
        return _receipt(order)

    def progress(self, reference: str) -> Progress:
        attempt = PaymentAttempt.objects.select_related("order").get(rail="embedded", reference=reference)
        if receipt := charged(attempt.order):
            return Progress(reference, "paid", str(attempt.pk), receipt)
        return Progress(reference, "ended" if attempt.state == "ended" else "open", str(attempt.pk))

    def progress_of(self, payment: str) -> Progress | None:
        known = PaymentAttempt.objects.filter(rail="embedded", reference=payment).exists()
        return self.progress(payment) if known else None

    def end_checkout(self, reference: str) -> None:
        """The page asks the order itself whether it may still be paid."""

    def refund(self, *, payment: str, amount_minor: int, currency: str, key: str) -> Returned:
        charge = SimulatedMovement.objects.get(kind="charge", reference=payment)
        earlier = SimulatedMovement.objects.filter(key=f"refund:{key}").exists()
        back = SimulatedMovement.objects.filter(kind="refund", source=payment).aggregate(
            sum=Sum("amount_minor", default=0)
        )
        if not earlier and amount_minor > charge.amount_minor + back["sum"]:
            raise RailRefusedError(said="More than what is left of the payment.")
        made = move(
            key=f"refund:{key}",
            kind="refund",
            reference=f"simre_{key}",
            currency=currency,
            amount_minor=-amount_minor,
            source=payment,
        )
        return _returned(made, key)

    def find_refund(self, *, payment: str, key: str) -> Returned | None:
        made = SimulatedMovement.objects.filter(key=f"refund:{key}", source=payment).first()
        return _returned(made, key) if made else None

    def returned(self, reference: str) -> Returned:
        made = SimulatedMovement.objects.get(kind="refund", reference=reference)
        return _returned(made, made.key.removeprefix("refund:"))

    def disputed(self, reference: str) -> Disputed:
        raise RailRefusedError(said=f"There are no disputes where nobody pays: {reference}.")

    def cost(self, charge: str) -> Cost | None:
        """Nothing: it is a simulation."""


def _receipt(order: Order) -> Receipt:
    return Receipt("embedded", payment_reference(order), order.pk, order.total_minor, order.currency)


def _returned(made: SimulatedMovement, key: str) -> Returned:
    return Returned(made.reference, made.source, -made.amount_minor, made.currency, key=key)
