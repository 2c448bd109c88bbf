"""Statements: what one would say now, and those that were issued. Only owners and admins of the payee see them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from collective.accounts.models import Organization
from collective.accounts.selectors import Person, administered_by
from payments.domain.months import Month
from payments.domain.movements import Movement
from payments.domain.statement import Account
from payments.errors import StatementNotFoundError
from payments.models import Statement, StatementPeriod
from payments.selectors.movements import balances_at, entry_counts, movements_of, paid_to
from payments.selectors.settled import shares_by_journal

# A posting bears the time at which it began, and none takes that long to commit.
CLOSED_AFTER = timedelta(hours=1)


def due_periods(now: datetime) -> Iterator[tuple[Month, str, int]]:
    """Closed months, with currency and count of entries, of which the newest issue knows another count, or none is."""
    known = {
        (each.currency, each.month): each.entry_count if each.issued_at else None
        for each in StatementPeriod.objects.order_by("revision")
    }
    ordered = sorted(entry_counts().items(), key=lambda row: row[0])
    for currency, rows in groupby(ordered, key=lambda row: row[0][0]):
        for month, count in _cumulative([(month, count) for (_, month), count in rows], now):
            if known.get((currency, str(month))) != count:
                yield month, currency, count


def _cumulative(rows: list[tuple[Month, int]], now: datetime) -> Iterator[tuple[Month, int]]:
    """Every month from the first on, also those in which nothing moved, with all entries until its end."""
    counts, month, total = dict(rows), rows[0][0], 0
    while month.ends_at + CLOSED_AFTER <= now:
        total += counts.get(month, 0)
        yield month, total
        month = month.next


@dataclass(frozen=True)
class Draft:
    """All that a payee's statement is made of, but its number."""

    about: Account
    opening: dict[str, int]
    paid_before: int
    moved: list[tuple[Movement, dict[str, Any]]]


def drafts(payees: list[UUID], month: Month, currency: str) -> Iterator[Draft]:
    """For each payee who had something or to whom something happened."""
    opening = balances_at(payees, currency, month.starts_at)
    moved = movements_of(payees, currency, month.starts_at, month.ends_at)
    shares = shares_by_journal(payees, currency, month.starts_at, month.ends_at)
    paid = paid_to(payees, before=month.starts_at)
    names = Organization.objects.in_bulk(payees)
    for payee in payees:
        if moved[payee] or any(opening[payee].values()):
            about = Account(payee, names[payee].name, month, currency, settings.SITE_URL)
            explained = [(each, shares.get((payee, each.key), {})) for each in moved[payee]]
            yield Draft(about, opening[payee], paid.get((payee, currency), 0), explained)


def newest_statements(payees: list[UUID], month: Month, currency: str) -> dict[UUID, Statement]:
    """The last that each of them got for this month."""
    issued = issued_statements().filter(payee__in=payees, period__month=str(month), period__currency=currency)
    return {each.payee_id: each for each in issued.order_by("period__revision")}


def issued_statements() -> "QuerySet[Statement]":
    return Statement.objects.exclude(period__issued_at=None).select_related("period", "payee", "corrects")


def statements_visible_to(user: Person) -> "QuerySet[Statement]":
    """Newest month first."""
    mine = issued_statements().filter(payee__in=administered_by(user).order_by())
    return mine.order_by("-period__month", "period__currency", "payee__name", "-period__revision")


def statement_for(user: Person, number: str) -> Statement:
    """Raises StatementNotFoundError."""
    found = statements_visible_to(user).filter(number=number).first()
    if found is None:
        raise StatementNotFoundError
    return found


def issued_periods() -> "QuerySet[StatementPeriod]":
    """What everybody may see: that so many statements were issued, and the root over them."""
    return StatementPeriod.objects.exclude(issued_at=None)
