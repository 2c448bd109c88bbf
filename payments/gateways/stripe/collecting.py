"""Money in by Stripe: hosted Checkout pages, refunds, disputes."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import stripe
from django.conf import settings
from django.urls import reverse

from collective.core.addresses import address_of
from licensing.domain.plans import PERIOD_DAYS
from payments.gateways.facts import Cost, Disputed, DisputeState, Opened, Progress, Receipt, Returned
from payments.gateways.stripe.client import calling
from payments.gateways.stripe.receipts import about, id_of, receipt_of
from payments.models import Order, PaymentAttempt, SponsorFunding, Subscription

# A Checkout page lives from half an hour to a day (docs.stripe.com/api/checkout/sessions/create, expires_at). Both are
# counted from the attempt: who asks again after a lost answer must ask for the same, and still be in time.
SHORTEST, LONGEST = timedelta(hours=2), timedelta(hours=24) - timedelta(minutes=1)
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

    def open_funding(self, funding: SponsorFunding) -> Opened:
        with calling() as api:
            made = api.v1.checkout.sessions.create(_funding(funding), {"idempotency_key": f"checkout:{funding.pk}"})
        return Opened(made.id, made.url or "")

    def progress(self, reference: str) -> Progress:
        with calling() as api:
            return _progress(api, api.v1.checkout.sessions.retrieve(reference, {"expand": CHARGE}))

    def progress_of(self, payment: str) -> Progress | None:
        with calling() as api:
            found = api.v1.checkout.sessions.list({"payment_intent": payment, "limit": 1}).data
        return self.progress(found[0].id) if found else None

    def capture(self, attempt: PaymentAttempt) -> Progress:
        with calling() as api:
            made = api.v1.checkout.sessions.retrieve(attempt.reference, {"expand": ["payment_intent"]})
            if _state_of_intent(made) == "requires_capture":
                key: Any = {"idempotency_key": f"capture:{attempt.pk}"}
                api.v1.payment_intents.capture(id_of(made.payment_intent), {}, key)
        return self.progress(attempt.reference)

    def end_checkout(self, reference: str) -> None:
        with calling() as api:
            made = api.v1.checkout.sessions.retrieve(reference, {"expand": ["payment_intent"]})
            if made.status == "open":
                api.v1.checkout.sessions.expire(reference)
            elif _state_of_intent(made) == "requires_capture":
                api.v1.payment_intents.cancel(id_of(made.payment_intent))

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
    page = address_of("payments:order", order_id=order.pk)
    begun: Subscription | None = getattr(order, "subscription", None)
    return {
        **(_again_and_again(order, begun, named) if begun else _once(attempt, named)),
        "client_reference_id": str(order.pk),
        "customer_email": order.buyer.email,
        "metadata": named,
        "automatic_tax": {"enabled": settings.STRIPE_TAX},
        "success_url": page,
        "cancel_url": page,
        "expires_at": _end_of(attempt),
    }


def _funding(funding: SponsorFunding) -> Any:
    """No tax and no fee: nothing is sold yet."""
    named = {"funding": str(funding.pk)}
    sponsorship = funding.sponsorship
    page = address_of("payments:sponsorship", sponsorship_id=sponsorship.pk)
    price: dict[str, Any] = {
        "currency": sponsorship.currency.lower(),
        "unit_amount": funding.amount_minor,
        "product_data": {"name": sponsorship.title[:250]},
    }
    return {
        "mode": "payment",
        "line_items": [{"quantity": 1, "price_data": price}],
        "client_reference_id": str(funding.pk),
        "customer_email": funding.made_by.email,
        "metadata": named,
        "payment_intent_data": {"metadata": named, "transfer_group": f"sponsorship:{sponsorship.pk}"},
        "success_url": page,
        "cancel_url": page,
    }


def _once(attempt: PaymentAttempt, named: dict[str, str]) -> dict[str, Any]:
    order = attempt.order
    intent = {"metadata": named, "transfer_group": f"order:{order.pk}"}
    intent |= {"capture_method": "manual"} if attempt.on_approval else {}
    return {"mode": "payment", "line_items": [line_of(order)], "payment_intent_data": intent}


def _again_and_again(order: Order, begun: Subscription, named: dict[str, str]) -> dict[str, Any]:
    """Counted in days, as the license counts them: a month of Stripe's is sometimes longer."""
    line = line_of(order)
    line["price_data"]["recurring"] = {
        "interval": "day",
        "interval_count": PERIOD_DAYS[order.offer.plan["period"]],
    }
    about_it = {"metadata": {**named, "subscription": str(begun.pk)}}
    return {"mode": "subscription", "line_items": [line], "subscription_data": about_it}


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


def _end_of(attempt: PaymentAttempt) -> int:
    begun = attempt.created_at
    return int(min(max(attempt.order.expires_at, begun + SHORTEST), begun + LONGEST).timestamp())


def _progress(api: stripe.StripeClient, made: stripe.checkout.Session) -> Progress:
    attempt, funding = about(made.metadata, "attempt"), about(made.metadata, "funding")
    if made.payment_status == "paid" and made.subscription:
        return Progress(made.id, "paid", attempt, subscription=id_of(made.subscription))
    if made.payment_status == "paid" or _state_of_intent(made) == "succeeded":
        return Progress(made.id, "paid", attempt, _receipt(api, made), funding)
    if _state_of_intent(made) == "requires_capture":
        return Progress(made.id, "authorized", attempt)
    is_over = made.status == "expired" or _state_of_intent(made) == "canceled"
    return Progress(made.id, "ended" if is_over else "open", attempt, funding_id=funding)


def _state_of_intent(made: stripe.checkout.Session) -> str:
    """Precondition: expanded. Before the buyer has done anything there is none."""
    intent: Any = made.payment_intent
    return intent.status if intent else ""


def _receipt(api: stripe.StripeClient, made: stripe.checkout.Session) -> Receipt:
    tax = made.total_details.amount_tax if made.total_details else None
    return receipt_of(api, made.payment_intent, UUID(made.client_reference_id or ""), made.amount_total or 0, tax)


def _returned(made: stripe.Refund) -> Returned:
    moved: Any = made.balance_transaction
    return Returned(
        reference=made.id,
        payment=id_of(made.payment_intent),
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
        payment=id_of(made.payment_intent),
        amount_minor=made.amount,
        currency=made.currency.upper(),
        state=_state_of(made, has_moved=bool(taken)),
        fee_minor=sum(each.fee for each in taken),
        settled_minor=-sum(each.amount for each in taken) if taken else None,
    )


def _state_of(made: stripe.Dispute, *, has_moved: bool) -> DisputeState:
    decided: dict[str, DisputeState] = {"won": "won", "lost": "lost", "warning_closed": "closed"}
    if made.status in decided:
        return decided[made.status]
    return "open" if has_moved else "inquiry"
