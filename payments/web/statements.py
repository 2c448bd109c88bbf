"""Statements of earnings: the list, one as a page, and one to keep as CSV, JSON or PDF."""

import json
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from collective.accounts.web.people import person
from collective.core.domain.money import Money
from payments.domain.movements import EARNED, WITHIN
from payments.domain.sheets import csv_text
from payments.domain.statement_rows import HEADER, StatementRow, cells_of, rows_of, sums_by_section
from payments.gateways.statement_pdf import render_statement
from payments.models import Statement
from payments.selectors.proofs import proof_of
from payments.selectors.statements import issued_statements, statement_for, statements_visible_to
from payments.web.movements import KINDS, event_word, words

PAGE_SIZE = 50


@require_safe
@never_cache
@login_required
def statement_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(statements_visible_to(person(request)), PAGE_SIZE).get_page(request.GET.get("page"))
    later = {each.corrects_id: each for each in issued_statements().filter(corrects__in=list(page.object_list))}
    rows = [(row, later.get(row.pk)) for row in page.object_list]
    return render(request, "payments/statements.html", {"page": page, "rows": rows})


@require_safe
@never_cache
@login_required
def statement_page(request: HttpRequest, number: str) -> HttpResponse:
    statement = statement_for(person(request), number)
    body = statement.content
    rows = [row for row in rows_of(body) if row.amount is not None and row.amount.minor]
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    closing, currency = body["closing_minor"], body["currency"]
    context = {
        "statement": statement,
        "later": issued_statements().filter(corrects=statement).first(),
        "opening": Money(statement.opening_minor, currency),
        "sums": [(KINDS[name], Money(minor, currency)) for name, minor in sums_by_section(body).items()],
        "repaid": Money(sum(row.repaid_minor for row in rows_of(body) if row.kind in (EARNED, WITHIN)), currency),
        "places": {part: Money(abs(closing[part]), currency) for part in ("held", "due", "in_transit", "owed")},
        "paid": Money(body["paid_minor"]["in_all"], currency),
        "page": page,
        "lines": [(row, _word(row)) for row in page.object_list],
        "downloads": [(name, _download(statement, name)) for name in ("PDF", "CSV", "JSON")],
    }
    return render(request, "payments/statement.html", context)


@require_safe
@never_cache
@login_required
def statement_csv(request: HttpRequest, number: str) -> HttpResponse:
    return as_csv(statement_for(person(request), number))


@require_safe
@never_cache
@login_required
def statement_json(request: HttpRequest, number: str) -> HttpResponse:
    """With all that is needed to recompute it: the same as the API gives."""
    statement = statement_for(person(request), number)
    text = json.dumps(proof_of(statement), ensure_ascii=False)
    return _file(statement, text.encode(), "application/json", "json")


@require_safe
@never_cache
@login_required
def statement_pdf(request: HttpRequest, number: str) -> HttpResponse:
    return as_pdf(statement_for(person(request), number))


def as_csv(statement: Statement) -> HttpResponse:
    body = statement.content
    text = csv_text(HEADER, (cells_of(body, row) for row in rows_of(body)))
    return _file(statement, text.encode(), "text/csv; charset=utf-8", "csv")


def as_pdf(statement: Statement) -> HttpResponse:
    period = statement.period
    content = render_statement(
        statement.content,
        issued_at=period.issued_at or period.created_at,
        root_sha256=period.root_sha256,
        words=words(),
    )
    return _file(statement, content, "application/pdf", "pdf")


def _file(statement: Statement, content: bytes, content_type: str, ending: str) -> HttpResponse:
    name = f'attachment; filename="{statement.number}.{ending}"'
    return HttpResponse(content, content_type=content_type, headers={"Content-Disposition": name})


def _download(statement: Statement, name: str) -> str:
    return reverse(f"payments:statement-{name.lower()}", args=[statement.number])


def _word(row: StatementRow) -> dict[str, Any]:
    """What the row is called, and the numbers that explain it."""
    share, currency = row.share, row.balance.currency
    if not share:
        return {"kind": KINDS[row.kind], "event": event_word(row.event)}
    return {
        "kind": KINDS[row.kind],
        "weight": int(share["weight"]),
        "total_weight": int(share["total_weight"]),
        "net": Money(share["net_minor"], currency),
        "before": Money(share["before_minor"], currency),
    }
