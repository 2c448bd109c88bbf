"""From a version's pool to its payees' accounts, in batch: a sale costs the same for three payees as for a million.

A settlement is opened under the pool's lock; then what each payee is allotted is stored, and posted chunk by chunk,
each in its own transaction. A worker that dies in between leaves an open settlement, which the next run finishes before
it opens another.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from collective.core.jobs import enqueue
from payments.domain import chart
from payments.domain.booking import book_leg
from payments.models import Account, Settlement, SettlementPosting
from payments.selectors.allotted import chunks_of
from payments.services.allotting import Weights, frozen_weights, store_lines
from payments.services.ledger import lock_accounts, post, posted

# At most two batches per pool and slot: sales that come together are divided together.
BATCH_SECONDS = 5
PARTS = ("held", "due", "owed")
# The payees' weights, given all that the pool ever held.
Weigh = Callable[[int], Weights]


def enqueue_settlement(version_id: UUID, currency: str) -> None:
    """Owed now, and once more at the end of the present slot, however many sales the slot sees.

    The first shows a share at once. The second takes what was sold after the first had begun, and costs nothing when
    that is nothing.
    """
    slot = int(timezone.now().timestamp()) // BATCH_SECONDS
    slot_end = datetime.fromtimestamp((slot + 1) * BATCH_SECONDS, UTC)
    for moment, due_at in (("now", None), ("end", slot_end)):
        key = f"settle:{version_id}:{currency}:{slot}:{moment}"
        enqueue("payments.settle_pool", key=key, due_at=due_at, version_id=version_id, currency=currency)


def settle_pool(*, version_id: UUID, currency: str) -> Settlement | None:
    """Divide what the pool holds by the version's frozen weights. None when it holds nothing."""
    pool = Account.objects.filter(code=chart.pool_code(version_id), currency=currency).first()
    if pool is None:
        return None

    return divide(pool, version_id, lambda _net: frozen_weights(version_id))


def divide(pool: Account, version_id: UUID, weigh: Weigh) -> Settlement | None:
    """Finish what another run began, then divide what `pool` holds. `weigh` always says the same of one amount."""
    if unfinished := Settlement.objects.filter(pool=pool, posted_at=None).first():
        _finish(unfinished, weigh)
    settlement = _open(pool, version_id, weigh)
    if settlement is not None:
        _finish(settlement, weigh)
    return settlement


def settle_all_pools() -> int:
    """Every version's pool that is not empty; returns how many were. The net under the jobs of single sales."""
    pools = Account.objects.filter(code__startswith="pool:").exclude(balance=0).order_by("id")
    waiting = list(pools.values_list("code", "currency"))
    for code, currency in waiting:
        settle_pool(version_id=UUID(code.removeprefix("pool:")), currency=currency)
    return len(waiting)


@transaction.atomic
def _open(pool: Account, version_id: UUID, weigh: Weigh) -> Settlement | None:
    """Under the pool's lock, where buyers wait for us: nothing is done for each payee here."""
    pool = Account.objects.select_for_update(no_key=True).get(pk=pool.pk)
    if pool.balance == 0 or Settlement.objects.filter(pool=pool, posted_at=None).exists():
        return None
    last = Settlement.objects.filter(pool=pool).order_by("-n").first()
    before = last.net_minor if last else 0
    net, now = before + pool.balance, timezone.now()
    return Settlement.objects.create(
        pool=pool,
        version_id=version_id,
        n=last.n + 1 if last else 1,
        currency=pool.currency,
        net_minor=net,
        before_minor=before,
        total_weight=weigh(net).total,
        after_entry_id=last.to_entry_id if last else 0,
        to_entry_id=pool.entries.aggregate(last=Max("id"))["last"],
        created_at=now,
        release_at=now + timedelta(days=settings.HOLD_DAYS),
    )


def _finish(settlement: Settlement, weigh: Weigh) -> None:
    store_lines(settlement, weigh(settlement.net_minor))
    for chunk, moves in chunks_of(settlement):
        _post_chunk(settlement, chunk, moves)
    Settlement.objects.filter(pk=settlement.pk, posted_at=None).update(posted_at=timezone.now())


@transaction.atomic
def _post_chunk(settlement: Settlement, chunk: int, moves: Mapping[UUID, int]) -> None:
    """Idempotent by its key, which is looked for under the locks, since the legs depend on what each payee owes."""
    key = f"settle:{settlement.pool_id}:{settlement.n}:{chunk}"
    pool = lock_accounts([settlement.pool.code], settlement.currency)
    held = [chart.payee_code(payee, "held") for payee in moves]
    others = [chart.payee_code(payee, part) for payee, move in moves.items() for part in _others(move)]
    # A payee's other accounts are opened under the lock on the one for what is held.
    accounts = pool | lock_accounts(held, settlement.currency, if_open=others)
    if posted(key):
        return
    legs = {settlement.pool.code: -sum(moves.values())}
    for payee, move in moves.items():
        legs |= _legs(payee, move, accounts)
    accounts |= lock_accounts(legs.keys() - accounts.keys(), settlement.currency)
    posting = post(key=key, event="settlement", currency=settlement.currency, legs=legs, locked=accounts)
    if posting.journal is not None:
        SettlementPosting.objects.create(settlement=settlement, chunk=chunk, journal=posting.journal)


def _others(move: int) -> tuple[str, ...]:
    """Beside what is held: a credit looks at what is owed alone, and a debit also at what is due."""
    return ("owed",) if move > 0 else ("due", "owed")


def _legs(payee: UUID, move: int, accounts: Mapping[str, Account]) -> dict[str, int]:
    codes = {part: chart.payee_code(payee, part) for part in PARTS}
    balances = {part: accounts[code].balance if code in accounts else 0 for part, code in codes.items()}
    return {codes[part]: amount for part, amount in book_leg(move, **balances).items()}
