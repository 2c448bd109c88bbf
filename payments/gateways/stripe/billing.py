"""Invoices by Stripe: a customer, one line, made final, sent, and what became of it."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

import stripe
from django.conf import settings
from django.utils import timezone

from payments.gateways.facts import Billed, Subscribed
from payments.gateways.stripe import subscriptions
from payments.gateways.stripe.client import calling
from payments.gateways.stripe.collecting import line_of
from payments.gateways.stripe.receipts import about, id_of, receipts_of, tax_of
from payments.models import Invoice

# Stripe forgets a key after a day; well before that it is asked whether it wrote the invoice already.
ASK_FIRST_AFTER = timedelta(hours=12)
# What is written on it beside the sum: at most 40 characters, and 140 (docs.stripe.com/api/invoices/create).
PO_NUMBER = "Purchase order"


class StripeBilling:
    def send_invoice(self, invoice: Invoice) -> Billed:
        """Every step has a key of its own, so that whatever was not done is done now."""
        with calling() as api:
            made = _earlier(api, invoice) or _draft(api, invoice)
            if made.status == "draft":
                if not made.lines.data:
                    api.v1.invoice_items.create(_item(invoice, made), _key("item", invoice))
                made = api.v1.invoices.finalize_invoice(made.id, {"auto_advance": False}, _key("final", invoice))
            if made.status == "open":
                api.v1.invoices.send_invoice(made.id, {}, _key("send", invoice))
            return _billed(api, made)

    def billed(self, reference: str) -> Billed:
        with calling() as api:
            return _billed(api, api.v1.invoices.retrieve(reference))

    def billed_for(self, payment: str) -> Billed | None:
        wanted: Any = {"payment": {"type": "payment_intent", "payment_intent": payment}, "limit": 1}
        with calling() as api:
            found = api.v1.invoice_payments.list(wanted).data
        return self.billed(id_of(found[0].invoice)) if found else None

    def void_invoice(self, reference: str) -> Billed:
        with calling() as api:
            found = api.v1.invoices.retrieve(reference)
            if found.status in ("open", "uncollectible"):
                found = api.v1.invoices.void_invoice(reference)
            return _billed(api, found)

    def subscribed(self, reference: str, known: Collection[datetime] = ()) -> Subscribed:
        with calling() as api:
            return subscriptions.read(api, reference, known)

    def cancel_subscription(self, reference: str, *, at_once: bool) -> None:
        with calling() as api:
            subscriptions.cancel(api, reference, at_once=at_once)


def _earlier(api: stripe.StripeClient, invoice: Invoice) -> stripe.Invoice | None:
    if timezone.now() - invoice.created_at < ASK_FIRST_AFTER:
        return None
    wanted: Any = {"created": {"gte": int(invoice.created_at.timestamp())}, "limit": 100}
    made = api.v1.invoices.list(wanted).auto_paging_iter()
    return next((each for each in made if about(each.metadata, "invoice") == str(invoice.pk)), None)


def _draft(api: stripe.StripeClient, invoice: Invoice) -> stripe.Invoice:
    """Without its line; the answer is the same also when the line has been written since."""
    customer = api.v1.customers.create(_customer(invoice), _key("customer", invoice))
    return api.v1.invoices.create(_invoice(invoice, customer.id), _key("invoice", invoice))


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


def _item(invoice: Invoice, draft: stripe.Invoice) -> Any:
    line = line_of(invoice.order)
    price, product = line["price_data"], line["price_data"]["product_data"]
    made: dict[str, Any] = {
        "customer": id_of(draft.customer),
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
        receipts=receipts_of(api, made, about(made.metadata, "order")) if _is_ours_and_paid(made) else (),
        subscription=subscriptions.of_invoice(made),
    )


def _is_ours_and_paid(made: stripe.Invoice) -> bool:
    return made.status == "paid" and bool(about(made.metadata, "invoice"))


def _key(step: str, invoice: Invoice) -> Any:
    return {"idempotency_key": f"invoice-{step}:{invoice.pk}"}
