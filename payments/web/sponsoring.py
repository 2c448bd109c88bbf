"""What is done with a sponsorship: funding it, asking, inviting, deciding."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from collective.accounts.policies import check_can_manage
from collective.accounts.selectors import organizations_of
from collective.accounts.web.people import person
from collective.core.errors import ConflictError, InvalidError, NotFoundError
from payments.gateways.rails import simulated_button
from payments.selectors.sponsoring import approval_for, funding_for, sponsorship_for
from payments.services import (
    ask_sponsor,
    decide_sponsor_request,
    invite_researcher,
    pay_funding_simulated,
    start_funding,
    withdraw_sponsor_approval,
)
from payments.web.sponsor_forms import AskForm, FundForm, InviteForm
from payments.web.sponsorships import refused, sponsorship_answer


@login_required
@require_POST
def fund(request: HttpRequest, sponsorship_id: UUID) -> HttpResponse:
    actor = person(request)
    sponsorship = sponsorship_for(actor, sponsorship_id)
    check_can_manage(actor, sponsorship.sponsor)
    form = FundForm(request.POST, currency=sponsorship.currency)
    if form.is_valid():
        try:
            amount = form.cleaned_data["amount_minor"]
            return redirect(start_funding(actor=actor, sponsorship_id=sponsorship.pk, amount_minor=amount).url)
        except InvalidError as refusal:
            form.show(refusal)
        except ConflictError as refusal:
            return refused(request, refusal, sponsorship.pk)
    return sponsorship_answer(request, sponsorship, fund=form)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def funding_simulated(request: HttpRequest, funding_id: UUID) -> HttpResponse:
    simulated_button()
    funding = funding_for(person(request), funding_id)
    if request.method == "POST":
        try:
            pay_funding_simulated(actor=person(request), funding_id=funding.pk)
        except ConflictError as refusal:
            return refused(request, refusal, funding.sponsorship_id)
        messages.success(request, _("Paid. It is in the budget now."))
    if request.method == "POST" or funding.state in {"paid", "ended"}:
        return redirect("payments:sponsorship", funding.sponsorship_id)
    return render(request, "payments/funding_simulated.html", {"funding": funding})


@login_required
@require_POST
def ask(request: HttpRequest, sponsorship_id: UUID) -> HttpResponse:
    actor = person(request)
    sponsorship = sponsorship_for(actor, sponsorship_id)
    form = AskForm(request.POST, researchers=organizations_of(actor))
    if not form.is_valid():
        return sponsorship_answer(request, sponsorship, ask=form)
    given = form.cleaned_data
    try:
        ask_sponsor(
            actor=actor, sponsorship_id=sponsorship.pk, researcher_id=given["researcher"].pk, words=given["words"]
        )
    except ConflictError as refusal:
        return refused(request, refusal, sponsorship.pk)
    messages.success(request, _("The sponsor has your request, and you hear by mail what they decide."))
    return redirect("payments:sponsorship", sponsorship.pk)


@login_required
@require_POST
def invite(request: HttpRequest, sponsorship_id: UUID) -> HttpResponse:
    actor = person(request)
    sponsorship = sponsorship_for(actor, sponsorship_id)
    check_can_manage(actor, sponsorship.sponsor)
    form = InviteForm(request.POST)
    if form.is_valid():
        try:
            invite_researcher(actor=actor, sponsorship_id=sponsorship.pk, slug=form.cleaned_data["slug"])
        except NotFoundError as refusal:
            form.show(refusal)
        except ConflictError as refusal:
            return refused(request, refusal, sponsorship.pk)
        else:
            messages.success(request, _("Approved. They hear of it by mail."))
            return redirect("payments:sponsorship", sponsorship.pk)
    return sponsorship_answer(request, sponsorship, invite=form)


@login_required
@require_POST
def decide(request: HttpRequest, approval_id: UUID) -> HttpResponse:
    """`decision`: approve, refuse, withdraw; the last two with a reason."""
    actor = person(request)
    approval = approval_for(actor, approval_id)
    reason, decision = request.POST.get("reason", ""), request.POST.get("decision", "")
    try:
        if decision == "withdraw":
            withdraw_sponsor_approval(actor=actor, approval_id=approval.pk, reason=reason)
        else:
            decide_sponsor_request(actor=actor, approval_id=approval.pk, approve=decision == "approve", reason=reason)
    except (ConflictError, InvalidError) as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Decided. They hear of it by mail."))
    return redirect("payments:sponsorship", approval.sponsorship_id)
