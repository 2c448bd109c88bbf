"""Statements are issued when a month is over, once. What the ledger learns too late gives another one, not a change."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from collective.core import audit
from collective.core.db.conflicts import insert_or_none
from payments.domain.inclusion import merkle_root, statement_leaf
from payments.domain.months import Month
from payments.domain.statement import canonical, same_money, sha256_of, statement_body
from payments.models import Statement, StatementPeriod
from payments.selectors.movements import payees_with_entries
from payments.selectors.statements import Draft, drafts, due_periods, newest_statements

PAYEES_AT_ONCE = 300


def issue_statements() -> int:
    """Every closed month, currency by currency, that lacks statements or has got entries since; returns how many.

    Twice is once. An issue that was interrupted goes on where it stopped.
    """
    due = list(due_periods(timezone.now()))
    for month, currency, entry_count in due:
        issue_period(month=month, currency=currency, entry_count=entry_count)
    return len(due)


def issue_period(*, month: Month, currency: str, entry_count: int) -> StatementPeriod:
    period = _open(month, currency, entry_count)
    after: UUID | None = None
    while payees := payees_with_entries(currency, month.ends_at, after=after, limit=PAYEES_AT_ONCE):
        _write(period, month, payees)
        after = payees[-1]
    return _close(period)


def _open(month: Month, currency: str, entry_count: int) -> StatementPeriod:
    """The one that waits to be finished, the one that another worker has made of these entries meanwhile, or a new one.

    One look at the newest decides: whoever looked before another one was made is refused its revision, and takes that.
    """
    issues = StatementPeriod.objects.filter(month=str(month), currency=currency).order_by("-revision")
    newest = issues.first()
    if newest is not None and (newest.issued_at is None or newest.entry_count == entry_count):
        return newest
    revision = newest.revision + 1 if newest else 1
    period = StatementPeriod(month=str(month), currency=currency, revision=revision, entry_count=entry_count)
    return insert_or_none(period) or issues[0]


@transaction.atomic
def _write(period: StatementPeriod, month: Month, payees: list[UUID]) -> None:
    """For those of them who have none in this issue yet, and whose last one said something else."""
    period = StatementPeriod.objects.select_for_update(no_key=True).get(pk=period.pk)
    if period.issued_at is not None:
        return
    earlier = newest_statements(payees, month, period.currency)
    written = set(period.statements.filter(payee__in=payees).values_list("payee_id", flat=True))
    position = period.statements.count()
    rows: list[Statement] = []
    for draft in drafts([each for each in payees if each not in written], month, period.currency):
        before = earlier.get(draft.about.payee_id)
        body = _body(draft, f"{period}-{position + len(rows) + 1:06}", before)
        if before is None or not same_money(before.content, body):
            rows.append(_row(period, draft.about.payee_id, position + len(rows), body, before))
    Statement.objects.bulk_create(rows)


def _body(draft: Draft, number: str, before: Statement | None) -> dict[str, Any]:
    return statement_body(
        draft.about,
        number=number,
        corrects=before.number if before else "",
        opening=draft.opening,
        paid_before=draft.paid_before,
        moved=draft.moved,
    )


def _row(
    period: StatementPeriod, payee_id: UUID, position: int, body: dict[str, Any], before: Statement | None
) -> Statement:
    text = canonical(body)
    return Statement(
        period=period,
        payee_id=payee_id,
        position=position,
        number=body["number"],
        corrects=before,
        opening_minor=body["opening_minor"]["total"],
        closing_minor=body["closing_minor"]["total"],
        body=text,
        sha256=sha256_of(text),
    )


@transaction.atomic
def _close(period: StatementPeriod) -> StatementPeriod:
    """The tree over all of them is built, and nothing can be added."""
    period = StatementPeriod.objects.select_for_update(no_key=True).get(pk=period.pk)
    if period.issued_at is not None:
        return period
    hashes = list(period.statements.order_by("position").values_list("sha256", flat=True))
    period.root_sha256 = merkle_root([statement_leaf(sha256) for sha256 in hashes])
    period.statement_count, period.issued_at = len(hashes), timezone.now()
    period.save(update_fields=["root_sha256", "statement_count", "issued_at"])
    audit.record(
        actor=None,
        action="payments.statements_issued",
        obj=period,
        month=period.month,
        currency=period.currency,
        root_sha256=period.root_sha256,
    )
    return period
