"""Buyers press a button instead of paying. What was paid so is a movement in the simulated books."""

from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone

from payments.errors import RailRefusedError
from payments.gateways.embedded.books import move
from payments.gateways.facts import Cost, Disputed, Opened, PaymentState, Progress, Receipt, Returned
from payments.models import Order, PaymentAttempt, SimulatedMovement, SponsorFunding, Subscription


def payment_reference(order: Order) -> str:
    return f"sim_{order.pk.hex}"


def subscription_reference(subscription: Subscription) -> str:
    return f"simsub_{subscription.pk.hex}"


def charged(order: Order) -> Receipt | None:
    """What was paid for the order, if it was."""
    paid = SimulatedMovement.objects.filter(kind="charge", reference=payment_reference(order)).exists()
    return _receipt(order) if paid else None


# Of the references of payments into a budget.
FUNDING = "simfund_"


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

    def open_funding(self, funding: SponsorFunding) -> Opened:
        return Opened(f"{FUNDING}{funding.pk.hex}", reverse("payments:funding_simulated", args=[funding.pk]))

    def pay_funding(self, funding: SponsorFunding) -> Receipt:
        """The sponsor pressed Pay."""
        reference = f"{FUNDING}{funding.pk.hex}"
        move(
            key=f"charge:{reference}",
            kind="charge",
            reference=reference,
            currency=funding.sponsorship.currency,
            amount_minor=funding.amount_minor,
        )
        return _funding_receipt(funding)

    def renew(self, subscription: Subscription) -> None:
        """The buyer's bank would pay for the next period now. Once for each period."""
        order, reference = subscription.order, subscription_reference(subscription)
        starts_at = subscription.current_ends_at.isoformat() if subscription.current_ends_at else ""
        move(
            key=f"{reference}:{starts_at}",
            kind="charge",
            reference=f"{reference}:{starts_at}",
            source=reference,
            currency=order.currency,
            amount_minor=order.total_minor,
        )

    def progress(self, reference: str) -> Progress:
        if reference.startswith(FUNDING):
            return _funding_progress(reference)
        attempt = PaymentAttempt.objects.select_related("order").get(rail="embedded", reference=reference)
        if receipt := charged(attempt.order):
            return Progress(reference, "paid", str(attempt.pk), receipt)
        return Progress(reference, _unpaid(attempt), str(attempt.pk))

    def capture(self, attempt: PaymentAttempt) -> Progress:
        if _unpaid(attempt) == "authorized":
            self.pay(attempt.order)
        return self.progress(attempt.reference)

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


def _unpaid(attempt: PaymentAttempt) -> PaymentState:
    """The page of this rail writes down nothing but payments, so that our own row says how far it is."""
    if attempt.authorized_until is None:
        return "ended" if attempt.state == "ended" else "open"
    is_over = attempt.authorized_until <= timezone.now() or attempt.order.state != "authorized"
    return "ended" if is_over else "authorized"


def _receipt(order: Order) -> Receipt:
    begun: Subscription | None = getattr(order, "subscription", None)
    named = subscription_reference(begun) if begun else ""
    return Receipt(
        "embedded", payment_reference(order), order.pk, order.total_minor, order.currency, subscription=named
    )


def _returned(made: SimulatedMovement, key: str) -> Returned:
    return Returned(made.reference, made.source, -made.amount_minor, made.currency, key=key)


def _funding_progress(reference: str) -> Progress:
    funding = SponsorFunding.objects.select_related("sponsorship").get(rail="embedded", reference=reference)
    if SimulatedMovement.objects.filter(kind="charge", reference=reference).exists():
        return Progress(reference, "paid", funding_id=str(funding.pk), receipt=_funding_receipt(funding))
    return Progress(reference, "ended" if funding.state == "ended" else "open", funding_id=str(funding.pk))


def _funding_receipt(funding: SponsorFunding) -> Receipt:
    reference = f"{FUNDING}{funding.pk.hex}"
    return Receipt("embedded", reference, funding.pk, funding.amount_minor, funding.sponsorship.currency)
