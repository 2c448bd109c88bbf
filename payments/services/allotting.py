"""What each payee is allotted of a settlement: computed and stored a part at a time, for any number of payees."""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from collective.catalog.models import SplitShare
from collective.core.db.rows import insert_rows
from collective.core.domain.money import currency_of
from payments.domain.shares import cumulative_steps
from payments.models import Settlement, SettlementLine

# A payee has at most three legs, so that a journal stays under a thousand.
PAYEES_PER_CHUNK = 300
ROWS_AT_ONCE = 2000
Pair = tuple[UUID, int]
# Payee, weight, what they had before, what they get now.
Line = tuple[UUID, int, int, int]


@dataclass(frozen=True)
class Weights:
    """`by_payee` gives each payee and their weight in the order of the payees, again each time."""

    total: int
    by_payee: Callable[[], Iterable[Pair]]


def frozen_weights(version_id: UUID) -> Weights:
    """Of the version's own split."""
    shares = SplitShare.objects.filter(version_id=version_id).order_by("payee_id")
    total = shares.aggregate(sum=Sum("weight", default=0))["sum"]
    return Weights(total, lambda: shares.values_list("payee_id", "weight").iterator(ROWS_AT_ONCE))


@transaction.atomic
def store_lines(settlement: Settlement, weights: Weights) -> None:
    """All lines or none; who comes second waits, and finds them. A settlement divides something, so it has lines."""
    Settlement.objects.select_for_update(no_key=True).get(pk=settlement.pk)
    if settlement.lines.exists():
        return
    lines = _lines(settlement, weights)
    for number, some in enumerate(iter(lambda: list(islice(lines, PAYEES_PER_CHUNK)), [])):
        _store_chunk(settlement, number, some)


def _store_chunk(settlement: Settlement, number: int, lines: Sequence[Line]) -> None:
    payees, weights, before, moves = zip(*lines, strict=True)
    columns: dict[str, tuple[str, Sequence[Any]]] = {
        "settlement_id": ("uuid", [settlement.pk] * len(lines)),
        "payee_id": ("uuid", payees),
        "chunk": ("bigint", [number] * len(lines)),
        "weight": ("bigint", weights),
        "before_minor": ("bigint", before),
        "amount_minor": ("bigint", moves),
    }
    insert_rows(SettlementLine._meta.db_table, columns)


def _lines(settlement: Settlement, weights: Weights) -> Iterator[Line]:
    """Of those who get or give something, in the order of the payees. In memory are numbers alone."""
    step = currency_of(settlement.currency).charge_step
    done = array("q", _done(settlement, weights))
    heavy = array("q", (weight for _, weight in weights.by_payee()))
    moves = cumulative_steps(settlement.net_minor, heavy, done, step=step)
    for (payee, weight), before, move in zip(weights.by_payee(), done, moves, strict=True):
        if move:
            yield payee, weight, before, move


def _done(settlement: Settlement, weights: Weights) -> Iterator[int]:
    """What each payee has from this pool, in the order of the payees."""
    lines = SettlementLine.objects.filter(settlement__pool=settlement.pool_id)
    sums = lines.order_by("payee_id").values_list("payee_id").annotate(sum=Sum("amount_minor")).iterator(ROWS_AT_ONCE)
    payee_done = next(sums, None)
    for payee, _ in weights.by_payee():
        if payee_done is not None and payee_done[0] == payee:
            yield payee_done[1]
            payee_done = next(sums, None)
        else:
            yield 0
    if payee_done is not None:
        raise ValueError(f"{payee_done[0]} has a share of {settlement} and no weight")
