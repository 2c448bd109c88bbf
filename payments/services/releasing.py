"""The end of the hold: from held to due (payable)."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet, Sum
from django.utils import timezone

from licensing.selectors.ownership import lock_undecided
from payments.domain import chart
from payments.models import Account, Entry, ReleasedPart, Settlement, SettlementLine
from payments.selectors.allotted import chunks_of
from payments.selectors.disputes import disputed_shares
from payments.selectors.freezes import SETTLEMENT, frozen_entries
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
    waiting = set(frozen_entries().filter(**{f"{SETTLEMENT}__in": open_ones}).values_list(SETTLEMENT, flat=True))
    open_ones.exclude(pk__in=waiting).update(released_at=timezone.now())


@transaction.atomic
def release_to(payees: list[UUID], currency: str, now: datetime, *, key: str) -> None:
    """Everything of these payees that is mature `now` and not frozen, once per key."""
    lines = SettlementLine.objects.filter(payee__in=payees, settlement__currency=currency)
    lock_undecided(lines.values_list("settlement__version__dataset", flat=True))
    codes = [chart.payee_code(payee, part) for payee in payees for part in ("held", "due")]
    accounts = lock_accounts(codes, currency)
    if posted(key):
        return
    mature = _mature(payees, currency, now)
    free = _free(mature, payees, currency)
    given = _given(free, currency)
    legs: dict[str, int] = {}
    for payee, amount in given.items():
        legs |= {chart.payee_code(payee, "held"): -amount, chart.payee_code(payee, "due"): amount}
    post(key=key, event="release", currency=currency, legs=legs, locked=accounts)
    _write_down(mature, {payee: free[payee] - amount for payee, amount in given.items()})


def _mature(payees: list[UUID], currency: str, now: datetime) -> "QuerySet[Entry]":
    """Credits whose hold is over, and all debits: what was taken back, and what was released before."""
    held = [chart.payee_code(payee, "held") for payee in payees]
    is_over = Q(amount__gt=0, **{f"{SETTLEMENT}__release_at__lte": now})
    return Entry.objects.filter(is_over | Q(amount__lt=0), account__code__in=held, account__currency=currency)


def _free(mature: "QuerySet[Entry]", payees: list[UUID], currency: str) -> dict[UUID, int]:
    """Per payee: matured credits − all debits.

    What is frozen counts neither for nor against the rest, unless its own debits passed its credits.
    """
    frozen = frozen_entries().filter(account__owner__in=payees, account__currency=currency)
    waiting, counted = _by_payee(frozen, "left"), _by_payee(frozen.filter(pk__in=mature.values("pk")), "left")
    return {
        payee: amount - counted.get(payee, 0) + min(0, waiting.get(payee, 0))
        for payee, amount in _by_payee(mature, "amount").items()
    }


def _given(free: dict[UUID, int], currency: str) -> dict[UUID, int]:
    """What an open dispute may take stays held, and everything of those whom an open task stops.

    Whoever gave back more than is over its hold is left out.
    """
    payees, stopped = list(free), stopped_payees(list(free))
    disputed, balances = disputed_shares(payees, currency), _balances(payees, currency)
    return {
        payee: max(0, min(amount, balances[payee] - disputed[payee]))
        for payee, amount in free.items()
        if amount >= 0 and payee not in stopped
    }


def _write_down(mature: "QuerySet[Entry]", kept: dict[UUID, int]) -> None:
    """Which entries were released, so that no later claim reaches them; what is `kept` of each payee is the newest."""
    entries = mature.exclude(journal__event="release").exclude(pk__in=frozen_entries().values("pk"))
    left = entries.annotate(done=Sum("released_parts__amount_minor", default=0)).exclude(done=F("amount"))
    now, parts = timezone.now(), []
    for entry, payee, amount, before in left.order_by("-pk").values_list("pk", "account__owner_id", "amount", "done"):
        if payee in kept:
            stays = min(kept[payee], max(0, amount - before))
            kept[payee] -= stays
            parts.append(ReleasedPart(entry_id=entry, amount_minor=amount - before - stays, released_at=now))
    ReleasedPart.objects.bulk_create(part for part in parts if part.amount_minor)


def _balances(payees: list[UUID], currency: str) -> dict[UUID | None, int]:
    """Of what is held."""
    held = [chart.payee_code(payee, "held") for payee in payees]
    return dict(Account.objects.filter(code__in=held, currency=currency).values_list("owner_id", "balance"))


def _by_payee(entries: "QuerySet[Entry]", amount: str) -> dict[UUID, int]:
    """Precondition: accounts of payees alone."""
    sums = entries.values_list("account__owner_id").annotate(sum=Sum(amount))
    return {owner: sum_ for owner, sum_ in sums if owner is not None}
