"""Money that arrived too late, twice, or for what cannot be had any more: it goes back to whoever paid it."""

from uuid import UUID

from django.db import transaction

from collective.core import audit
from collective.core.jobs import enqueue
from payments.domain import chart
from payments.errors import RailRefusedError
from payments.gateways.facts import Receipt, Returned
from payments.gateways.rails import rail_of
from payments.models import Order, UnappliedPayment
from payments.services.finance import open_task
from payments.services.ledger import post, posted


@transaction.atomic
def keep_unapplied(*, receipt: Receipt, why: str) -> Order:
    """Once per receipt: book it as owed to the buyer and send it back. `why` is the code of what was in the way."""
    order = Order.objects.select_for_update(no_key=True).get(pk=receipt.order_id)
    if UnappliedPayment.objects.filter(rail=receipt.rail, reference=receipt.reference).exists():
        return order
    cash = rail_of(receipt.rail).balance_account
    legs = {cash: receipt.cost_minor - receipt.booked_minor, chart.UNAPPLIED: receipt.booked_minor}
    legs |= {chart.RAIL_FEES: -receipt.cost_minor}
    key = f"unapplied:{receipt.reference}"
    posting = post(key=key, event="unapplied", currency=receipt.booked_currency, legs=legs, source=receipt.source)
    kept = UnappliedPayment.objects.create(
        order=order,
        rail=receipt.rail,
        reference=receipt.reference,
        amount_minor=receipt.amount_minor,
        currency=receipt.currency,
        booked_minor=receipt.booked_minor,
        booked_currency=receipt.booked_currency,
        why=why,
        journal=posting.entered,
    )
    audit.record(actor=None, action="payments.unapplied", obj=order, reference=receipt.reference, why=why)
    enqueue("payments.return_unapplied", key=f"return-unapplied:{kept.pk}", unapplied_id=kept.pk)
    return order


def return_unapplied(*, unapplied_id: UUID) -> UnappliedPayment:
    """Job: give it back, once."""
    kept = UnappliedPayment.objects.select_related("order").get(pk=unapplied_id)
    if kept.state != "waiting":
        return kept
    try:
        back = rail_of(kept.rail).collecting.refund(
            payment=kept.reference, amount_minor=kept.amount_minor, currency=kept.currency, key=str(kept.pk)
        )
    except RailRefusedError as refusal:
        return _stuck(kept, refusal.message)
    return record_unapplied_return(kept=kept, back=back)


@transaction.atomic
def record_unapplied_return(*, kept: UnappliedPayment, back: Returned) -> UnappliedPayment:
    """The rail has sent it back, or has it again after that failed. Twice is once."""
    kept = UnappliedPayment.objects.select_for_update(no_key=True).get(pk=kept.pk)
    key = f"unapplied-refund:{back.reference}"
    if back.has_failed:
        return _came_back(kept, key, back.reference)
    cash = kept.booked_minor if back.settled_minor is None else back.settled_minor
    legs = {
        rail_of(kept.rail).balance_account: cash,
        chart.UNAPPLIED: -kept.booked_minor,
        chart.FX: kept.booked_minor - cash,
    }
    posting = post(key=key, event="unapplied_refund", currency=kept.booked_currency, legs=legs, source=back.reference)
    if posting.is_new:
        kept.transition_to("returned")
    return kept


def _came_back(kept: UnappliedPayment, key: str, source: str) -> UnappliedPayment:
    sent = posted(key)
    if sent is None:
        return _stuck(kept, "")
    if kept.state == "returned":
        legs = {entry.account.code: -entry.amount for entry in sent.entries.select_related("account")}
        post(
            key=f"{key}:failed",
            event="refund_failed",
            currency=sent.currency,
            legs=legs,
            reverses=sent,
            source=source,
        )
        _stuck(kept, "")
    return kept


def _stuck(kept: UnappliedPayment, said: str) -> UnappliedPayment:
    kept.transition_to("stuck")
    open_task(key=f"unapplied:{kept.pk}", kind="unapplied_stuck", order=kept.order, facts={"said": said})
    return kept
