"""From an order to the page where it is paid, and from what became of that page back to the order."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from collective.accounts.models import User
from collective.core.jobs import enqueue
from collective.core.states import WrongStateError
from payments.errors import InvoicedError, OrderExpiredError, VersionGoneError
from payments.gateways.facts import Opened, Progress
from payments.gateways.rails import rail, rail_of
from payments.models import Order, PaymentAttempt
from payments.policies import check_can_pay
from payments.selectors.orders import order_for
from payments.services.authorizing import authorize, end_authorized, must_wait
from payments.services.paying import accept_payment
from payments.services.subscriptions import follow_subscription

# A buyer who has been sent away to pay is looked after this often, whether or not anybody tells us.
LOOK_AFTER = timedelta(minutes=10)
STANDING = ("open", "authorized")


PAYABLE = ("awaiting_payment", "authorized")


def start_payment(*, actor: User, order_id: UUID) -> PaymentAttempt:
    """Open the rail's page for an order; again, and clicked twice at once, it is the same page.

    Raises OrderExpiredError, VersionGoneError, InvoicedError, RailDownError, RailRefusedError.
    """
    attempt = reserve_attempt(actor=actor, order_id=order_id)
    if attempt.state == "reserved":
        _opened(attempt, rail_of(attempt.rail).collecting.open_checkout(attempt))
    return attempt


@transaction.atomic
def reserve_attempt(*, actor: User, order_id: UUID) -> PaymentAttempt:
    """Committed before the rail is asked: the row's id is the key of the call."""
    order = order_for(actor, order_id)
    check_can_pay(actor, order)
    order = Order.objects.select_for_update(of=("self",), no_key=True).select_related("version").get(pk=order.pk)
    check_payable(order)
    if hasattr(order, "invoice"):
        raise InvoicedError
    if order.state not in PAYABLE:
        raise WrongStateError(entity="order", state=order.state.replace("_", " "), target="paid")
    found, is_new = PaymentAttempt.objects.get_or_create(
        order=order,
        state__in=["reserved", "open", "authorized"],
        defaults={"rail": rail().name, "on_approval": must_wait(order)},
    )
    if is_new:
        enqueue(
            "payments.look_after_attempt",
            key=f"attempt:{found.pk}:0",
            due_at=timezone.now() + LOOK_AFTER,
            attempt_id=found.pk,
        )
    return found


def check_payable(order: Order) -> None:
    """Before money moves: content may have been withdrawn since, and then others would share the revenue.

    Raises OrderExpiredError and VersionGoneError.
    """
    if order.state == "expired" or (order.state == "awaiting_payment" and order.expires_at <= timezone.now()):
        raise OrderExpiredError
    if order.state == "awaiting_payment" and order.version.state != "published":
        raise VersionGoneError(number=order.version.number)


def _opened(attempt: PaymentAttempt, opened: Opened) -> None:
    """Two at once were given the same page; the second finds it written down."""
    changed = PaymentAttempt.objects.filter(pk=attempt.pk, state="reserved").update(
        state="open", reference=opened.reference, url=opened.url
    )
    if not changed:
        attempt.refresh_from_db()
        return
    attempt.state, attempt.reference, attempt.url = "open", opened.reference, opened.url


def follow_checkout(*, rail_name: str, reference: str) -> PaymentAttempt | None:
    """Read the rail's page again and do what follows. None: it is nothing of ours."""
    progress = rail_of(rail_name).collecting.progress(reference)
    return follow_progress(progress) if progress.attempt_id else None


def follow_progress(progress: Progress) -> PaymentAttempt:
    """What was paid is accepted, what is over is ended. A page that we had no answer about is ours all the same."""
    attempt = PaymentAttempt.objects.get(pk=progress.attempt_id)
    if attempt.state == "reserved":
        PaymentAttempt.objects.filter(pk=attempt.pk, state="reserved").update(
            state="open", reference=progress.reference
        )
        attempt.refresh_from_db()
    if progress.subscription:
        follow_subscription(attempt.rail, progress.subscription)
        _move(attempt, "paid")
    elif progress.receipt is not None:
        accept_payment(receipt=progress.receipt)
        _move(attempt, "paid")
        # Where the order could not take what was captured, nothing is authorized any more.
        end_authorized(attempt.order)
    elif progress.state == "authorized":
        authorize(attempt)
    elif progress.state == "ended":
        _move(attempt, "ended")
        end_authorized(attempt.order)
    return attempt


def look_after_attempt(*, attempt_id: UUID) -> None:
    """Job: ask the rail itself until the page is over. Messages from the rail are only the faster way."""
    attempt = PaymentAttempt.objects.select_related("order").get(pk=attempt_id)
    if attempt.state == "reserved":
        _opened(attempt, rail_of(attempt.rail).collecting.open_checkout(attempt))
    if attempt.state in STANDING:
        attempt = follow_checkout(rail_name=attempt.rail, reference=attempt.reference) or attempt
    if attempt.state in STANDING:
        later = timezone.now() + LOOK_AFTER
        key = f"attempt:{attempt.pk}:{int(later.timestamp())}"
        enqueue("payments.look_after_attempt", key=key, due_at=later, attempt_id=attempt.pk)


def end_attempt(*, attempt_id: UUID) -> None:
    """Job: the order is over, so nobody should be able to pay for it any more."""
    attempt = PaymentAttempt.objects.get(pk=attempt_id)
    if attempt.state in STANDING:
        rail_of(attempt.rail).collecting.end_checkout(attempt.reference)
        follow_checkout(rail_name=attempt.rail, reference=attempt.reference)
    elif attempt.state == "reserved":
        _move(attempt, "ended")


def _move(attempt: PaymentAttempt, state: str) -> None:
    """Nothing to do where somebody else has just done it."""
    if attempt.state != state and attempt.state_table.allows(attempt.state, state):
        PaymentAttempt.objects.filter(pk=attempt.pk, state=attempt.state).update(state=state)
        attempt.refresh_from_db()
