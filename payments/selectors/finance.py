"""What the finance team looks at: tasks, balances, what goes back, and any order by any of its names."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Sum, Value, When

from collective.core.domain.money import Money
from payments.models import (
    Account,
    Approval,
    Dispute,
    FinanceTask,
    Invoice,
    Journal,
    Order,
    Payment,
    ReconDiff,
    ReconRun,
    RefundRequest,
    UnappliedPayment,
)

FOUND_AT_MOST = 50
# Accounts of one owner or thing each, shown as one line; the rest by their own names.
FAMILIES = {
    "c:…:held": ("c:", ":held"),
    "c:…:due": ("c:", ":due"),
    "c:…:in_transit": ("c:", ":in_transit"),
    "c:…:owed": ("c:", ":owed"),
    "sponsor:…:owed": ("sponsor:", ":owed"),
    "pool:…": ("pool:", ""),
    "period:…": ("period:", ""),
    "receivable:…": ("receivable:", ""),
    "sponsor:…": ("sponsor:", ""),
}


def tasks() -> "QuerySet[FinanceTask]":
    return FinanceTask.objects.select_related("order", "payee", "closed_by")


def open_tasks() -> "QuerySet[FinanceTask]":
    """The oldest first: they wait longest."""
    return tasks().filter(closed_at=None).order_by("opened_at", "pk")


def waiting_approvals() -> "QuerySet[Approval]":
    return Approval.objects.select_related("asked_by", "order").filter(state="waiting").order_by("asked_at", "pk")


def recon_runs() -> "QuerySet[ReconRun]":
    return ReconRun.objects.order_by("-started_at", "-pk")


def open_differences() -> "QuerySet[ReconDiff]":
    return ReconDiff.objects.select_related("run", "task").filter(resolved_by=None).order_by("pk")


def disputes() -> "QuerySet[Dispute]":
    return Dispute.objects.select_related("order").order_by("-opened_at", "-pk")


def refund_requests() -> "QuerySet[RefundRequest]":
    return RefundRequest.objects.select_related("order", "actor").order_by("-created_at", "-pk")


def unapplied_payments() -> "QuerySet[UnappliedPayment]":
    return UnappliedPayment.objects.select_related("order").order_by("-received_at", "-pk")


@dataclass(frozen=True)
class Line:
    """One account, or one family of them. Credit is positive: what we owe and earn."""

    kind: str
    name: str
    accounts: int
    balance: Money


def balances() -> list[Line]:
    """Of everything in the ledger, by currency and kind."""
    name = Case(
        *(When(Q(code__startswith=head, code__endswith=tail), then=Value(of)) for of, (head, tail) in FAMILIES.items()),
        default=F("code"),
        output_field=CharField(),
    )
    rows = Account.objects.annotate(name=name).values_list("currency", "kind", "name")
    sums = rows.annotate(count=Count("pk"), sum=Sum("balance")).order_by("currency", "kind", "name")
    words = dict(Account.KINDS)
    return [Line(words[kind], of, count, Money(sum_, currency)) for currency, kind, of, count, sum_ in sums]


def zero_sums(lines: Iterable[Line]) -> list[Money]:
    """What all accounts of a currency sum to: nothing, or the ledger is broken."""
    sums: dict[str, int] = {}
    for line in lines:
        sums[line.balance.currency] = sums.get(line.balance.currency, 0) + line.balance.minor
    return [Money(sum_, currency) for currency, sum_ in sorted(sums.items())]


def find_orders(wanted: str) -> list[Order]:
    """By its number, or by any name that the buyer or the rail has for it or for what followed from it."""
    text = wanted.strip()
    if not text:
        return []
    ids: set[UUID] = set()
    for rows in _named(text):
        ids |= set(rows.values_list("order_id", flat=True)[:FOUND_AT_MOST])
    orders = Order.objects.filter(Q(pk__in=ids) | Q(client_ref=text) | _number(text))
    return list(orders.select_related("buyer", "payment").order_by("-created_at", "-pk")[:FOUND_AT_MOST])


def _named(text: str) -> "list[QuerySet[Any]]":
    mine = Journal.objects.filter(source=text).exclude(source="")
    return [
        Payment.objects.filter(Q(reference=text) | Q(journal__in=mine)),
        RefundRequest.objects.filter(Q(reference=text) | Q(refund__reference=text)),
        Dispute.objects.filter(reference=text),
        UnappliedPayment.objects.filter(Q(reference=text) | Q(journal__in=mine) | Q(disputes__reference=text)),
        Invoice.objects.filter(Q(reference=text) | Q(number=text)),
    ]


def _number(text: str) -> Q:
    try:
        return Q(pk=UUID(text))
    except ValueError:
        return Q(pk=None)
