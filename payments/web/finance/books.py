"""The books: nightly comparisons with the rail, balances, and what goes back to buyers."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from collective.core.domain.money import Money, amount_text
from collective.core.errors import NotFoundError
from collective.core.operator.access import operators_only
from payments.models import ReconRun, UnappliedPayment
from payments.selectors.finance import (
    balances,
    disputes,
    open_differences,
    recon_runs,
    refund_requests,
    unapplied_payments,
    zero_sums,
)
from payments.web.finance.words import difference_word, rail_word, why_word

PAGE = 50


@require_safe
@operators_only
def reconciliation(request: HttpRequest) -> HttpResponse:
    page = Paginator(recon_runs(), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "runs": [(each, rail_word(each.rail)) for each in page],
        "differences": [(each, difference_word(each.kind)) for each in open_differences()[:PAGE]],
    }
    return render(request, "payments/finance/reconciliation.html", context)


@require_safe
@operators_only
def reconciliation_run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run = ReconRun.objects.filter(pk=run_id).first()
    if run is None:
        raise NotFoundError
    found = run.differences.select_related("task", "resolved_by").order_by("pk")
    rows = [(each, difference_word(each.kind)) for each in found]
    sides = [
        (currency, amount_text(both["ledger"], currency), amount_text(both["rail"], currency))
        for currency, both in sorted(run.balances.items())
    ]
    context = {"run": run, "rail": rail_word(run.rail), "differences": rows, "sides": sides}
    return render(request, "payments/finance/run.html", context)


@require_safe
@operators_only
def accounts(request: HttpRequest) -> HttpResponse:
    lines = balances()
    return render(request, "payments/finance/accounts.html", {"lines": lines, "sums": zero_sums(lines)})


@require_safe
@operators_only
def returns(request: HttpRequest) -> HttpResponse:
    """Disputes, refunds, and money that belongs to no order: the latest of each."""
    context = {
        "disputes": disputes()[:PAGE],
        "refunds": refund_requests()[:PAGE],
        "unapplied": [(each, _money(each), why_word(each.why)) for each in unapplied_payments()[:PAGE]],
    }
    return render(request, "payments/finance/returns.html", context)


def _money(kept: UnappliedPayment) -> Money:
    return Money(kept.amount_minor, kept.currency)
