"""Booking what went back to a buyer, whoever sent it, and what came back from there."""

from uuid import UUID

from django.db import transaction

from collective.core import audit
from payments.domain import chart
from payments.gateways.facts import Returned
from payments.gateways.rails import account_for
from payments.gateways.sponsorship import NAME as BUDGET
from payments.models import Order, Payment, Refund, RefundFailure, RefundRequest
from payments.selectors.returned import parts_back, returned_minor
from payments.services.finance import open_task
from payments.services.granting import revoke_license
from payments.services.ledger import post
from payments.services.periods import enqueue_division
from payments.services.sponsor_returns import given_back_to

OUTSIDE = "Given back on the pages of the payment service."
EVENTS = {"refund": "refund", "outside": "refund", "dispute": "dispute_lost"}


@transaction.atomic
def record_return(*, payment: Payment, back: Returned) -> Refund | None:
    """Once per refund of the rail, in whichever order and however often we hear of it. None: it failed before."""
    order = Order.objects.select_for_update(no_key=True).get(pk=payment.order_id)
    request = _request(back)
    refund = Refund.objects.filter(reference=back.reference).select_related("order", "journal").first()
    if refund is not None:
        return _failed(refund) if back.has_failed else refund
    if back.has_failed:
        _never_went(request)
        return None
    refund = _refund(order, back, request)
    cash = account_for(payment.rail, order)
    book_return(payment=payment, refund=refund, cash_account=cash, cash_minor=back.settled_minor)
    if request is not None:
        request.transition_to("done")
    return refund


def _request(back: Returned) -> RefundRequest | None:
    """Ours names its request; what somebody gave back at the rail may name anything."""
    try:
        return RefundRequest.objects.filter(pk=UUID(back.key)).first()
    except ValueError:
        return None


def _refund(order: Order, back: Returned, request: RefundRequest | None) -> Refund:
    return Refund(
        order=order,
        request=request,
        kind="refund" if request else "outside",
        borne_by=request.borne_by if request else "pool",
        reference=back.reference,
        amount_minor=back.amount_minor,
        reason=request.reason if request else OUTSIDE,
        actor=request.actor if request else None,
    )


def book_return(*, payment: Payment, refund: Refund, cash_account: str, cash_minor: int | None) -> None:
    """Divide what the buyer got over tax, fee and pool, post it, and write the row, under the order's lock.

    What the rail took more or less than was booked, because a rate had changed, is the marketplace's.
    """
    order, parts = refund.order, parts_back(payment, refund.amount_minor)
    booked = sum(parts.values())
    cash = booked if cash_minor is None else cash_minor
    legs = {
        **_into(payment, cash_account, cash),
        chart.FEE: -parts["fee"],
        chart.TAX: -parts["tax"],
        chart.LOSS if refund.borne_by == "loss" else order.pool_account: -parts["pool"],
        chart.FX: booked - cash,
    }
    meta = {"order": str(order.pk), "actor": str(refund.actor_id or ""), "reason": refund.reason}
    event = "removal_refund" if refund.borne_by == "loss" else EVENTS[refund.kind]
    key = f"dispute:{refund.reference}:lost" if refund.kind == "dispute" else f"refund:{refund.reference}"
    posting = post(
        key=key, event=event, currency=payment.booked_currency, legs=legs, meta=meta, source=refund.reference
    )
    refund.journal = posting.entered
    refund.booked_minor = booked
    refund.tax_minor, refund.fee_minor, refund.pool_minor = parts["tax"], parts["fee"], parts["pool"]
    refund.save(force_insert=True)
    _after(order, refund)


def _into(payment: Payment, cash_account: str, cash: int) -> dict[str, int]:
    """Who has paid gets it: the sponsor of a license less what they owe for what went back to them before."""
    if payment.rail != BUDGET:
        return {cash_account: cash}
    return given_back_to(payment.order.sponsored.sponsorship_id, payment.booked_currency, cash)


def _after(order: Order, refund: Refund) -> None:
    order.transition_to("refunded" if returned_minor(order) == order.total_minor else "partly_refunded")
    by_pool = refund.borne_by == "pool"
    # The grant is locked before the audit trail, as whoever suspends it does.
    if by_pool and order.state == "refunded":
        revoke_license(order, actor=refund.actor, reason=refund.reason)
    audit.record(
        actor=refund.actor,
        action="payments.refunded" if by_pool else "payments.removal_refunded",
        obj=order,
        reason=refund.reason,
        amount_minor=refund.amount_minor,
    )
    if by_pool:
        enqueue_division(order)


def _never_went(request: RefundRequest | None) -> None:
    """The rail refused it before we had booked anything."""
    if request is not None and request.state == "reserved":
        request.transition_to("refused", refusal="The payment service could not send it.")
        open_task(key=f"refund:{request.pk}", kind="refund_refused", order=request.order)


def _failed(refund: Refund) -> Refund:
    """The money came back to us: the journal is reversed, once, and a person finds another way to the buyer."""
    if hasattr(refund, "failure"):
        return refund
    order, journal = refund.order, refund.journal
    legs = {entry.account.code: -entry.amount for entry in journal.entries.select_related("account")}
    key = f"{journal.key}:failed"
    reversal = post(
        key=key, event="refund_failed", currency=journal.currency, legs=legs, reverses=journal, source=refund.reference
    )
    RefundFailure.objects.create(refund=refund, journal=reversal.entered)
    order.transition_to("partly_refunded" if returned_minor(order) else "paid")
    if refund.request is not None:
        refund.request.transition_to("failed")
    audit.record(actor=None, action="payments.refund_failed", obj=order, reference=refund.reference)
    open_task(key=f"refund-failed:{refund.pk}", kind="refund_failed", order=order)
    if refund.borne_by == "pool":
        enqueue_division(order)
    return refund
