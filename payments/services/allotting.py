"""What each payee is allotted of a settlement: computed and stored a part at a time, for any number of payees."""

from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from collective.catalog.models import SplitShare
from collective.core.domain.money import currency_of
from payments.domain.shares import cumulative_steps
from payments.models import Settlement, SettlementLine

# A payee has at most three legs, so that a journal stays under a thousand.
PAYEES_PER_CHUNK = 300
LINES_AT_ONCE = 2000
Pair = tuple[UUID, int]


@dataclass(frozen=True)
class Weights:
    """`by_payee` gives each payee and their weight in the order of the payees, again each time."""

    total: int
    by_payee: Callable[[], Iterable[Pair]]


def frozen_weights(version_id: UUID) -> Weights:
    """Of the version's own split."""
    shares = SplitShare.objects.filter(version_id=version_id).order_by("payee_id")
    total = shares.aggregate(sum=Sum("weight", default=0))["sum"]
    return Weights(total, lambda: shares.values_list("payee_id", "weight").iterator(LINES_AT_ONCE))


@transaction.atomic
def store_lines(settlement: Settlement, weights: Weights) -> None:
    """All lines or none; who comes second waits, and finds them. A settlement divides something, so it has lines."""
    Settlement.objects.select_for_update(no_key=True).get(pk=settlement.pk)
    if settlement.lines.exists():
        return
    lines = _lines(settlement, weights)
    while some := list(islice(lines, LINES_AT_ONCE)):
        SettlementLine.objects.bulk_create(some)


def _lines(settlement: Settlement, weights: Weights) -> Iterator[SettlementLine]:
    """In memory are only numbers, a few bytes for each payee."""
    step = currency_of(settlement.currency).charge_step
    done = array("q", _done(settlement, weights))
    moves = cumulative_steps(
        settlement.net_minor, array("q", (weight for _, weight in weights.by_payee())), done, step=step
    )
    position = 0
    for (payee, weight), before, move in zip(weights.by_payee(), done, moves, strict=True):
        if move:
            yield SettlementLine(
                settlement_id=settlement.pk,
                payee_id=payee,
                chunk=position // PAYEES_PER_CHUNK,
                weight=weight,
                before_minor=before,
                amount_minor=move,
            )
            position += 1


def _done(settlement: Settlement, weights: Weights) -> Iterator[int]:
    """What each payee has from this pool, in the order of the payees."""
    lines = SettlementLine.objects.filter(settlement__pool=settlement.pool_id)
    sums = lines.order_by("payee_id").values_list("payee_id").annotate(sum=Sum("amount_minor")).iterator(LINES_AT_ONCE)
    payee_done = next(sums, None)
    for payee, _ in weights.by_payee():
        if payee_done is not None and payee_done[0] == payee:
            yield payee_done[1]
            payee_done = next(sums, None)
        else:
            yield 0
    if payee_done is not None:
        raise ValueError(f"{payee_done[0]} has a share of {settlement} and no weight")
