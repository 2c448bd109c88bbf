"""Subscriptions: one sale for each period that is paid, of the newest version there is then, until somebody ends it."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from collective.accounts.models import User
from collective.accounts.policies import check_can_act_for
from collective.core import audit
from collective.core.jobs import enqueue
from payments.errors import SubscriptionNotFoundError
from payments.gateways.facts import Receipt, Subscribed
from payments.gateways.mail import send_subscription_mail
from payments.gateways.rails import rail, rail_of
from payments.models import Order, Payment, Renewal, SalePeriod, Subscription
from payments.selectors.subscriptions import subscriptions_visible_to
from payments.services.finance import open_task
from payments.services.letting_go import let_go
from payments.services.paying import accept_payment
from payments.services.renewals import order_of_period
from payments.services.unapplied import keep_unapplied

CANCELLED, UNPAID = "cancelled", "unpaid"


def open_subscription(order: Order) -> Subscription:
    """In the transaction that places its first order; it begins when that is paid."""
    return Subscription.objects.create(
        order=order, offer=order.offer, licensee=order.licensee, buyer=order.buyer, rail=rail().name
    )


@transaction.atomic
def cancel_subscription(*, actor: User, subscription_id: UUID) -> Subscription:
    """It is not renewed; what is paid stays until its time is over. Cancelling twice is the same as once.

    Whose time is over, and whose next period is not paid, ends at once: nobody tries to charge for that any more.
    Raises SubscriptionNotFoundError.
    """
    found = subscriptions_visible_to(actor).filter(pk=subscription_id).first()
    if found is None:
        raise SubscriptionNotFoundError
    check_can_act_for(actor, found.licensee)
    if found.state == "past_due":
        ended = _end(found.pk, CANCELLED)
        audit.record(actor=actor, action="payments.subscription_cancelled", obj=ended)
        return ended
    subscription = Subscription.objects.select_for_update(no_key=True).get(pk=found.pk)
    if subscription.state in ("ending", "ended"):
        return subscription
    subscription.transition_to("ending")
    audit.record(actor=actor, action="payments.subscription_cancelled", obj=subscription)
    enqueue("payments.send_cancellation", key=f"cancel:{subscription.pk}:later", subscription_id=subscription.pk)
    return subscription


def send_cancellation(*, subscription_id: UUID) -> None:
    """Job: tell the rail, at once where it is over and else for the end of the period. Twice is once."""
    subscription = Subscription.objects.get(pk=subscription_id)
    at_once = subscription.state == "ended"
    if subscription.reference and (at_once or subscription.state == "ending"):
        rail_of(subscription.rail).billing.cancel_subscription(subscription.reference, at_once=at_once)


def follow_subscription(rail_name: str, reference: str) -> None:
    """Read it and its invoices again and do what follows, oldest first, where it is one of ours."""
    sold = SalePeriod.objects.filter(
        Q(order__subscription__reference=reference) | Q(order__renewal__subscription__reference=reference)
    )
    known = frozenset(sold.values_list("starts_at", flat=True))
    told = rail_of(rail_name).billing.subscribed(reference, known)
    if told.subscription_id:
        record_subscribed(told)


def record_subscribed(told: Subscribed) -> Subscription:
    """Bring our row to where the rail's is, through every period that was missed. Twice is once."""
    subscription = Subscription.objects.get(pk=told.subscription_id)
    Subscription.objects.filter(pk=subscription.pk, reference="").update(reference=told.reference)
    for receipt in told.receipts:
        _take(subscription.pk, receipt)
    for receipt in told.others:
        keep_unapplied(receipt=replace(receipt, order_id=subscription.order_id), why="not_a_period")
    for invoice in told.unclear:
        key = f"subscription-invoice:{invoice}"
        open_task(key=key, kind="invoice", order=subscription.order, facts={"invoice": invoice})
    return _concluded(subscription.pk, told)


def look_after_subscriptions() -> int:
    """Job: a look is owed at each whose period is over. Messages from the rail are only the faster way."""
    now = timezone.now()
    over = Subscription.objects.filter(state__in=Subscription.LIVE, current_ends_at__lte=now).exclude(reference="")
    waiting = list(over.order_by("current_ends_at", "pk").values_list("pk", flat=True))
    for each in waiting:
        key = f"subscription:{each}:{now:%Y-%m-%dT%H}"
        enqueue("payments.look_after_subscription", key=key, subscription_id=each)
    return len(waiting)


def look_after_subscription(*, subscription_id: UUID) -> None:
    """Job: ask the rail. Whose days of grace are over ends only if nobody has paid by then."""
    row = Subscription.objects.get(pk=subscription_id)
    follow_subscription(row.rail, row.reference)
    late = Subscription.objects.select_related("offer").filter(pk=row.pk, state="past_due").first()
    if late is not None and grace_ends_at(late) <= timezone.now():
        _end(late.pk, UNPAID, if_state="past_due")


def grace_ends_at(subscription: Subscription) -> datetime:
    """Precondition: a period of it was paid."""
    if subscription.current_ends_at is None:
        raise ValueError(f"nothing of {subscription} was paid")
    return subscription.current_ends_at + timedelta(days=subscription.offer.plan["grace_days"])


def mail_subscription(*, subscription_id: UUID) -> None:
    """Job: to the buyer."""
    send_subscription_mail(Subscription.objects.select_related("order", "buyer").get(pk=subscription_id))


def _take(subscription_id: UUID, receipt: Receipt) -> None:
    """What cannot be sold any more goes back, and with it ends the subscription."""
    order = order_of_period(subscription_id=subscription_id, receipt=receipt)
    accept_payment(receipt=replace(receipt, order_id=order.pk))
    if Payment.objects.filter(order=order).exists():
        return
    kept = order.unapplied.order_by("received_at").last()
    _end(subscription_id, kept.why if kept else UNPAID)


def _concluded(subscription_id: UUID, told: Subscribed) -> Subscription:
    if told.state == "ended":
        is_owed = Subscription.objects.filter(pk=subscription_id, state="past_due").exists()
        _end(subscription_id, UNPAID if is_owed else CANCELLED)
    else:
        _keep_up(subscription_id, told)
    return Subscription.objects.get(pk=subscription_id)


@transaction.atomic
def _keep_up(subscription_id: UUID, told: Subscribed) -> None:
    subscription = Subscription.objects.select_for_update(no_key=True).get(pk=subscription_id)
    is_over = subscription.current_ends_at is not None and subscription.current_ends_at <= timezone.now()
    # What was read before somebody else booked the payment says nothing about a period that is paid.
    if told.state == "past_due" and subscription.state == "active" and is_over:
        subscription.transition_to("past_due")
        _tell(subscription, f"past-due:{subscription.current_ends_at:%Y-%m-%d}")
    elif told.is_ending and subscription.state == "active":
        subscription.transition_to("ending")


@transaction.atomic
def _end(subscription_id: UUID, why: str, *, if_state: str = "") -> Subscription:
    """Orders are locked before the subscription, as by whoever pays for them. `if_state`: only from there."""
    unpaid = _unpaid_orders(subscription_id)
    subscription = Subscription.objects.select_for_update(no_key=True).get(pk=subscription_id)
    if if_state not in ("", subscription.state):
        return subscription
    for order in unpaid:
        order.transition_to("cancelled")
        let_go([order.pk])
    if subscription.state == "ended":
        return subscription
    subscription.transition_to("ended", ended_at=timezone.now(), end_reason=why)
    audit.record(actor=None, action="payments.subscription_ended", obj=subscription, why=why)
    enqueue("payments.send_cancellation", key=f"cancel:{subscription.pk}:now", subscription_id=subscription.pk)
    _tell(subscription, "ended")
    return subscription


def _unpaid_orders(subscription_id: UUID) -> list[Order]:
    mine = Q(subscription=subscription_id) | Q(pk__in=Renewal.objects.filter(subscription=subscription_id).values("pk"))
    rows = Order.objects.select_for_update(of=("self",), no_key=True).filter(mine, state="awaiting_payment")
    return list(rows.order_by("pk"))


def _tell(subscription: Subscription, what: str) -> None:
    key = f"mail-subscription:{subscription.pk}:{what}"
    enqueue("payments.mail_subscription", key=key, subscription_id=subscription.pk)
