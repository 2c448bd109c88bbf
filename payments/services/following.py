"""What a rail tells us: written down first, then followed by reading the object again, in any order, once or often."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import chain

from django.db.models import Q
from django.utils import timezone

from collective.core.jobs import enqueue
from payments.errors import PaymentUnknownError
from payments.gateways.rails import rail, rail_of
from payments.gateways.stripe.webhooks import Message, recent_thin, undelivered
from payments.models import Journal, Payment, RailEvent, SponsorFunding, UnappliedPayment
from payments.selectors.reconciling import ledger_sums
from payments.services.attempts import follow_progress
from payments.services.banking import follow_payout
from payments.services.disputes import follow_dispute
from payments.services.invoices import follow_billed, follow_invoice
from payments.services.onboarding import follow_account
from payments.services.paying import book_cost
from payments.services.returning import record_return
from payments.services.side_disputes import follow_side_dispute
from payments.services.sponsor_funding import follow_funding
from payments.services.sponsor_returns import record_sponsor_return
from payments.services.subscriptions import follow_subscription
from payments.services.unapplied import record_unapplied_return

# The rail keeps events for 30 days and tries to deliver them for three.
REACH_BACK = timedelta(days=29)
# Of thin events all are listed, so that the time is short: what was delivered late came within it.
REACH_BACK_THIN = timedelta(days=4)
# What we were told and could not follow, because the rail did not answer for hours, is followed again once a day.
FOLLOW_AGAIN_AFTER, FOLLOW_AGAIN_FOR = timedelta(hours=2), timedelta(days=4)


def receive_event(*, rail_name: str, message: Message) -> RailEvent:
    """In one transaction with its job. The same event again is the same row."""
    row, _ = RailEvent.objects.get_or_create(
        rail=rail_name, event_id=message.event_id, defaults={"kind": message.kind, "subject": message.subject}
    )
    enqueue("payments.follow_event", key=f"rail-event:{rail_name}:{message.event_id}", event_pk=row.pk)
    return row


def follow_event(*, event_pk: int) -> None:
    """Job: what kind of object changed says who looks at it. Kinds that mean nothing to us are only written down."""
    row = RailEvent.objects.get(pk=event_pk)
    for prefix, follow in FOLLOWERS.items():
        if row.subject.startswith(prefix):
            follow(row.rail, row.subject)
    RailEvent.objects.filter(pk=row.pk, followed_at=None).update(followed_at=timezone.now())


def catch_up() -> int:
    """Job: what was told while nobody listened. Returns how many events were new."""
    if rail().is_simulated:
        return 0
    new = 0
    now = timezone.now()
    _follow_again(now)
    for message in chain(undelivered(now - REACH_BACK), recent_thin(now - REACH_BACK_THIN)):
        if not RailEvent.objects.filter(rail=rail().name, event_id=message.event_id).exists():
            receive_event(rail_name=rail().name, message=message)
            new += 1
    return new


def _follow_again(now: datetime) -> None:
    left = RailEvent.objects.filter(rail=rail().name, followed_at=None)
    for row in left.filter(received_at__range=(now - FOLLOW_AGAIN_FOR, now - FOLLOW_AGAIN_AFTER)):
        key = f"rail-event:{row.rail}:{row.event_id}:{now:%Y-%m-%d}"
        enqueue("payments.follow_event", key=key, event_pk=row.pk)


def follow_refund(rail_name: str, reference: str) -> None:
    back = rail_of(rail_name).collecting.returned(reference)
    paid = _paid_no_order(rail_name, back.payment)
    if isinstance(paid, UnappliedPayment):
        record_unapplied_return(kept=paid, back=back)
    elif isinstance(paid, SponsorFunding):
        record_sponsor_return(funding=paid, back=back)
    else:
        record_return(payment=_payment(rail_name, back.payment), back=back)


def follow_disputed(rail_name: str, reference: str) -> None:
    told = rail_of(rail_name).collecting.disputed(reference)
    paid = _paid_no_order(rail_name, told.payment)
    if paid is not None:
        follow_side_dispute(paid=paid, told=told)
    else:
        follow_dispute(payment=_payment(rail_name, told.payment), told=told)


def _paid_no_order(rail_name: str, payment: str) -> SponsorFunding | UnappliedPayment | None:
    kept = UnappliedPayment.objects.filter(rail=rail_name, reference=payment).first()
    return kept or SponsorFunding.objects.filter(rail=rail_name, payment=payment).first()


def record_cost(rail_name: str, charge: str) -> None:
    """What the rail kept of a charge, where it did not know that yet when the money was booked. Once."""
    was_booked = Journal.objects.filter(source=charge).exclude(source="").exists()
    sums = ledger_sums(rail_of(rail_name).balance_account, Q(source=charge)).values()
    if not was_booked or any(each.fee_minor for each in sums):
        return
    cost = rail_of(rail_name).collecting.cost(charge)
    if cost is not None:
        book_cost(charge=charge, cost=cost, rail_name=rail_name)


def _payment(rail_name: str, reference: str) -> Payment:
    """The sale comes first, also where we hear of what followed it before. Raises PaymentUnknownError."""
    rows = Payment.objects.select_related("order").filter(rail=rail_name, reference=reference)
    if not rows.exists():
        _find_payment(rail_name, reference)
    found = rows.first()
    if found is None:
        raise PaymentUnknownError(reference=reference)
    return found


def _find_payment(rail_name: str, reference: str) -> None:
    """It was paid on a checkout page, or with an invoice."""
    way = rail_of(rail_name)
    progress = way.collecting.progress_of(reference)
    billed = way.billing.billed_for(reference) if progress is None else None
    if progress is not None and progress.attempt_id:
        follow_progress(progress)
    if billed is not None:
        follow_billed(rail_name, billed)


def _intent(rail_name: str, reference: str) -> None:
    """Authorized, captured or let go on a checkout page; an invoice has events of its own."""
    progress = rail_of(rail_name).collecting.progress_of(reference)
    if progress is not None and progress.attempt_id:
        follow_progress(progress)


def _checkout(rail_name: str, reference: str) -> None:
    progress = rail_of(rail_name).collecting.progress(reference)
    if progress.attempt_id:
        follow_progress(progress)
    elif progress.funding_id:
        follow_funding(progress)


# By the beginning of the rail's reference. A charge's refunds and disputes have events of their own.
FOLLOWERS: dict[str, Callable[[str, str], None]] = {
    "acct_": follow_account,
    "cs_": _checkout,
    "in_": follow_invoice,
    "pi_": _intent,
    "sub_": follow_subscription,
    "re_": follow_refund,
    "du_": follow_disputed,
    "dp_": follow_disputed,
    "ch_": record_cost,
    "py_": record_cost,
    "po_": follow_payout,
}
