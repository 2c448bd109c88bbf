"""The end of the hold: from held to due (payable)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone

from payments.domain import chart
from payments.models import Entry, Settlement
from payments.services.ledger import lock_accounts, post, posted
from payments.services.settling import chunks_of


def release_due_settlements() -> int:
    """Release every settlement whose hold is over; returns how many."""
    now = timezone.now()
    waiting = Settlement.objects.filter(released_at=None, release_at__lte=now).exclude(posted_at=None)
    due = list(waiting.order_by("release_at", "id"))
    for settlement in due:
        release_settlement(settlement, now)
    return len(due)


def release_settlement(settlement: Settlement, now: datetime) -> None:
    """Chunk by chunk, each in its own transaction; running it twice, or from two places, releases once."""
    for chunk in chunks_of(settlement):
        _release_chunk(settlement, chunk, now)
    Settlement.objects.filter(pk=settlement.pk, released_at=None).update(released_at=now)


@transaction.atomic
def _release_chunk(settlement: Settlement, chunk: int, now: datetime) -> None:
    payees = list(settlement.lines.filter(chunk=chunk).values_list("payee_id", flat=True))
    codes = [chart.payee_code(payee, part) for payee in payees for part in ("held", "due")]
    lock_accounts(codes, settlement.currency)
    key = f"release:{settlement.pk}:{chunk}"
    if posted(key):
        return
    legs: dict[str, int] = {}
    for payee, amount in _releasable(payees, settlement.currency, now).items():
        legs |= {chart.payee_code(payee, "held"): -amount, chart.payee_code(payee, "due"): amount}
    post(key=key, event="release", currency=settlement.currency, legs=legs)


def _releasable(payees: list[UUID], currency: str, now: datetime) -> dict[UUID, int]:
    """Per payee: matured credits − all debits (refunds, and what was released before), never below zero."""
    matured = Q(amount__gt=0, journal__settlement_posting__settlement__release_at__lte=now)
    held = [chart.payee_code(payee, "held") for payee in payees]
    entries = Entry.objects.filter(matured | Q(amount__lt=0), account__code__in=held, account__currency=currency)
    sums = entries.values("account__owner_id").annotate(left=Sum("amount"))
    return {row["account__owner_id"]: row["left"] for row in sums if row["left"] > 0}
