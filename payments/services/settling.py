"""From a version's pool to its payees' accounts, in batch: a sale costs the same for three payees as for a million.

A settlement is computed and stored under the pool's lock, then posted chunk by chunk, each in its own transaction.
A worker that dies in between leaves an open settlement, which the next run finishes before it computes another.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Sum
from django.utils import timezone

from collective.catalog.models import SplitShare
from collective.core.domain.money import currency_of
from collective.core.jobs import enqueue
from payments.domain import chart
from payments.domain.booking import book_leg
from payments.domain.shares import cumulative_step
from payments.models import Account, Settlement, SettlementLine, SettlementPosting
from payments.services.ledger import lock_accounts, post, posted

# At most two batches per pool and slot: sales that come together are divided together.
BATCH_SECONDS = 5
# A payee has at most three legs, so that a journal stays under a thousand.
PAYEES_PER_CHUNK = 300
PARTS = ("held", "due", "owed")
# The payees' weights, given all that the pool ever held.
Weigh = Callable[[int], dict[UUID, int]]


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

    def weigh(_net: int) -> dict[UUID, int]:
        return dict(SplitShare.objects.filter(version_id=version_id).values_list("payee_id", "weight"))

    return divide(pool, version_id, weigh)


def divide(pool: Account, version_id: UUID, weigh: Weigh) -> Settlement | None:
    """Finish what another run began, then divide what `pool` holds. `weigh` is asked under the pool's lock."""
    if unfinished := Settlement.objects.filter(pool=pool, posted_at=None).first():
        _post_chunks(unfinished)
    settlement = _compute(pool, version_id, weigh)
    if settlement is not None:
        _post_chunks(settlement)
    return settlement


def settle_all_pools() -> int:
    """Every version's pool that is not empty; returns how many were. The net under the jobs of single sales."""
    pools = Account.objects.filter(code__startswith="pool:").exclude(balance=0).order_by("id")
    waiting = list(pools.values_list("code", "currency"))
    for code, currency in waiting:
        settle_pool(version_id=UUID(code.removeprefix("pool:")), currency=currency)
    return len(waiting)


@transaction.atomic
def _compute(pool: Account, version_id: UUID, weigh: Weigh) -> Settlement | None:
    """Under the pool's lock: nobody sells, refunds or settles into it until this is stored."""
    pool = Account.objects.select_for_update(no_key=True).get(pk=pool.pk)
    if pool.balance == 0 or Settlement.objects.filter(pool=pool, posted_at=None).exists():
        return None
    done = _allocated(pool)
    before = sum(done.values())
    net = before + pool.balance
    weights = weigh(net)
    moves = cumulative_step(net, weights, done, step=currency_of(pool.currency).charge_step)
    last = Settlement.objects.filter(pool=pool).order_by("-n").first()
    now = timezone.now()
    settlement = Settlement.objects.create(
        pool=pool,
        version_id=version_id,
        n=last.n + 1 if last else 1,
        currency=pool.currency,
        net_minor=net,
        before_minor=before,
        total_weight=sum(weights.values()),
        after_entry_id=last.to_entry_id if last else 0,
        to_entry_id=pool.entries.aggregate(last=Max("id"))["last"],
        created_at=now,
        release_at=now + timedelta(days=settings.HOLD_DAYS),
    )
    _store_lines(settlement, moves, weights, done)
    return settlement


def _allocated(pool: Account) -> dict[UUID, int]:
    lines = SettlementLine.objects.filter(settlement__pool=pool).values("payee_id").annotate(sum=Sum("amount_minor"))
    return {line["payee_id"]: line["sum"] for line in lines}


def _store_lines(
    settlement: Settlement, moves: dict[UUID, int], weights: dict[UUID, int], done: dict[UUID, int]
) -> None:
    moving = sorted(payee for payee, move in moves.items() if move)
    SettlementLine.objects.bulk_create(
        (
            SettlementLine(
                settlement=settlement,
                payee_id=payee,
                chunk=position // PAYEES_PER_CHUNK,
                weight=weights[payee],
                before_minor=done.get(payee, 0),
                amount_minor=moves[payee],
            )
            for position, payee in enumerate(moving)
        ),
        batch_size=1000,
    )


def _post_chunks(settlement: Settlement) -> None:
    for chunk in chunks_of(settlement):
        _post_chunk(settlement, chunk)
    Settlement.objects.filter(pk=settlement.pk, posted_at=None).update(posted_at=timezone.now())


def chunks_of(settlement: Settlement) -> list[int]:
    return list(settlement.lines.order_by("chunk").values_list("chunk", flat=True).distinct())


@transaction.atomic
def _post_chunk(settlement: Settlement, chunk: int) -> None:
    """Idempotent by its key, which is looked for under the locks, since the legs depend on what each payee owes."""
    key = f"settle:{settlement.pool_id}:{settlement.n}:{chunk}"
    lock_accounts([settlement.pool.code], settlement.currency)
    moves = dict(settlement.lines.filter(chunk=chunk).values_list("payee_id", "amount_minor"))
    codes = {payee: {part: chart.payee_code(payee, part) for part in PARTS} for payee in moves}
    accounts = lock_accounts((code for each in codes.values() for code in each.values()), settlement.currency)
    if posted(key):
        return
    legs = {settlement.pool.code: -sum(moves.values())}
    for payee, move in moves.items():
        balances = {part: accounts[code].balance for part, code in codes[payee].items()}
        legs |= {codes[payee][part]: amount for part, amount in book_leg(move, **balances).items()}
    posting = post(key=key, event="settlement", currency=settlement.currency, legs=legs)
    if posting.journal is not None:
        SettlementPosting.objects.create(settlement=settlement, chunk=chunk, journal=posting.journal)
