"""Money goes back, from the same places it went to."""

from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from collective.accounts.models import User
from collective.core import audit
from collective.core.domain.money import Money, currency_of
from payments.domain import chart
from payments.domain.refunds import refund_step
from payments.errors import ReasonMissingError, RefundAmountError, RefundReusedError
from payments.gateways.rails import rail
from payments.models import Order, Refund
from payments.policies import check_can_refund
from payments.selectors.orders import order_for
from payments.services.granting import revoke_license
from payments.services.ledger import post
from payments.services.periods import enqueue_division

PARTS = ("tax", "fee", "pool")


@transaction.atomic
def refund_order(*, actor: User, order_id: UUID, amount_minor: int, reason: str, refund_ref: str) -> Refund:
    """Give back part or all of a paid order; a full refund ends the license.

    `refund_ref` is the business key: again with the same amount gives the same refund. The contributors' shares follow
    at the next settlement of the pool. Raises RefundAmountError, ReasonMissingError, RefundReusedError, and
    WrongStateError for an order that was never paid.
    """
    check_can_refund(actor)
    order = Order.objects.select_for_update(no_key=True).get(pk=order_for(actor, order_id).pk)
    if earlier := Refund.objects.filter(reference=refund_ref).first():
        return _same(earlier, order, amount_minor)
    if not reason.strip():
        raise ReasonMissingError(fields={"reason": [ReasonMissingError.text]})
    done = refunded_parts(order)
    left = order.total_minor - sum(done.values())
    _check_amount(order, amount_minor, left)
    order.transition_to("refunded" if amount_minor == left else "partly_refunded")
    refund = _book(order, done, amount_minor, reason.strip(), refund_ref, actor)
    # The grant is locked before the audit trail, as whoever suspends it does.
    if order.state == "refunded":
        revoke_license(order, actor=actor, reason=refund.reason)
    audit.record(actor=actor, action="payments.refunded", obj=order, reason=refund.reason, amount_minor=amount_minor)
    enqueue_division(order)
    return refund


def refunded_parts(order: Order) -> dict[str, int]:
    """What each part has given back so far."""
    sums = order.refunds.aggregate(**{part: Sum(f"{part}_minor", default=0) for part in PARTS})
    return {part: sums[part] for part in PARTS}


def _same(refund: Refund, order: Order, amount_minor: int) -> Refund:
    if (refund.order_id, refund.amount_minor) != (order.pk, amount_minor):
        raise RefundReusedError(reference=refund.reference)
    return refund


def _check_amount(order: Order, amount_minor: int, left: int) -> None:
    step = currency_of(order.currency).charge_step
    if not 0 < amount_minor <= left or amount_minor % step:
        raise RefundAmountError(
            currency=order.currency,
            step=Money(step, order.currency).decimal(),
            left=str(Money(left, order.currency)),
        )


def _book(order: Order, done: dict[str, int], amount_minor: int, reason: str, refund_ref: str, actor: User) -> Refund:
    step = refund_step(
        order.parts,
        done,
        order.total_minor,
        sum(done.values()) + amount_minor,
        step=currency_of(order.currency).charge_step,
    )
    legs = {
        rail().balance_account: amount_minor,
        chart.FEE: -step["fee"],
        chart.TAX: -step["tax"],
        order.pool_account: -step["pool"],
    }
    meta = {"order": str(order.pk), "actor": str(actor.pk), "reason": reason}
    posting = post(key=f"refund:{refund_ref}", event="refund", currency=order.currency, legs=legs, meta=meta)
    return Refund.objects.create(
        order=order,
        reference=refund_ref,
        amount_minor=amount_minor,
        tax_minor=step["tax"],
        fee_minor=step["fee"],
        pool_minor=step["pool"],
        reason=reason,
        actor=actor,
        journal=posting.entered,
    )
