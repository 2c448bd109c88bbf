"""Sponsorships: those that are open, one's own, and what becomes of a budget."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collective.accounts.policies import can_manage
from collective.accounts.selectors import administered_by, organizations_of
from collective.accounts.web.people import person
from collective.core.domain.money import Money
from collective.core.errors import ConflictError, InvalidError
from payments.models import Sponsorship
from payments.selectors.sponsoring import (
    approvals_visible_to,
    budget_minor,
    disputed_minor,
    spent_by_dataset,
    spent_by_researcher,
    sponsorship_for,
    sponsorships_visible_to,
)
from payments.services import close_sponsorship, open_sponsorship
from payments.web.sponsor_forms import AskForm, FundForm, InviteForm, SponsorshipForm

PAGE_SIZE = 50


@require_safe
@never_cache
@login_required
def sponsorship_list(request: HttpRequest) -> HttpResponse:
    rows = sponsorships_visible_to(person(request))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "payments/sponsorships.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new_sponsorship(request: HttpRequest) -> HttpResponse:
    actor = person(request)
    form = SponsorshipForm(request.POST or None, actor=actor, sponsors=administered_by(actor))
    if request.method == "POST" and form.is_valid():
        try:
            sponsor = form.cleaned_data["sponsor"]
            opened = open_sponsorship(actor=actor, sponsor_id=sponsor.pk, terms=form.terms())
        except InvalidError as refusal:
            form.show(refusal)
        else:
            messages.success(request, _("The sponsorship is open. It pays as soon as it is funded."))
            return redirect("payments:sponsorship", opened.pk)
    return render(request, "payments/sponsorship_new.html", {"form": form})


@require_safe
@never_cache
@login_required
def sponsorship_page(request: HttpRequest, sponsorship_id: UUID) -> HttpResponse:
    sponsorship = sponsorship_for(person(request), sponsorship_id)
    return sponsorship_answer(request, sponsorship)


def sponsorship_answer(request: HttpRequest, sponsorship: Sponsorship, **forms: Any) -> HttpResponse:
    """The page, with a form that was refused where there is one."""
    actor = person(request)
    mine = organizations_of(actor)
    approvals = approvals_visible_to(actor).filter(sponsorship=sponsorship)
    context = {
        "sponsorship": sponsorship,
        "scope": _scope(sponsorship),
        "own": [row for row in approvals if row.researcher in set(mine)],
        "ask_form": forms.get("ask") or AskForm(researchers=mine),
        "asks_open": bool(forms.get("ask")),
    }
    if can_manage(actor, sponsorship.sponsor):
        context |= _books(sponsorship) | {
            "approvals": approvals,
            "fund_form": forms.get("fund") or FundForm(currency=sponsorship.currency),
            "invite_form": forms.get("invite") or InviteForm(),
        }
    return render(request, "payments/sponsorship.html", context)


@login_required
@require_POST
def close(request: HttpRequest, sponsorship_id: UUID) -> HttpResponse:
    close_sponsorship(actor=person(request), sponsorship_id=sponsorship_id)
    messages.info(request, _("The sponsorship is closed. What is left goes back to you the way it came."))
    return redirect("payments:sponsorship", sponsorship_id)


def _scope(sponsorship: Sponsorship) -> list[tuple[str, list[str]]]:
    named = [
        (_("Datasets"), [each.title for each in sponsorship.datasets.order_by("title")]),
        (_("Publishers"), [each.name for each in sponsorship.publishers.order_by("name")]),
        (_("Licenses"), [each.name for each in sponsorship.licenses.order_by("name")]),
    ]
    return [(what, names or [_("any")]) for what, names in named]


def _books(sponsorship: Sponsorship) -> dict[str, Any]:
    fundings = sponsorship.fundings.order_by("-created_at").prefetch_related("returns")
    return {
        "manages": True,
        "budget": Money(budget_minor(sponsorship), sponsorship.currency),
        "disputed": Money(disputed_minor(sponsorship), sponsorship.currency),
        "fundings": fundings,
        "by_researcher": spent_by_researcher(sponsorship),
        "by_dataset": spent_by_dataset(sponsorship),
    }


def refused(request: HttpRequest, refusal: ConflictError, sponsorship_id: UUID) -> HttpResponse:
    messages.error(request, refusal.message)
    return redirect("payments:sponsorship", sponsorship_id)
