"""A buyer's bank keeps the amount while a request for access is open: nothing is charged, and nothing is licensed."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from collective.core import audit
from collective.core.jobs import enqueue
from licensing.domain.plans import Licensee
from licensing.selectors.access import approval_for, needs_approval
from licensing.services import check_version_licensable
from payments.models import Order, PaymentAttempt
from payments.services.letting_go import let_go

# Banks let it go after a week (docs.stripe.com/payments/place-a-hold-on-a-payment-method).
AUTHORIZED_FOR = timedelta(days=7)


def must_wait(order: Order) -> bool:
    """Whether it may only be authorized now. Raises licensing's errors where nobody will decide about it any more."""
    if not needs_approval(order.offer) or approval_for(order.offer, order.licensee) is not None:
        return False
    said = Licensee(order.licensee_type or order.licensee.kind, order.licensee_country)
    check_version_licensable(order.offer, order.version, order.licensee, said, may_wait=True)
    return True


@transaction.atomic
def authorize(attempt: PaymentAttempt) -> PaymentAttempt:
    """The bank has said yes. Who has decided about access meanwhile has done so for this too. Twice is once."""
    order = Order.objects.select_for_update(no_key=True).get(pk=attempt.order_id)
    attempt.refresh_from_db()
    if attempt.state != "open":
        return attempt
    attempt.transition_to("authorized", authorized_until=timezone.now() + AUTHORIZED_FOR)
    if order.state in ("awaiting_payment", "authorized"):
        order.transition_to("authorized")
        audit.record(actor=None, action="payments.order_authorized", obj=order, rail=attempt.rail)
    enqueue("payments.decide_attempt", key=f"decide:{attempt.pk}:authorized", attempt_id=attempt.pk)
    return attempt


@transaction.atomic
def end_authorized(order: Order) -> None:
    """Its authorization is over, and nothing was charged."""
    order.refresh_from_db()
    if order.state == "authorized":
        order.transition_to("expired")
        let_go([order.pk])
        audit.record(actor=None, action="payments.authorization_ended", obj=order)
