"""A person's own consent page: what I allowed, where it is, who has it, and the way out."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collective.accounts.web.people import person
from collective.catalog.models import Contribution
from collective.core.errors import DomainError
from licensing import services
from licensing.api.languages import languages_of
from licensing.selectors import current_notice
from licensing.selectors.answerers import Answerer
from licensing.selectors.consent import contributions_with, event_for, parties_of, persons_of
from licensing.selectors.overview import Overview, overview_of
from licensing.selectors.receipts import receipt_of
from licensing.services.people import name_of, person_of_claim
from licensing.web.consent_forms import AnswersForm
from licensing.web.consent_words import ANSWERS, EVENTS, STATES, WARDS_STATES, allowed

SHOWN = 200


@login_required
@require_safe
def consent_list(request: HttpRequest) -> HttpResponse:
    actor = person(request)
    own = _allowed_in(list(contributions_with(actor)[:SHOWN]), set(persons_of(actor).values_list("pk", flat=True)))
    wards = [(each, _allowed_in(each.contributions[:SHOWN], {each.person.pk})) for each in services.wards_of(actor)]
    return render(request, "licensing/consent_list.html", {"rows": own, "wards": wards})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def consent_page(request: HttpRequest, contribution_id: UUID, person_id: UUID | None = None) -> HttpResponse:
    """One's own; with `person_id` a minor's, for the guardian."""
    answerer = services.answerer_for(person(request), person_id)
    found = overview_of(answerer, answerer.contribution(contribution_id))
    notice = current_notice(*languages_of(request), dataset_id=found.contribution.dataset_id)
    form = AnswersForm(request.POST or None, notice=notice, state=found.state, minor=person_id is not None)
    if request.method == "POST" and form.is_valid() and _changed(request, form, contribution_id, person_id):
        messages.success(request, _("Saved. From now on this is what the data may be used for."))
        return redirect(_page("consent", contribution_id, person_id))
    context = {"form": form, "notice": notice, "overview": found, **_told(answerer, found)}
    return render(request, "licensing/consent.html", context)


@login_required
@require_POST
def withdraw_all(request: HttpRequest, person_id: UUID | None = None) -> HttpResponse:
    done = services.withdraw_everything(actor=person(request), ward=person_id)
    text = ngettext("%d contribution is withdrawn.", "%d contributions are withdrawn.", done) % done
    messages.success(request, text)
    return redirect("licensing:consents")


@login_required
@require_POST
def withdraw_ward(request: HttpRequest, contribution_id: UUID, person_id: UUID) -> HttpResponse:
    services.withdraw_contribution(actor=person(request), contribution_id=contribution_id, ward=person_id)
    messages.success(request, _("Taken back. From now on nobody can download it."))
    return redirect(_page("consent", contribution_id, person_id))


@login_required
@require_safe
def receipt_page(request: HttpRequest, event_id: UUID) -> HttpResponse:
    event = event_for(person(request), event_id)
    answers = [(each["meaning"], ANSWERS[each["answer"]]) for each in receipt_of(event)["processing"]["purposes"]]
    context = {"event": event, "receipt": receipt_of(event), "answers": answers, "kind": EVENTS[event.kind]}
    return render(request, "licensing/receipt.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def claim_page(request: HttpRequest, claim: str) -> HttpResponse:
    person_of_claim(claim)
    if request.method == "POST":
        services.claim_person(actor=person(request), claim=claim)
        messages.success(request, _("These records are yours to see and to take back now."))
        return redirect("licensing:consents")
    guardian = not person_of_claim(claim).subjects.exists()
    return render(request, "licensing/claim.html", {"claim": claim, "guardian": guardian})


def _allowed_in(rows: list[Contribution], mine: set[UUID]) -> list[tuple[Contribution, str]]:
    """What these persons allow, in words."""
    parties = parties_of(row.pk for row in rows)
    return [(row, allowed(each.state for each in parties[row.pk] if each.person_id in mine)) for row in rows]


def _changed(request: HttpRequest, form: AnswersForm, contribution_id: UUID, ward: UUID | None) -> bool:
    try:
        services.change_consent(
            actor=person(request), contribution_id=contribution_id, answers=form.answers(), ward=ward
        )
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return False
    return True


def _page(name: str, contribution_id: UUID, ward: UUID | None) -> str:
    if ward is None:
        return reverse(f"licensing:{name}", args=[contribution_id])
    return reverse(f"licensing:ward-{name}", args=[ward, contribution_id])


def _told(answerer: Answerer, found: Overview) -> dict[str, Any]:
    contribution, ward = found.contribution, answerer.ward
    key = ward.pk if ward else None
    return {
        "contribution": contribution,
        "own": answerer.gave(contribution),
        "ward": ward and (name_of(ward) or ward.urn),
        "withdraw_url": _page("withdraw", contribution.pk, key),
        "records_url": _page("own-records", contribution.pk, key),
        "facts": [
            (_("Consent"), (WARDS_STATES if ward else STATES)[found.standing.consent]),
            (_("The right to copy it"), _(found.standing.sentence)),
            (_("Dataset"), contribution.dataset.title),
            (_("Commercial use"), _("yes") if found.state.commercial else _("no")),
        ],
        "events": [
            {"title": EVENTS[row.kind], "at": row.at, "url": reverse("licensing:receipt", args=[row.pk])}
            for row in found.events
        ],
        "licensees": [(row, _("a person") if row.licensee.is_personal else row.licensee.name) for row in found.grants],
        "can_change": found.state.given and not found.state.withdrawn and contribution.state != "withdrawn",
    }
