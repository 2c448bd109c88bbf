"""Subscriptions by Stripe: each period brings an invoice, and what was paid for it is a sale."""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import stripe

from payments.gateways.facts import Receipt, Subscribed, SubscribedState
from payments.gateways.stripe.receipts import about, id_of, receipts_of

WHOLE_PERIODS = ("subscription_create", "subscription_cycle")
STATES: dict[str, SubscribedState] = {
    "canceled": "ended",
    "incomplete_expired": "ended",
    "unpaid": "ended",
    "past_due": "past_due",
}


def read(api: stripe.StripeClient, reference: str, known: Collection[datetime]) -> Subscribed:
    made = api.v1.subscriptions.retrieve(reference)
    wanted: Any = {"subscription": reference, "status": "paid", "limit": 100}
    paid = sorted(api.v1.invoices.list(wanted).auto_paging_iter(), key=lambda each: each.created)
    new = [each for each in paid if _starts_at(each) not in known or not _is_whole(each)]
    order_id = about(made.metadata, "order")
    is_ours = bool(about(made.metadata, "subscription"))
    return Subscribed(
        reference=made.id,
        subscription_id=about(made.metadata, "subscription"),
        state=STATES.get(made.status, "active"),
        is_ending=made.cancel_at_period_end or made.cancel_at is not None,
        receipts=_receipts(api, [each for each in new if _is_whole(each)], order_id) if is_ours else (),
        others=_receipts(api, [each for each in new if not _is_whole(each)], order_id) if is_ours else (),
        unclear=tuple(each.id for each in new if not _is_whole(each)),
    )


def cancel(api: stripe.StripeClient, reference: str, *, at_once: bool) -> None:
    """Who ends it at once owes nothing more for it either."""
    made = api.v1.subscriptions.retrieve(reference)
    if STATES.get(made.status) == "ended":
        return
    if not at_once:
        api.v1.subscriptions.update(reference, {"cancel_at_period_end": True})
        return
    api.v1.subscriptions.cancel(reference)
    owed: Any = {"subscription": reference, "status": "open", "limit": 100}
    for invoice in api.v1.invoices.list(owed).auto_paging_iter():
        api.v1.invoices.void_invoice(invoice.id)


def of_invoice(made: stripe.Invoice) -> str:
    """The subscription that it belongs to; empty: to none."""
    details = made.parent.subscription_details if made.parent else None
    return id_of(details.subscription) if details else ""


def _receipts(api: stripe.StripeClient, invoices: list[stripe.Invoice], order_id: str) -> tuple[Receipt, ...]:
    return tuple(
        replace(
            receipt,
            subscription=of_invoice(each),
            period_starts_at=_starts_at(each),
            arrived_at=datetime.fromtimestamp(each.status_transitions.paid_at or each.created, UTC),
        )
        for each in invoices
        for receipt in receipts_of(api, each, order_id)
    )


def _starts_at(made: stripe.Invoice) -> datetime | None:
    """Of the time that it pays for; an invoice's own period is the one before."""
    lines = made.lines.data
    return datetime.fromtimestamp(lines[0].period.start, UTC) if lines else None


def _is_whole(made: stripe.Invoice) -> bool:
    """Paid once for one period. Parts of periods are made by changes that we do not offer."""
    return made.billing_reason in WHOLE_PERIODS and made.total > 0 and not any(map(_is_part, made.lines.data))


def _is_part(line: stripe.InvoiceLineItem) -> bool:
    details = line.parent.subscription_item_details if line.parent else None
    return bool(details and details.proration)
