"""The people in a contribution: bringing in a table of their answers, and links for them."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from collective.accounts.web.people import person
from collective.catalog.models import Contribution
from collective.catalog.selectors import contribution_for
from collective.core.errors import ConflictError, InvalidError
from licensing import services
from licensing.policies import can_bring_people, check_can_see_people
from licensing.selectors.answerers import guardians_in
from licensing.selectors.consent import Party, parties_of
from licensing.web.consent_forms import ProofForm, TableForm
from licensing.web.consent_words import allowed

SHOWN = 200


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def people_page(request: HttpRequest, contribution_id: UUID) -> HttpResponse:
    contribution = contribution_for(request.user, contribution_id)
    check_can_see_people(request.user, contribution)
    form = TableForm(request.POST or None, request.FILES or None)
    problems: dict[str, list[str]] = {}
    if request.method == "POST" and form.is_valid():
        problems = _brought_in(request, form, contribution)
        if not problems:
            return redirect("licensing:people", contribution.pk)
    parties = parties_of([contribution.pk])[contribution.pk]
    context = {
        "contribution": contribution,
        "form": form,
        "problems": [(place, text) for place, texts in problems.items() for text in texts][:SHOWN],
        "people": [(each, _uses(each), allowed([each.state])) for each in parties[:SHOWN]],
        "guardians": guardians_in(contribution),
        "can_bring": can_bring_people(request.user, contribution),
        "more": max(len(parties) - SHOWN, 0),
    }
    return render(request, "licensing/people.html", context)


@login_required
@require_POST
def claim_link(request: HttpRequest, contribution_id: UUID, person_id: UUID) -> HttpResponse:
    contribution = contribution_for(request.user, contribution_id)
    claim = services.claim_of(actor=person(request), contribution=contribution, person_id=person_id)
    url = request.build_absolute_uri(reverse("licensing:claim", args=[claim]))
    return render(request, "licensing/claim_link.html", {"contribution": contribution, "url": url})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def proof_page(request: HttpRequest, contribution_id: UUID, person_id: UUID) -> HttpResponse:
    contribution = contribution_for(request.user, contribution_id)
    check_can_see_people(request.user, contribution)
    form = ProofForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and _attached(request, form, contribution, person_id):
        messages.success(request, _("The proof is kept with the answer."))
        return redirect("licensing:people", contribution.pk)
    context = {"contribution": contribution, "form": form, "person_id": person_id}
    return render(request, "licensing/proof.html", context)


def _uses(party: Party) -> int:
    return sum(party.state.allows(code) for code in party.state.answers)


def _attached(request: HttpRequest, form: ProofForm, contribution: Contribution, person_id: UUID) -> bool:
    file = form.cleaned_data["file"]
    try:
        services.attach_evidence(
            actor=person(request),
            contribution_id=contribution.pk,
            person_id=person_id,
            name=file.name or "",
            content=file.read(),
            kind=form.cleaned_data["kind"],
        )
    except (ConflictError, InvalidError) as refusal:
        form.add_error(None, refusal.message)
        return False
    return True


def _brought_in(request: HttpRequest, form: TableForm, contribution: Contribution) -> dict[str, list[str]]:
    """The problems, if there are any."""
    sent = ((each.name or "", each.read()) for each in form.cleaned_data["evidence"])
    try:
        made = services.import_consents(
            actor=person(request),
            contribution_id=contribution.pk,
            table=form.cleaned_data["table"].read(),
            evidence=sent,
        )
    except InvalidError as refusal:
        return dict(refusal.fields) or {_("The table"): [refusal.message]}
    messages.success(request, _("%(rows)s rows about %(people)s people are taken in.") % vars(made))
    return {}
