"""Declaring rights, and withdrawing."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from collective.accounts.web.people import person
from collective.catalog.errors import SourceWithdrawnError
from collective.catalog.models import Contribution
from collective.catalog.selectors import contribution_for
from collective.core.errors import ConflictError, InvalidError
from collective.core.web.sizes import count_text
from licensing import services
from licensing.api.languages import languages_of
from licensing.errors import DerivationNotAllowedError, DerivationRefusedError, NoticeChangedError
from licensing.policies import check_can_declare_rights
from licensing.selectors import consent_state, current_notice, current_statement, latest_source
from licensing.selectors.consent import contribution_with
from licensing.services.derivations import sources_of
from licensing.web.forms import RightsForm, WithdrawForm


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: HttpRequest, contribution_id: UUID) -> HttpResponse:
    actor = person(request)
    contribution = contribution_for(actor, contribution_id)
    check_can_declare_rights(actor, contribution)
    notice = current_notice(*languages_of(request), dataset_id=contribution.dataset_id)
    statement = current_statement()
    initial = _said(contribution) or {"signer_name": actor.name}
    form = RightsForm(request.POST or None, notice=notice, statement=statement, initial=initial)
    if request.method == "POST" and form.is_valid() and _declared(request, form, contribution):
        messages.success(request, _("Saved. You can change it until you submit the contribution."))
        return redirect(f"/contributions/{contribution.pk}/")
    context = {"form": form, "contribution": contribution, "notice": notice, "statement": statement}
    return render(request, "licensing/rights.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, contribution_id: UUID) -> HttpResponse:
    """A page that says what happens, and one button. No reason, no second question."""
    actor = person(request)
    contribution = contribution_with(actor, contribution_id)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        services.withdraw_contribution(actor=actor, contribution_id=contribution.pk, reason=reason)
        messages.success(request, _("“%s” is withdrawn. From now on nobody can download it.") % contribution.title)
        return redirect("licensing:consent", contribution.pk)
    versions = contribution.holdings.filter(version__state="published").count()
    context = {"form": form, "contribution": contribution, "version_count": versions}
    return render(request, "licensing/withdraw.html", context)


@login_required
@require_POST
def withdraw_records(request: HttpRequest, contribution_id: UUID) -> HttpResponse:
    """Those that were ticked on the page that lists them."""
    ticked = request.POST.getlist("records")
    try:
        count = services.withdraw_records(actor=person(request), contribution_id=contribution_id, record_ids=ticked)
    except (InvalidError, ConflictError) as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, taken_back(count))
    return redirect(f"/contributions/{contribution_id}/records/")


def taken_back(count: int) -> str:
    if not count:
        return _("Nothing was taken back. Tick the records first.")
    text = ngettext(
        "%s record is taken back. From now on nobody can download it.",
        "%s records are taken back. From now on nobody can download them.",
        count,
    )
    return text % count_text(count)


def _declared(request: HttpRequest, form: RightsForm, contribution: Contribution) -> bool:
    try:
        services.declare_rights(actor=person(request), contribution_id=contribution.pk, declaration=form.declaration())
    except InvalidError as refusal:
        form.show(refusal)
        return False
    except NoticeChangedError as refusal:
        form.add_error(None, refusal.message)
        return False
    except (DerivationNotAllowedError, DerivationRefusedError, SourceWithdrawnError) as refusal:
        form.add_error("derived_from", refusal.message)
        return False
    return True


def _said(contribution: Contribution) -> dict[str, Any]:
    """What was declared last, to start from."""
    source, consent = latest_source(contribution), consent_state(contribution)
    if source is None:
        return {}
    return {
        "kind": source.kind,
        "description": source.description,
        "rights_role": source.rights_role,
        "license": source.license_id,
        "derived_from": "\n".join(sources_of(contribution)),
        "url": source.url,
        "country": source.country,
        "authors": "\n".join(source.authors or []),
        "collected_from": source.collected_from,
        "collected_to": source.collected_to,
        "answers": [code for code, answer in consent.answers.items() if answer == "given"],
        "commercial": consent.commercial,
        "exclusive": consent.exclusive,
        "signer_name": source.attestation.signer_name,
    }
