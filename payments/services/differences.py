"""What reconciliation found becomes rows and tasks; what is gone is resolved, and its task stays for a person."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from collective.core.domain.money import amount_text
from payments.models import ReconDiff, ReconRun
from payments.selectors.reconciling import Key, concerned_by
from payments.services.finance import open_task


@dataclass(frozen=True)
class Found:
    """One difference, before it is a row. `called` is the rail's word for the movement, `payment` and `recipient` its
    names of what it belongs to."""

    kind: str
    reference: str
    currency: str
    ledger_minor: int
    rail_minor: int
    called: str = ""
    payment: str = ""
    recipient: str = ""


@transaction.atomic
def write_down(run: ReconRun, found: list[Found], undecided: set[Key], *, sums_are_known: bool) -> ReconRun:
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
    about = concerned_by(run.rail, found.reference, found.payment, found.recipient)
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
            "ledger": amount_text(found.ledger_minor, found.currency),
            "rail": amount_text(found.rail_minor, found.currency),
        },
    )
    diff.save(force_insert=True)
    return diff
