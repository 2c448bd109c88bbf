"""What waits for a person: tasks, and what another operator asked for."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from collective.accounts.web.people import person
from collective.core.domain.money import Money
from collective.core.errors import DomainError
from collective.core.operator.access import operators_only
from payments.models import Approval, FinanceTask
from payments.selectors.finance import open_tasks, tasks, waiting_approvals
from payments.services import close_task, decide_approval
from payments.web.finance.words import approval_word, facts_of, task_word

PAGE = 50


@require_safe
@operators_only
def overview(request: HttpRequest) -> HttpResponse:
    page = Paginator(open_tasks(), PAGE).get_page(request.GET.get("page"))
    waiting = [(each, approval_word(each.kind), _legs(each)) for each in waiting_approvals()]
    context = {"page": page, "rows": _rows(page), "approvals": waiting, "me": person(request)}
    return render(request, "payments/finance/tasks.html", context)


@require_safe
@operators_only
def closed(request: HttpRequest) -> HttpResponse:
    rows = tasks().exclude(closed_at=None).order_by("-closed_at", "-pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "payments/finance/closed.html", {"page": page, "rows": _rows(page)})


@require_POST
@operators_only
def close(request: HttpRequest, task_id: UUID) -> HttpResponse:
    try:
        task = close_task(actor=person(request), task_id=task_id, note=request.POST.get("note", ""))
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.info(request, _("Closed: %(what)s.") % {"what": task_word(task.kind)})
    return redirect("payments:finance")


@require_POST
@operators_only
def decide(request: HttpRequest, approval_id: UUID) -> HttpResponse:
    approve = request.POST.get("decision") == "approve"
    try:
        approval = decide_approval(
            actor=person(request), approval_id=approval_id, approve=approve, note=request.POST.get("note", "")
        )
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        words = _("Approved: %(amount)s.") if approve else _("Refused: %(amount)s. Nothing moved.")
        messages.info(request, words % {"amount": approval.amount})
    return redirect("payments:finance")


def _rows(page: Iterable[FinanceTask]) -> list[dict[str, object]]:
    return [{"task": task, "word": task_word(task.kind), "facts": facts_of(task.facts)} for task in page]


def _legs(approval: Approval) -> list[tuple[str, Money]]:
    """What a correction would book; empty for anything else."""
    legs = approval.plan.get("legs", {})
    return [(account, Money(minor, approval.currency)) for account, minor in legs.items()]
