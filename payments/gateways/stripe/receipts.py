"""What Stripe says of money that arrived, from an intent or an invoice."""

from typing import Any
from uuid import UUID

import stripe

from payments.errors import RailDownError
from payments.gateways.facts import Receipt

NAME = "stripe"
CHARGE = ["latest_charge.balance_transaction"]


def receipt_of(
    api: stripe.StripeClient, intent: Any, order_id: UUID, amount_minor: int, tax_minor: int | None
) -> Receipt:
    """`intent` with its charge and what that brought, which Stripe may know only some seconds after the payment.

    Raises RailDownError until then, where the currency may be changed: nobody knows what there is to book.
    """
    charge = intent.latest_charge
    arrived = charge.balance_transaction
    if not arrived and not _has_balance_in(api, intent.currency):
        raise RailDownError
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


def receipts_of(api: stripe.StripeClient, made: stripe.Invoice, order_id: str) -> tuple[Receipt, ...]:
    """Of every payment of it. A charge and an intent do not name their invoice; the invoice's payments do.

    What is only noted there, because it was paid elsewhere, is no payment.
    """
    wanted: Any = {"invoice": made.id, "status": "paid", "limit": 100}
    paid = [each.payment for each in api.v1.invoice_payments.list(wanted).auto_paging_iter()]
    names = [id_of(each.payment_intent) for each in paid if each.type == "payment_intent"]
    intents = [api.v1.payment_intents.retrieve(name, {"expand": CHARGE}) for name in names]
    return tuple(receipt_of(api, each, UUID(order_id), each.amount_received, tax_of(made)) for each in intents)


def _has_balance_in(api: stripe.StripeClient, currency: str) -> bool:
    """Money arrives there as it is (docs.stripe.com/currencies, presentment and settlement currency)."""
    now = api.v1.balance.retrieve()
    parts: list[Any] = [*now.available, *now.pending]
    return any(part.currency == currency for part in parts)


def tax_of(made: stripe.Invoice) -> int:
    return sum(each.amount for each in made.total_taxes or [])


def id_of(found: Any) -> str:
    """Of what Stripe gives by id, or whole where it was asked to."""
    return found if isinstance(found, str) else found.id


def about(metadata: Any, name: str) -> str:
    """What we wrote beside it; empty where somebody else made it. Stripe's objects know `in`, and not `get`."""
    return metadata[name] if metadata and name in metadata else ""
