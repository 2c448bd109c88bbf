"""Money that arrived too late, twice, or for what cannot be had any more: it goes back to whoever paid it."""

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from collective.core import audit
from collective.core.domain.money import currency_of
from collective.core.jobs import enqueue
from payments.domain import chart
from payments.domain.conversion import booked_after
from payments.errors import RailRefusedError
from payments.gateways.facts import Receipt, Returned
from payments.gateways.rails import rail_of
from payments.models import Journal, Order, Payment, UnappliedPayment
from payments.services.finance import open_task
from payments.services.ledger import post, posted

RETURNED, EVENT = "unapplied-refund", "unapplied_refund"


def is_unapplied(receipt: Receipt) -> bool:
    """It goes back, or has gone: whatever has come right since, no order takes it any more."""
    return UnappliedPayment.objects.filter(rail=receipt.rail, reference=receipt.reference).exists()


@transaction.atomic
def keep_unapplied(*, receipt: Receipt, why: str) -> Order:
    """Once per receipt: book it as owed to the buyer and send it back. `why` is the code of what was in the way.

    What an order has taken is refunded, and never returned like this.
    """
    order = Order.objects.select_for_update(no_key=True).get(pk=receipt.order_id)
    is_sold = Payment.objects.filter(rail=receipt.rail, reference=receipt.reference).exists()
    if is_sold or is_unapplied(receipt):
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
    """The rail has sent it back, or has it again after that failed. Twice is once.

    Somebody may give back a part of it on the rail's own pages: it is returned when all of it is.
    """
    kept = UnappliedPayment.objects.select_for_update(no_key=True).get(pk=kept.pk)
    key = f"{RETURNED}:{back.reference}"
    if back.has_failed:
        return _came_back(kept, key, back.reference)
    if posted(key) is not None:
        return kept
    before = sum(_returned_by(kept).values_list("meta__amount_minor", flat=True))
    after = before + back.amount_minor
    part = _booked_after(kept, after) - _booked_after(kept, before)
    cash = part if back.settled_minor is None else back.settled_minor
    legs = {rail_of(kept.rail).balance_account: cash, chart.UNAPPLIED: -part, chart.FX: part - cash}
    meta = {"unapplied": str(kept.pk), "amount_minor": back.amount_minor}
    post(key=key, event=EVENT, currency=kept.booked_currency, legs=legs, meta=meta, source=back.reference)
    return kept.transition_to("returned") if after == kept.amount_minor else kept


def _returned_by(kept: UnappliedPayment) -> "QuerySet[Journal]":
    """What went back, and did not come back from there."""
    return Journal.objects.filter(event=EVENT, meta__unapplied=str(kept.pk), reversed_by=None)


def _booked_after(kept: UnappliedPayment, returned_minor: int) -> int:
    step = currency_of(kept.booked_currency).charge_step
    return booked_after(kept.amount_minor, kept.booked_minor, returned_minor, step)


def _came_back(kept: UnappliedPayment, key: str, source: str) -> UnappliedPayment:
    sent = posted(key)
    if sent is None:
        return _stuck(kept, "") if kept.state == "waiting" else kept
    legs = {entry.account.code: -entry.amount for entry in sent.entries.select_related("account")}
    failed, event, currency = f"{key}:failed", "refund_failed", sent.currency
    posting = post(key=failed, event=event, currency=currency, legs=legs, reverses=sent, source=source)
    return _stuck(kept, "") if posting.is_new and kept.state != "stuck" else kept


def _stuck(kept: UnappliedPayment, said: str) -> UnappliedPayment:
    kept.transition_to("stuck")
    open_task(key=f"unapplied:{kept.pk}", kind="unapplied_stuck", order=kept.order, facts={"said": said})
    return kept
