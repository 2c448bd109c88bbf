"""Access is decided: what was authorized for it is captured or let go."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from collective.core import audit
from collective.core.errors import DomainError
from collective.core.jobs import enqueue
from licensing.domain.plans import Licensee
from licensing.models import AccessRequest
from licensing.selectors import current_grant
from licensing.selectors.access import approval_for, is_waiting_for
from licensing.services import check_version_licensable
from payments.errors import RailRefusedError, VersionGoneError
from payments.gateways.rails import rail_of
from payments.models import Order, PaymentAttempt
from payments.services.attempts import end_attempt, follow_checkout, follow_progress
from payments.services.letting_go import let_go

WANTED = ("awaiting_payment", "authorized")
STANDING = ("reserved", "open", "authorized")


def access_decided(*, request_id: UUID) -> None:
    """In the transaction that hears of it; the rail is asked by jobs."""
    request = AccessRequest.objects.get(pk=request_id)
    waiting = PaymentAttempt.objects.filter(
        on_approval=True,
        state__in=STANDING,
        order__licensee=request.licensee_id,
        order__offer__dataset=request.dataset_id,
    )
    for attempt in waiting:
        enqueue(
            "payments.decide_attempt",
            key=f"decide:{attempt.pk}:{request.pk}:{request.state}",
            attempt_id=attempt.pk,
        )


def decide_attempt(*, attempt_id: UUID) -> None:
    """Job: capture what is approved, let go of what is refused, and wait where nobody has decided. Twice is once."""
    attempt = PaymentAttempt.objects.select_related("order__offer__dataset", "order__licensee").get(pk=attempt_id)
    order = attempt.order
    if attempt.state not in STANDING:
        return
    if order.state not in WANTED:
        _let_go(attempt)
    elif is_waiting_for(order.offer, order.licensee):
        return
    elif approval_for(order.offer, order.licensee) is None or not _can_be_had(order):
        _let_go(attempt)
    elif attempt.state == "authorized":
        _capture(attempt)


def end_old_authorizations() -> int:
    """Job: the bank keeps it no longer. Returns how many were over."""
    over = PaymentAttempt.objects.filter(state="authorized", authorized_until__lte=timezone.now())
    waiting = list(over.values_list("pk", flat=True))
    for attempt_id in waiting:
        end_attempt(attempt_id=attempt_id)
    return len(waiting)


def _capture(attempt: PaymentAttempt) -> None:
    """Where the rail refuses, it says itself what became of it."""
    try:
        progress = rail_of(attempt.rail).collecting.capture(attempt)
    except RailRefusedError:
        follow_checkout(rail_name=attempt.rail, reference=attempt.reference)
    else:
        follow_progress(progress)


def _can_be_had(order: Order) -> bool:
    """Asked before any money moves: nothing has to go back then."""
    said = Licensee(order.licensee_type or order.licensee.kind, order.licensee_country)
    try:
        if order.version.state != "published":
            raise VersionGoneError(number=order.version.number)
        check_version_licensable(order.offer, order.version, order.licensee, said)
    except DomainError:
        return False
    return current_grant(order.offer.dataset, order.licensee, order.offer) is None


def _let_go(attempt: PaymentAttempt) -> None:
    with transaction.atomic():
        order = Order.objects.select_for_update(no_key=True).get(pk=attempt.order_id)
        if order.state in WANTED:
            order.transition_to("cancelled")
            let_go([order.pk])
            audit.record(actor=None, action="payments.order_refused", obj=order)
    end_attempt(attempt_id=attempt.pk)
