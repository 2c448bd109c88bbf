"""The end of the hold: from held to due (payable)."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from licensing.selectors.ownership import lock_undecided
from payments.domain import chart
from payments.models import Account, Entry, Settlement, SettlementLine
from payments.selectors.allotted import chunks_of
from payments.selectors.disputes import disputed_shares
from payments.selectors.freezes import claimed_shares, frozen_entries, frozen_lines
from payments.selectors.stops import stopped_payees
from payments.services.ledger import lock_accounts, post, posted


def release_due_settlements() -> int:
    """Release every settlement whose hold is over, except for what is frozen; returns how many."""
    now = timezone.now()
    waiting = Settlement.objects.filter(released_at=None, release_at__lte=now).exclude(posted_at=None)
    due = list(waiting.order_by("release_at", "id"))
    for settlement in due:
        release_settlement(settlement)
    return len(due)


def release_settlement(settlement: Settlement) -> None:
    """Chunk by chunk, each in its own transaction; running it twice, or from two places, releases once.

    What is mature later than it has its own turn, so that whatever a release paid out is marked with it.
    """
    for chunk, moves, is_last in _with_last(chunks_of(settlement)):
        with transaction.atomic():
            key = f"release:{settlement.pk}:{chunk}"
            release_to(list(moves), settlement.currency, settlement.release_at, key=key)
            if is_last:
                mark_released(Settlement.objects.filter(pk=settlement.pk))


def _with_last(chunks: Iterator[tuple[int, dict[UUID, int]]]) -> Iterator[tuple[int, dict[UUID, int], bool]]:
    """Each of the chunks, and whether it is the last one."""
    waiting = next(chunks, None)
    while waiting is not None:
        following = next(chunks, None)
        yield *waiting, following is None
        waiting = following


def mark_released(settlements: "QuerySet[Settlement]") -> None:
    """In the transaction of their release; those of which something is frozen wait for its end."""
    open_ones = settlements.filter(released_at=None)
    waiting = set(frozen_lines().filter(settlement__in=open_ones).values_list("settlement_id", flat=True))
    open_ones.exclude(pk__in=waiting).update(released_at=timezone.now())


@transaction.atomic
def release_to(payees: list[UUID], currency: str, now: datetime, *, key: str) -> None:
    """Everything of these payees that is mature `now` and not frozen, once per key."""
    lines = SettlementLine.objects.filter(payee__in=payees, settlement__currency=currency, settlement__released_at=None)
    lock_undecided(lines.values_list("settlement__version__dataset", flat=True))
    codes = [chart.payee_code(payee, part) for payee in payees for part in ("held", "due")]
    accounts = lock_accounts(codes, currency)
    if posted(key):
        return
    legs: dict[str, int] = {}
    for payee, amount in _releasable(payees, currency, now).items():
        legs |= {chart.payee_code(payee, "held"): -amount, chart.payee_code(payee, "due"): amount}
    post(key=key, event="release", currency=currency, legs=legs, locked=accounts)


def _releasable(payees: list[UUID], currency: str, now: datetime) -> dict[UUID, int]:
    """Per payee: matured credits − all debits (refunds, and what was released before), never below zero.

    What is frozen counts neither for nor against the rest, unless its own debits passed its credits. What an open
    dispute may take stays held, and everything of those whom an open task stops; what such a stop has kept held beyond
    its release is released only as far as no upheld claim covers it.
    """
    matured = Q(amount__gt=0, journal__settlement_posting__settlement__release_at__lte=now)
    held = [chart.payee_code(payee, "held") for payee in payees]
    entries = Entry.objects.filter(account__code__in=held, account__currency=currency)
    frozen = entries.filter(frozen_entries()).values("pk")
    mature = entries.filter(matured).exclude(pk__in=frozen)
    free = _by_payee(entries.filter(matured | Q(amount__lt=0)).exclude(pk__in=frozen))
    if claimed := claimed_shares(payees, currency):
        fresh = _by_payee(mature.filter(journal__settlement_posting__settlement__released_at=None))
        free = _without_claimed(free, fresh, claimed)
    waiting = _by_payee(entries.filter(pk__in=frozen))
    disputed, balances = disputed_shares(payees, currency), _balances(payees, currency)
    left = {
        payee: min(amount + min(0, waiting.get(payee, 0)), balances[payee] - disputed[payee])
        for payee, amount in free.items()
    }
    stopped = stopped_payees(payees)
    return {payee: amount for payee, amount in left.items() if amount > 0 and payee not in stopped}


def _without_claimed(free: dict[UUID, int], fresh: dict[UUID, int], claimed: dict[UUID, int]) -> dict[UUID, int]:
    """What is beyond the `fresh` was not released with its settlement: of that, nothing that is claimed."""
    return {
        payee: amount - max(0, min(amount - fresh.get(payee, 0), claimed.get(payee, 0)))
        for payee, amount in free.items()
    }


def _balances(payees: list[UUID], currency: str) -> dict[UUID | None, int]:
    """Of what is held."""
    held = [chart.payee_code(payee, "held") for payee in payees]
    return dict(Account.objects.filter(code__in=held, currency=currency).values_list("owner_id", "balance"))


def _by_payee(entries: "QuerySet[Entry]") -> dict[UUID, int]:
    """Precondition: accounts of payees alone."""
    sums = entries.values_list("account__owner_id").annotate(left=Sum("amount"))
    return {owner: left for owner, left in sums if owner is not None}
