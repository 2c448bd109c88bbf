"""What Stripe says of money that arrived, from an intent or an invoice."""

from typing import Any
from uuid import UUID

import stripe

from payments.gateways.facts import Receipt

NAME = "stripe"
CHARGE = ["latest_charge.balance_transaction"]


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


def receipts_of(api: stripe.StripeClient, made: stripe.Invoice, order_id: str) -> tuple[Receipt, ...]:
    """Of every payment of it. A charge and an intent do not name their invoice; the invoice's payments do.

    What is only noted there, because it was paid elsewhere, is no payment.
    """
    wanted: Any = {"invoice": made.id, "status": "paid", "limit": 100}
    paid = [each.payment for each in api.v1.invoice_payments.list(wanted).auto_paging_iter()]
    names = [id_of(each.payment_intent) for each in paid if each.type == "payment_intent"]
    intents = [api.v1.payment_intents.retrieve(name, {"expand": CHARGE}) for name in names]
    return tuple(receipt_of(each, UUID(order_id), each.amount_received, tax_of(made)) for each in intents)


def tax_of(made: stripe.Invoice) -> int:
    return sum(each.amount for each in made.total_taxes or [])


def id_of(found: Any) -> str:
    """Of what Stripe gives by id, or whole where it was asked to."""
    return found if isinstance(found, str) else found.id


def about(metadata: Any, name: str) -> str:
    """What we wrote beside it; empty where somebody else made it. Stripe's objects know `in`, and not `get`."""
    return metadata[name] if metadata and name in metadata else ""
