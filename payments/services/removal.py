"""Money back for records that withdrawals removed from a licensed version, at the marketplace's own expense."""

from uuid import UUID

from django.db import transaction

from collective.accounts.models import User
from collective.accounts.policies import check_can_act_for
from licensing.selectors import grant_of_order
from licensing.selectors.removal import removed_share
from licensing.services import check_removed_enough
from payments.errors import LicenseOverError, NothingToRefundError, RemovalPartyError
from payments.models import Order, RefundRequest
from payments.selectors.orders import order_for
from payments.selectors.removal import is_party, removal_due
from payments.services.refunds import owe_refund, send_refund

CURRENT = ("active", "suspended")


def refund_removed_share(*, actor: User, order_id: UUID) -> RefundRequest:
    """The part of what is still paid that the removed records are of the licensed version; the license stays.

    Cumulative: asked again after nothing more was removed it gives the first refund, after more was, the difference.
    Of a subscription only the days of its period that have not begun. Fee and tax come from where they went; the
    price's part is the marketplace's loss and nobody else's. Raises RemovalTooSmallError, NothingToRefundError,
    LicenseOverError, and RemovalPartyError where an operator decides.
    """
    return send_refund(request_id=_ask(actor, order_id).pk)


@transaction.atomic
def _ask(actor: User, order_id: UUID) -> RefundRequest:
    order = order_for(actor, order_id)
    check_can_act_for(actor, order.licensee)
    order = Order.objects.select_for_update(no_key=True).get(pk=order.pk)
    grant = grant_of_order(order.pk)
    if grant is None:
        raise LicenseOverError
    share = removed_share(grant)
    reference = f"removal:{order.pk}:{share.removed}"
    if earlier := RefundRequest.objects.filter(reference=reference).first():
        return earlier
    if grant.state not in CURRENT:
        raise LicenseOverError
    check_removed_enough(share)
    if is_party(actor, order, grant):
        raise RemovalPartyError
    due = removal_due(order, share)
    if due is None:
        raise NothingToRefundError
    request = RefundRequest(
        order=order,
        reference=reference,
        amount_minor=due.minor,
        reason=f"Withdrawals removed {share.text} of the records of version {order.version.number}.",
        actor=actor,
        borne_by="loss",
        removed_records=share.removed,
        whole_records=share.whole,
        threshold_bps=share.threshold_bps,
    )
    owe_refund(request)
    return request
