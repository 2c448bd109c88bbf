"""What a payee's accounts held at a moment, and what moved them in a time: from the ledger's entries alone."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet, Sum
from django.db.models.functions import TruncMonth

from payments.domain.chart import CASH_SUFFIX
from payments.domain.months import Month
from payments.domain.movements import Movement, section_of
from payments.models import Account, Entry

SETTLEMENT = "settlement"
# Most journals, with many entries, and none that pays.
EVERYDAY = (SETTLEMENT, "release")


def entries_of(payees: Sequence[UUID], currency: str) -> "QuerySet[Entry]":
    return Entry.objects.filter(account__owner__in=payees, account__currency=currency)


def balances_at(payees: Sequence[UUID], currency: str, moment: datetime) -> dict[UUID, dict[str, int]]:
    """By payee and part, of the entries before `moment`."""
    found: dict[UUID, dict[str, int]] = {payee: {} for payee in payees}
    rows = entries_of(payees, currency).filter(journal__created_at__lt=moment)
    for owner, code, sum_ in rows.values_list("account__owner", "account__code").annotate(Sum("amount")):
        found[owner][part_of(code)] = sum_
    return found


def movements_of(
    payees: Sequence[UUID], currency: str, starts_at: datetime, ends_at: datetime
) -> dict[UUID, list[Movement]]:
    """In the order in which they were posted; all legs that a journal has for a payee are one movement."""
    rows = entries_of(payees, currency).filter(journal__created_at__gte=starts_at, journal__created_at__lt=ends_at)
    names = ("account__owner", "journal_id", "journal__key", "journal__event", "journal__created_at")
    legs: dict[tuple[UUID, UUID, str, str, datetime], dict[str, int]] = defaultdict(dict)
    for owner, journal, key, event, at, code, amount in rows.order_by("id").values_list(
        *names, "account__code", "amount"
    ):
        legs[owner, journal, key, event, at][part_of(code)] = amount
    others = _other_accounts(
        {each[1] for each, parts in legs.items() if each[3] != SETTLEMENT and sum(parts.values()) != 0}
    )
    found: dict[UUID, list[Movement]] = {payee: [] for payee in payees}
    for (owner, journal, key, event, at), parts in legs.items():
        amount = sum(parts.values())
        section = section_of(amount, is_settlement=event == SETTLEMENT, others=others[journal])
        found[owner].append(Movement(key, event, at, parts, section))
    return found


def paid_to(payees: Collection[UUID], *, before: datetime | None = None) -> dict[tuple[UUID, str], int]:
    """What went from their accounts to where we pay from, less what came back, by payee and currency."""
    cash = Entry.objects.filter(journal=OuterRef("journal"), account__code__endswith=CASH_SUFFIX)
    mine = Entry.objects.filter(account__owner__in=payees).exclude(journal__event__in=EVERYDAY)
    until = mine.filter(journal__created_at__lt=before) if before else mine
    rows = until.filter(Exists(cash)).values_list("account__owner", "account__currency").annotate(Sum("amount"))
    return {(payee, currency): -sum_ for payee, currency, sum_ in rows if payee is not None}


def payees_with_entries(currency: str, ends_at: datetime, *, after: UUID | None, limit: int) -> list[UUID]:
    """In the order of their ids, from the first one beyond `after`."""
    accounts = Account.objects.filter(owner__isnull=False, currency=currency)
    accounts = accounts.filter(owner__gt=after) if after else accounts
    moved = accounts.filter(Exists(Entry.objects.filter(account=OuterRef("pk"), journal__created_at__lt=ends_at)))
    return list(moved.order_by("owner").values_list("owner", flat=True).distinct()[:limit])


def entry_counts() -> dict[tuple[str, Month], int]:
    """How many entries payees' accounts got, by currency and month."""
    entries = Entry.objects.filter(account__owner__isnull=False)
    months = entries.annotate(month=TruncMonth("journal__created_at", tzinfo=UTC))
    rows = months.values_list("account__currency", "month").annotate(Count("id"))
    return {(currency, Month.of(month)): count for currency, month, count in rows}


def part_of(code: str) -> str:
    return code.rpartition(":")[2]


def _other_accounts(journals: set[UUID]) -> dict[UUID, set[str]]:
    found: dict[UUID, set[str]] = defaultdict(set)
    rows = Entry.objects.filter(journal__in=journals, account__owner=None)
    for journal, code in rows.values_list("journal_id", "account__code"):
        found[journal].add(code)
    return found
