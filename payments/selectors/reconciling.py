"""The two sides of reconciliation, and whose money a difference is about."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max, Q, Sum

from collective.accounts.models import Organization
from payments.domain import chart
from payments.domain.reconciling import Moved
from payments.models import Account, Dispute, Entry, Journal, Order, Payment, ReconRun, Refund, UnappliedPayment

FEES = (chart.RAIL_FEES, chart.DISPUTE_FEES)
# What moved, by the rail's name for it and the currency.
Key = tuple[str, str]


def ledger_sums(cash: str, journals: Q) -> dict[Key, Moved]:
    """Of the journals that moved something on `cash`, the account of a rail's balance."""
    rows = Entry.objects.filter(
        journal__in=Journal.objects.exclude(source="").filter(journals),
        account__code__in=[cash, *FEES],
    )
    sums = rows.values_list("journal__source", "journal__currency").annotate(
        net=Sum("amount", filter=Q(account__code=cash), default=0),
        fee=Sum("amount", filter=Q(account__code__in=FEES), default=0),
        last=Max("account", filter=Q(account__code=cash)),
    )
    return {(source, currency): Moved(-net - fee, -fee) for source, currency, net, fee, last in sums if last}


def ledger_balances(cash: str) -> dict[str, int]:
    """What the ledger says lies on the rail."""
    rows = Account.objects.filter(code=cash).values_list("currency", "balance")
    return {currency: -balance for currency, balance in rows}


def has_moved_since(source: str, moment: datetime) -> bool:
    return Journal.objects.filter(source=source, created_at__gte=moment).exclude(source="").exists()


def last_run(rail: str) -> ReconRun | None:
    return ReconRun.objects.filter(rail=rail).exclude(finished_at=None).order_by("-until").first()


@dataclass(frozen=True)
class Concerned:
    order: Order | None = None
    payee: Organization | None = None


def concerned_by(rail: str, source: str, payment: str, recipient: str) -> Concerned:
    """The payee of a transfer, or the order of anything else.

    `payment` and `recipient`: what the rail says that it belongs to, where it says so.
    """
    named = Q(transfers__reference=source) | Q(transfers__reversals__reference=source)
    booked = Q(ledger_accounts__entries__journal__source=source)
    told = Q(payout_account__rail=rail, payout_account__reference=recipient)
    for about in (named, booked, *([told] if recipient else [])):
        if payee := Organization.objects.filter(about).order_by("pk").first():
            return Concerned(payee=payee)
    found = _order_of(rail, source, payment)
    return Concerned(order=Order.objects.get(pk=found) if found else None)


def _order_of(rail: str, source: str, payment: str) -> UUID | None:
    named = Q(rail=rail) & Q(reference__in=[name for name in (source, payment) if name])
    for rows in (
        Payment.objects.filter(named | Q(journal__source=source)),
        Refund.objects.filter(reference=source),
        Dispute.objects.filter(rail=rail, reference=source),
        UnappliedPayment.objects.filter(named | Q(journal__source=source)),
    ):
        if found := rows.values_list("order_id", flat=True).first():
            return found
    return None
