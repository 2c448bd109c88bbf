"""Invoices by Stripe: a customer, one line, made final, sent, and what became of it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import stripe
from django.conf import settings
from django.utils import timezone

from payments.gateways.rail import Billed, Receipt
from payments.gateways.stripe.client import calling
from payments.gateways.stripe.collecting import about, line_of, receipt_of
from payments.models import Invoice

# Stripe forgets a key after a day; well before that it is asked whether it wrote the invoice already.
ASK_FIRST_AFTER = timedelta(hours=12)
CHARGE = ["latest_charge.balance_transaction"]
# What is written on it beside the sum: at most 40 characters, and 140 (docs.stripe.com/api/invoices/create).
PO_NUMBER = "Purchase order"


class StripeBilling:
    def send_invoice(self, invoice: Invoice) -> Billed:
        """Every step has a key of its own, so that whatever was not done is done now."""
        with calling() as api:
            draft = _earlier(api, invoice) or _draft(api, invoice)
            if draft.status == "draft":
                draft = api.v1.invoices.finalize_invoice(draft.id, {"auto_advance": False}, _key("final", invoice))
                api.v1.invoices.send_invoice(draft.id, {}, _key("send", invoice))
            return _billed(api, draft)

    def billed(self, reference: str) -> Billed:
        with calling() as api:
            return _billed(api, api.v1.invoices.retrieve(reference))

    def billed_for(self, payment: str) -> Billed | None:
        wanted: Any = {"payment": {"type": "payment_intent", "payment_intent": payment}, "limit": 1}
        with calling() as api:
            found = api.v1.invoice_payments.list(wanted).data
        return self.billed(_id(found[0].invoice)) if found else None

    def void_invoice(self, reference: str) -> Billed:
        with calling() as api:
            found = api.v1.invoices.retrieve(reference)
            if found.status in ("open", "uncollectible"):
                found = api.v1.invoices.void_invoice(reference)
            return _billed(api, found)


def _earlier(api: stripe.StripeClient, invoice: Invoice) -> stripe.Invoice | None:
    if timezone.now() - invoice.created_at < ASK_FIRST_AFTER:
        return None
    wanted: Any = {"created": {"gte": int(invoice.created_at.timestamp())}, "limit": 100}
    made = api.v1.invoices.list(wanted).auto_paging_iter()
    return next((each for each in made if about(each.metadata, "invoice") == str(invoice.pk)), None)


def _draft(api: stripe.StripeClient, invoice: Invoice) -> stripe.Invoice:
    customer = api.v1.customers.create(_customer(invoice), _key("customer", invoice))
    draft = api.v1.invoices.create(_invoice(invoice, customer.id), _key("invoice", invoice))
    api.v1.invoice_items.create(_item(invoice, draft, customer.id), _key("item", invoice))
    return draft


def _customer(invoice: Invoice) -> Any:
    """One for each invoice: it keeps the name and address that it was written to."""
    order = invoice.order
    made: dict[str, Any] = {"name": order.licensee_name, "email": order.buyer.email, "metadata": _metadata(invoice)}
    return made | ({"address": {"country": order.licensee_country}} if order.licensee_country else {})


def _invoice(invoice: Invoice, customer: str) -> Any:
    made: dict[str, Any] = {
        "customer": customer,
        "collection_method": "send_invoice",
        "days_until_due": invoice.days,
        "currency": invoice.order.currency.lower(),
        "auto_advance": False,
        "pending_invoice_items_behavior": "exclude",
        "automatic_tax": {"enabled": settings.STRIPE_TAX},
        "metadata": _metadata(invoice),
    }
    return made | ({"custom_fields": [{"name": PO_NUMBER, "value": invoice.po_number}]} if invoice.po_number else {})


def _item(invoice: Invoice, draft: stripe.Invoice, customer: str) -> Any:
    line = line_of(invoice.order)
    price, product = line["price_data"], line["price_data"]["product_data"]
    made: dict[str, Any] = {
        "customer": customer,
        "invoice": draft.id,
        "amount": price["unit_amount"],
        "currency": price["currency"],
        "description": product["name"],
        "tax_behavior": price["tax_behavior"],
    }
    return made | ({"tax_code": product["tax_code"]} if "tax_code" in product else {})


def _metadata(invoice: Invoice) -> dict[str, str]:
    return {"invoice": str(invoice.pk), "order": str(invoice.order_id)}


def _billed(api: stripe.StripeClient, made: stripe.Invoice) -> Billed:
    state: Any = made.status
    return Billed(
        reference=made.id,
        state=state,
        invoice_id=about(made.metadata, "invoice"),
        number=made.number or "",
        url=made.hosted_invoice_url or "",
        due_at=datetime.fromtimestamp(made.due_date, UTC) if made.due_date else None,
        tax_minor=tax_of(made),
        receipts=receipts_of(api, made, about(made.metadata, "order")) if made.status == "paid" else (),
    )


def receipts_of(api: stripe.StripeClient, made: stripe.Invoice, order_id: str) -> tuple[Receipt, ...]:
    """Of every payment of it. A charge and an intent do not name their invoice; the invoice's payments do."""
    wanted: Any = {"invoice": made.id, "status": "paid", "limit": 100}
    paid = [each.payment.payment_intent for each in api.v1.invoice_payments.list(wanted).auto_paging_iter()]
    intents = [api.v1.payment_intents.retrieve(_id(each), {"expand": CHARGE}) for each in paid if each]
    return tuple(receipt_of(each, UUID(order_id), each.amount_received, tax_of(made)) for each in intents)


def tax_of(made: stripe.Invoice) -> int:
    return sum(each.amount for each in made.total_taxes or [])


def _key(step: str, invoice: Invoice) -> Any:
    return {"idempotency_key": f"invoice-{step}:{invoice.pk}"}


def _id(found: Any) -> str:
    return found if isinstance(found, str) else found.id
