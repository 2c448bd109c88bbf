"""Every night: each movement on the rail against the ledger, both ways. What differs is told, and never corrected."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Min, Q
from django.utils import timezone

from collective.core.errors import DomainError
from payments.domain.reconciling import NOTHING, Moved, differences
from payments.gateways.facts import Movement
from payments.gateways.rail import Rail
from payments.gateways.rails import rail as rail_in_use
from payments.gateways.rails import rail_of
from payments.models import Journal, ReconDiff, ReconRun
from payments.selectors.reconciling import Key, has_moved_since, last_run, ledger_balances, ledger_sums
from payments.services.differences import Found, write_down

# Read again at each run, for what was told late.
OVERLAP = timedelta(days=3)
# What moved just now may not have been told to us yet; the next run looks at it.
SETTLES_IN = timedelta(hours=1)


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
    ours = ledger_sums(rail.balance_account, Q(created_at__gte=run.since))
    theirs = _rail_sums(movements)
    looked = _look(run, ours, theirs)
    after = _balances(rail)
    run.movements, run.journals, run.balances = len(movements), len(ours), after
    # Money that moved while we looked says nothing about the sums.
    unequal = _unequal(after, looked.apart) if before == after else []
    return write_down(run, [*looked.found, *unequal], looked.undecided, sums_are_known=before == after)


def _begin(rail: Rail) -> ReconRun:
    now = timezone.now()
    last = last_run(rail.name)
    first = Journal.objects.exclude(source="").aggregate(first=Min("created_at"))["first"] or now
    since = (last.until if last else first) - OVERLAP
    run, _ = ReconRun.objects.get_or_create(
        rail=rail.name, finished_at=None, defaults={"since": since, "until": now - SETTLES_IN}
    )
    return run


def _balances(rail: Rail) -> dict[str, dict[str, int]]:
    ours, theirs = ledger_balances(rail.balance_account), rail.reporting.funds()
    return {
        currency: {
            "ledger": ours.get(currency, 0),
            "rail": theirs[currency].available_minor + theirs[currency].pending_minor if currency in theirs else 0,
        }
        for currency in sorted({*ours, *theirs})
    }


def _rail_sums(movements: Iterable[Movement]) -> dict[Key, Moved]:
    sums: dict[Key, Moved] = {}
    for each in movements:
        key = (each.source, each.currency)
        sums[key] = sums.get(key, NOTHING) + Moved(each.amount_minor, each.fee_minor)
    return sums


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
    theirs = _rail_sums(story).get(key)
    ours = ledger_sums(rail.balance_account, Q(source=source)).get(key)
    apart = (theirs or NOTHING).net_minor - (ours or NOTHING).net_minor
    looked.apart[currency] = looked.apart.get(currency, 0) + apart
    if any(each.at >= run.until for each in story) or has_moved_since(source, run.until):
        looked.undecided.add(key)
        return
    last = story[-1] if story else None
    wrong = differences(ours, theirs)
    for kind in ["unknown_kind"] if wrong and last and last.kind == "unknown" else wrong:
        looked.found.append(
            Found(
                kind,
                source,
                currency,
                ledger_minor=_side(ours or NOTHING, kind),
                rail_minor=_side(theirs or NOTHING, kind),
                called=last.called if last else "",
                **_about(rail, last),
            )
        )


def _side(moved: Moved, kind: str) -> int:
    return moved.fee_minor if kind == "fee_differs" else moved.amount_minor


def _about(rail: Rail, movement: Movement | None) -> dict[str, str]:
    """What a movement that the ledger does not know belongs to: a payment, or the account of a payee."""
    if movement is None:
        return {}
    try:
        if movement.kind in ("transfer", "transfer_reversal"):
            return {"recipient": rail.payouts.recipient_of(movement)}
        if movement.kind == "refund":
            return {"payment": rail.collecting.returned(movement.source).payment}
        if movement.kind == "dispute":
            return {"payment": rail.collecting.disputed(movement.source).payment}
    except DomainError:
        return {}
    return {}


def _unequal(balances: dict[str, dict[str, int]], apart: dict[str, int]) -> list[Found]:
    """Sums that differ by more than what was found and what is on the move explain."""
    return [
        Found("balance_differs", "balance", currency, sides["ledger"], sides["rail"])
        for currency, sides in balances.items()
        if sides["rail"] - sides["ledger"] != apart.get(currency, 0)
    ]
