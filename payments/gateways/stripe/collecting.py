"""Money in by Stripe: hosted Checkout pages, refunds, disputes."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import stripe
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from payments.gateways.rail import Cost, Disputed, DisputeState, Opened, Progress, Receipt, Returned
from payments.gateways.stripe.client import calling
from payments.models import Order, PaymentAttempt

NAME = "stripe"
# A Checkout page lives from half an hour to a day (docs.stripe.com/api/checkout/sessions/create, expires_at).
SHORTEST = timedelta(minutes=31)
BACK = ("failed", "canceled")
# What the balance transaction of a charge tells: what arrived, in which currency, and what Stripe kept.
CHARGE = ["payment_intent.latest_charge.balance_transaction"]


class StripeCollecting:
    def payment_path(self, order: Order) -> str:
        return reverse("payments:pay", args=[order.pk])

    def open_checkout(self, attempt: PaymentAttempt) -> Opened:
        with calling() as api:
            made = api.v1.checkout.sessions.create(_checkout(attempt), {"idempotency_key": f"checkout:{attempt.pk}"})
        return Opened(made.id, made.url or "")

    def progress(self, reference: str) -> Progress:
        with calling() as api:
            return _progress(api.v1.checkout.sessions.retrieve(reference, {"expand": CHARGE}))

    def progress_of(self, payment: str) -> Progress | None:
        with calling() as api:
            found = api.v1.checkout.sessions.list({"payment_intent": payment, "limit": 1}).data
        return self.progress(found[0].id) if found else None

    def end_checkout(self, reference: str) -> None:
        with calling() as api:
            if api.v1.checkout.sessions.retrieve(reference).status == "open":
                api.v1.checkout.sessions.expire(reference)

    def refund(self, *, payment: str, amount_minor: int, currency: str, key: str) -> Returned:
        wanted: Any = {
            "payment_intent": payment,
            "amount": amount_minor,
            "metadata": {"key": key, "currency": currency},
            "expand": ["balance_transaction"],
        }
        with calling() as api:
            return _returned(api.v1.refunds.create(wanted, {"idempotency_key": f"refund:{key}"}))

    def find_refund(self, *, payment: str, key: str) -> Returned | None:
        wanted: Any = {"payment_intent": payment, "limit": 100, "expand": ["data.balance_transaction"]}
        with calling() as api:
            made = [_returned(each) for each in api.v1.refunds.list(wanted).auto_paging_iter()]
        return next((each for each in made if each.key == key), None)

    def returned(self, reference: str) -> Returned:
        with calling() as api:
            return _returned(api.v1.refunds.retrieve(reference, {"expand": ["balance_transaction"]}))

    def disputed(self, reference: str) -> Disputed:
        with calling() as api:
            return _disputed(api.v1.disputes.retrieve(reference))

    def cost(self, charge: str) -> Cost | None:
        with calling() as api:
            arrived: Any = api.v1.charges.retrieve(charge, {"expand": ["balance_transaction"]}).balance_transaction
        return Cost(arrived.fee, arrived.currency.upper()) if arrived else None


def _checkout(attempt: PaymentAttempt) -> Any:
    order = attempt.order
    named = {"attempt": str(attempt.pk), "order": str(order.pk)}
    page = f"{settings.SITE_URL}{reverse('payments:order', args=[order.pk])}"
    return {
        "mode": "payment",
        "line_items": [line_of(order)],
        "client_reference_id": str(order.pk),
        "customer_email": order.buyer.email,
        "metadata": named,
        "payment_intent_data": {"metadata": named, "transfer_group": f"order:{order.pk}"},
        "automatic_tax": {"enabled": settings.STRIPE_TAX},
        "success_url": page,
        "cancel_url": page,
        "expires_at": _end_of(order),
    }


def line_of(order: Order) -> dict[str, Any]:
    """Price and fee in one line, as the receipt of ours says what is what."""
    product: dict[str, Any] = {"name": f"{order.dataset_title}: {order.license_name}"[:250]}
    if settings.STRIPE_TAX:
        product["tax_code"] = settings.STRIPE_TAX_CODE
    price: dict[str, Any] = {
        "currency": order.currency.lower(),
        "unit_amount": order.total_minor - order.tax_minor,
        "product_data": product,
        "tax_behavior": "exclusive",
    }
    return {"quantity": 1, "price_data": price}


def _end_of(order: Order) -> int:
    now = timezone.now()
    end: datetime = max(order.expires_at, now + SHORTEST)
    return int(min(end, now + timedelta(hours=24) - timedelta(minutes=1)).timestamp())


def _progress(made: stripe.checkout.Session) -> Progress:
    attempt = about(made.metadata, "attempt")
    if made.payment_status == "paid":
        return Progress(made.id, "paid", attempt, _receipt(made))
    return Progress(made.id, "ended" if made.status == "expired" else "open", attempt)


def _receipt(made: stripe.checkout.Session) -> Receipt:
    tax = made.total_details.amount_tax if made.total_details else None
    return receipt_of(made.payment_intent, UUID(made.client_reference_id or ""), made.amount_total or 0, tax)


def receipt_of(intent: Any, order_id: UUID, amount_minor: int, tax_minor: int | None) -> Receipt:
    """`intent` with its charge and what that brought."""
    charge = intent.latest_charge
    arrived = charge.balance_transaction
    return Receipt(
        rail=NAME,
        reference=intent.id,
        order_id=order_id,
        amount_minor=amount_minor,
        currency=intent.currency.upper(),
        tax_minor=tax_minor,
        charge=charge.id,
        settled_minor=arrived.amount if arrived else None,
        settled_currency=arrived.currency.upper() if arrived else "",
        cost_minor=arrived.fee if arrived else 0,
    )


def _returned(made: stripe.Refund) -> Returned:
    moved: Any = made.balance_transaction
    return Returned(
        reference=made.id,
        payment=_id(made.payment_intent),
        amount_minor=made.amount,
        currency=made.currency.upper(),
        has_failed=made.status in BACK,
        key=about(made.metadata, "key"),
        settled_minor=-moved.amount if moved and not isinstance(moved, str) else None,
    )


def _disputed(made: stripe.Dispute) -> Disputed:
    taken = [each for each in made.balance_transactions if each.reporting_category == "dispute"]
    return Disputed(
        reference=made.id,
        payment=_id(made.payment_intent),
        amount_minor=made.amount,
        currency=made.currency.upper(),
        state=_state_of(made, has_moved=bool(taken)),
        fee_minor=sum(each.fee for each in taken),
        settled_minor=-sum(each.amount for each in taken) if taken else None,
    )


def _state_of(made: stripe.Dispute, *, has_moved: bool) -> DisputeState:
    if made.status in ("won", "lost"):
        return made.status
    if made.status == "warning_closed":
        return "closed"
    return "open" if has_moved else "inquiry"


def _id(found: Any) -> str:
    """Of what Stripe gives by id, or whole where it was asked to."""
    return found if isinstance(found, str) else found.id


def about(metadata: Any, name: str) -> str:
    """What we wrote beside it; empty where somebody else made it. Stripe's objects know `in`, and not `get`."""
    return metadata[name] if metadata and name in metadata else ""
