"""Giving money back: asked for, sent to the rail, and booked when the rail says so."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from collective.accounts.models import User
from collective.core import audit
from collective.core.domain.money import Money, currency_of
from collective.core.jobs import enqueue
from payments.errors import RailRefusedError, ReasonMissingError, RefundAmountError, RefundReusedError
from payments.gateways.rails import giving_back
from payments.models import Approval, Order, Payment, RefundRequest
from payments.policies import check_can_refund, needs_second
from payments.selectors.orders import order_for
from payments.selectors.returned import paid_payment, refundable_minor
from payments.services.approving import ask_approval, on_decision
from payments.services.finance import open_task
from payments.services.returning import record_return

# A rail forgets a key after a day; well before that it is asked whether it did it already.
ASK_FIRST_AFTER = timedelta(hours=12)
SEND_AFTER = timedelta(minutes=2)


def refund_order(*, actor: User, order_id: UUID, amount_minor: int, reason: str, refund_ref: str) -> RefundRequest:
    """Give back part or all of a paid order; a full refund ends the license.

    Above the limit it waits for another operator. `refund_ref` is the business key: again with the same amount gives
    the same refund. The contributors' shares follow
    at the next settlement of the pool. Raises RefundAmountError, ReasonMissingError, RefundReusedError,
    NothingToRefundError for an order that was never paid, RailRefusedError, and RailDownError: then it goes on by
    itself.
    """
    request = _ask(actor, order_id, amount_minor, reason, refund_ref)
    return send_refund(request_id=request.pk)


@transaction.atomic
def _ask(actor: User, order_id: UUID, amount_minor: int, reason: str, refund_ref: str) -> RefundRequest:
    check_can_refund(actor)
    order = Order.objects.select_for_update(no_key=True).get(pk=order_for(actor, order_id).pk)
    if earlier := RefundRequest.objects.filter(reference=refund_ref).first():
        return _same(earlier, order, amount_minor)
    if not reason.strip():
        raise ReasonMissingError(fields={"reason": [ReasonMissingError.text]})
    _check_amount(paid_payment(order), amount_minor)
    request = RefundRequest(
        order=order, reference=refund_ref, amount_minor=amount_minor, reason=reason.strip(), actor=actor
    )
    if needs_second(request.amount):
        _wait_for_second(request)
    else:
        owe_refund(request)
    audit.record(
        actor=actor, action="payments.refund_asked", obj=order, reason=request.reason, amount_minor=amount_minor
    )
    return request


def _wait_for_second(request: RefundRequest) -> None:
    request.save(force_insert=True)
    request.transition_to("awaiting_second")
    ask_approval(
        actor=request.actor,
        kind="refund",
        subject=_subject(request.pk),
        amount=request.amount,
        reason=request.reason,
        order=request.order,
    )


def _subject(request_id: UUID) -> str:
    return f"refund:{request_id}"


def _asked_for(approval: Approval) -> RefundRequest:
    return RefundRequest.objects.get(pk=approval.subject.partition(":")[2])


def _approved(approval: Approval) -> None:
    request = _asked_for(approval).transition_to("reserved")
    _send_soon(request, timezone.now())


def _refused_by_second(approval: Approval) -> None:
    _asked_for(approval).transition_to("refused", refusal=approval.note[:300])


def owe_refund(request: RefundRequest) -> None:
    """In the caller's transaction: it will be sent, by whoever asked or else by a job."""
    request.save(force_insert=True)
    _send_soon(request, timezone.now() + SEND_AFTER)


def _send_soon(request: RefundRequest, due_at: datetime) -> None:
    enqueue("payments.send_refund", key=f"send-refund:{request.pk}", due_at=due_at, request_id=request.pk)


def send_refund(*, request_id: UUID) -> RefundRequest:
    """Ask the rail, outside of any transaction, and book its answer. Twice is once."""
    request = RefundRequest.objects.select_related("order__payment").get(pk=request_id)
    if request.state != "reserved":
        return request
    payment, key = request.order.payment, str(request.pk)
    way = giving_back(payment.rail)
    is_old = timezone.now() - request.created_at > ASK_FIRST_AFTER
    back = way.find_refund(payment=payment.reference, key=key) if is_old else None
    try:
        back = back or way.refund(
            payment=payment.reference, amount_minor=request.amount_minor, currency=payment.currency, key=key
        )
    except RailRefusedError as refusal:
        _refused(request, refusal.message)
        raise
    record_return(payment=payment, back=back)
    request.refresh_from_db()
    return request


@transaction.atomic
def _refused(request: RefundRequest, said: str) -> None:
    request.transition_to("refused", refusal=said[:300])
    open_task(key=f"refund:{request.pk}", kind="refund_refused", order=request.order, facts={"said": said})


def _same(request: RefundRequest, order: Order, amount_minor: int) -> RefundRequest:
    if (request.order_id, request.amount_minor) != (order.pk, amount_minor):
        raise RefundReusedError(reference=request.reference)
    return request


def _check_amount(payment: Payment, amount_minor: int) -> None:
    left, step = refundable_minor(payment), currency_of(payment.currency).charge_step
    if not 0 < amount_minor <= left or amount_minor % step:
        raise RefundAmountError(
            currency=payment.currency,
            step=Money(step, payment.currency).decimal(),
            left=str(Money(left, payment.currency)),
        )


on_decision("refund", approved=_approved, refused=_refused_by_second)
