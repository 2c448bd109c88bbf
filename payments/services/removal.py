"""Money back for records that withdrawals removed from a licensed version, at the marketplace's own expense."""

from uuid import UUID

from django.db import transaction

from collective.accounts.models import User
from collective.accounts.policies import check_can_act_for
from collective.core import audit
from collective.core.domain.money import currency_of
from licensing.domain.removal import RemovedShare
from licensing.selectors import grant_of_order
from licensing.selectors.removal import removed_share
from licensing.services import check_removed_enough
from payments.domain import chart
from payments.domain.refunds import refund_step
from payments.errors import LicenseOverError, NothingToRefundError, RemovalPartyError
from payments.gateways.rails import rail
from payments.models import Order, Refund, RemovalRefund
from payments.selectors.orders import order_for
from payments.selectors.removal import is_party, removal_due
from payments.services.ledger import post
from payments.services.refunds import refunded_parts

CURRENT = ("active", "suspended")


@transaction.atomic
def refund_removed_share(*, actor: User, order_id: UUID) -> Refund:
    """The part of what is still paid that the removed records are of the licensed version; the license stays.

    Cumulative: asked again after nothing more was removed it gives the first refund, after more was, the difference.
    Of a subscription only the days of its period that have not begun. Fee and tax come from where they went; the
    price's part is the marketplace's loss and nobody else's. Raises RemovalTooSmallError, NothingToRefundError,
    LicenseOverError, and RemovalPartyError where an operator decides.
    """
    order = order_for(actor, order_id)
    check_can_act_for(actor, order.licensee)
    order = Order.objects.select_for_update(no_key=True).get(pk=order.pk)
    grant = grant_of_order(order.pk)
    if grant is None:
        raise LicenseOverError
    share = removed_share(grant)
    reference = f"removal:{order.pk}:{share.removed}"
    if earlier := Refund.objects.filter(reference=reference).first():
        return earlier
    if grant.state not in CURRENT:
        raise LicenseOverError
    check_removed_enough(share)
    if is_party(actor, order, grant):
        raise RemovalPartyError
    return _refund(actor, order, share, reference)


def _refund(actor: User, order: Order, share: RemovedShare, reference: str) -> Refund:
    done = refunded_parts(order)
    due = removal_due(order, share)
    amount = due.minor if due else 0
    if amount == 0:
        raise NothingToRefundError
    everything = sum(done.values()) + amount == order.total_minor
    order.transition_to("refunded" if everything else "partly_refunded")
    refund = _book(order, done, amount, share, reference, actor)
    audit.record(actor=actor, action="payments.removal_refunded", obj=order, reason=refund.reason, amount_minor=amount)
    return refund


def _book(order: Order, done: dict[str, int], amount: int, share: RemovedShare, reference: str, actor: User) -> Refund:
    charge_step = currency_of(order.currency).charge_step
    parts = refund_step(order.parts, done, order.total_minor, sum(done.values()) + amount, step=charge_step)
    legs = {
        rail().balance_account: amount,
        chart.FEE: -parts["fee"],
        chart.TAX: -parts["tax"],
        chart.LOSS: -parts["pool"],
    }
    reason = f"Withdrawals removed {share.text} of the records of version {order.version.number}."
    meta = {"order": str(order.pk), "actor": str(actor.pk), "reason": reason}
    posting = post(key=f"refund:{reference}", event="removal_refund", currency=order.currency, legs=legs, meta=meta)
    refund = Refund.objects.create(
        order=order,
        reference=reference,
        amount_minor=amount,
        **{f"{part}_minor": moved for part, moved in parts.items()},
        reason=reason,
        actor=actor,
        journal=posting.entered,
    )
    RemovalRefund.objects.create(
        refund=refund,
        removed_records=share.removed,
        whole_records=share.whole,
        threshold_bps=share.threshold_bps,
    )
    return refund
