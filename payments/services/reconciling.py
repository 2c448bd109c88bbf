"""Every night: each movement on the rail against the ledger, both ways. What differs is told, and never corrected."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Min, Q
from django.utils import timezone

from collective.core.domain.money import Money
from collective.core.errors import DomainError
from payments.domain.reconciling import NOTHING, Moved, differences
from payments.gateways.rail import Movement, Rail
from payments.gateways.rails import rail as rail_in_use
from payments.gateways.rails import rail_of
from payments.models import Journal, ReconDiff, ReconRun
from payments.selectors.reconciling import (
    Key,
    concerned_by,
    has_moved_since,
    last_run,
    ledger_balances,
    ledger_sums,
    rail_sums,
)
from payments.services.finance import open_task

# Read again at each run, for what was told late.
OVERLAP = timedelta(days=3)
# What moved just now may not have been told to us yet; the next run looks at it.
SETTLES_IN = timedelta(hours=1)


@dataclass(frozen=True)
class Found:
    """One difference, before it is a row. `called` is the rail's word for the movement."""

    kind: str
    reference: str
    currency: str
    ledger_minor: int
    rail_minor: int
    called: str = ""
    payment: str = ""


@dataclass(frozen=True)
class Looked:
    """What a comparison of some things gave: `undecided` are still on the move."""

    found: list[Found]
    undecided: set[Key]
    apart: dict[str, int]


def reconcile() -> ReconRun:
    """Job: compare, write down what differs, resolve what no longer does. A run that died is begun again."""
    rail = rail_in_use()
    run = _begin(rail)
    before = _balances(rail)
    movements = list(rail.reporting.movements(run.since))
    ours = ledger_sums(rail, Q(created_at__gte=run.since))
    theirs = rail_sums(movements)
    looked = _look(run, ours, theirs)
    after = _balances(rail)
    run.movements, run.journals, run.balances = len(movements), len(ours), after
    # Money that moved while we looked says nothing about the sums.
    unequal = _unequal(after, looked.apart) if before == after else []
    return _write_down(run, [*looked.found, *unequal], looked.undecided, sums_are_known=before == after)


def _begin(rail: Rail) -> ReconRun:
    now = timezone.now()
    last = last_run(rail)
    first = Journal.objects.exclude(source="").aggregate(first=Min("created_at"))["first"] or now
    since = (last.until if last else first) - OVERLAP
    run, _ = ReconRun.objects.get_or_create(
        rail=rail.name, finished_at=None, defaults={"since": since, "until": now - SETTLES_IN}
    )
    return run


def _balances(rail: Rail) -> dict[str, dict[str, int]]:
    ours, theirs = ledger_balances(rail), rail.reporting.funds()
    return {
        currency: {
            "ledger": ours.get(currency, 0),
            "rail": theirs[currency].available_minor + theirs[currency].pending_minor if currency in theirs else 0,
        }
        for currency in sorted({*ours, *theirs})
    }


def _look(run: ReconRun, ours: dict[Key, Moved], theirs: dict[Key, Moved]) -> Looked:
    """Where the sums of these days differ, and where they did before, the whole story of the thing decides."""
    open_ones = ReconDiff.objects.filter(rail=run.rail, resolved_by=None).exclude(kind="balance_differs")
    suspects = {key for key in {*ours, *theirs} if differences(ours.get(key), theirs.get(key))}
    suspects |= set(open_ones.values_list("reference", "currency"))
    looked = Looked([], set(), {})
    for key in sorted(suspects):
        _compare(run, key, looked)
    return looked


def _compare(run: ReconRun, key: Key, looked: Looked) -> None:
    rail, (source, currency) = rail_of(run.rail), key
    story = rail.reporting.story(source)
    theirs = rail_sums(story).get(key)
    ours = ledger_sums(rail, Q(source=source)).get(key)
    apart = (theirs or NOTHING).net_minor - (ours or NOTHING).net_minor
    looked.apart[currency] = looked.apart.get(currency, 0) + apart
    if any(each.at >= run.until for each in story) or has_moved_since(source, run.until):
        looked.undecided.add(key)
        return
    last = story[-1] if story else None
    wrong = differences(ours, theirs)
    for kind in ["unknown_kind"] if wrong and last and last.kind == "unknown" else wrong:
        minors = [_side(each or NOTHING, kind) for each in (ours, theirs)]
        looked.found.append(
            Found(kind, source, currency, *minors, last.called if last else "", _payment_of(rail, last))
        )


def _side(moved: Moved, kind: str) -> int:
    return moved.fee_minor if kind == "fee_differs" else moved.amount_minor


def _payment_of(rail: Rail, movement: Movement | None) -> str:
    """What a refund or a dispute that the ledger does not know belongs to."""
    ask = {"refund": rail.collecting.returned, "dispute": rail.collecting.disputed}
    if movement is None or movement.kind not in ask:
        return ""
    try:
        return ask[movement.kind](movement.source).payment
    except DomainError:
        return ""


def _unequal(balances: dict[str, dict[str, int]], apart: dict[str, int]) -> list[Found]:
    """Sums that differ by more than what was found and what is on the move explain."""
    return [
        Found("balance_differs", "balance", currency, sides["ledger"], sides["rail"])
        for currency, sides in balances.items()
        if sides["rail"] - sides["ledger"] != apart.get(currency, 0)
    ]


@transaction.atomic
def _write_down(run: ReconRun, found: list[Found], undecided: set[Key], *, sums_are_known: bool) -> ReconRun:
    standing = {
        (row.reference, row.currency, row.kind): row
        for row in ReconDiff.objects.filter(rail=run.rail, resolved_by=None)
    }
    now = {(each.reference, each.currency, each.kind): each for each in found}
    for new in now.keys() - standing.keys():
        _open(run, now[new])
        run.found += 1
    for reference, currency, kind in standing.keys() - now.keys():
        if (reference, currency) in undecided or (kind == "balance_differs" and not sums_are_known):
            continue
        ReconDiff.objects.filter(pk=standing[reference, currency, kind].pk).update(resolved_by=run)
        run.resolved += 1
    run.finished_at = timezone.now()
    run.save()
    return run


def _open(run: ReconRun, found: Found) -> ReconDiff:
    """A fee is the marketplace's own; of anything else nobody is paid what may not be there."""
    about = concerned_by(rail_of(run.rail), found.reference, found.payment)
    is_theirs = found.kind != "fee_differs" and (about.order is not None or about.payee is not None)
    diff = ReconDiff(
        run=run,
        rail=run.rail,
        kind=found.kind,
        reference=found.reference,
        currency=found.currency,
        called=found.called,
        ledger_minor=found.ledger_minor,
        rail_minor=found.rail_minor,
    )
    diff.task = open_task(
        key=f"difference:{diff.pk}",
        kind="difference",
        order=about.order,
        payee=about.payee,
        stops_payee=is_theirs,
        facts={
            "difference": found.kind,
            "reference": found.reference,
            "ledger": str(Money(found.ledger_minor, found.currency)),
            "rail": str(Money(found.rail_minor, found.currency)),
        },
    )
    diff.save(force_insert=True)
    return diff
