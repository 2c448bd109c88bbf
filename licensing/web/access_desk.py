"""The steward's desk for requests: the inbox, the questions and the rules of a dataset."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collective.accounts.web.people import person
from collective.catalog.models import Dataset
from collective.catalog.policies import check_can_steward
from collective.catalog.selectors import dataset_for
from collective.core.errors import ConflictError, InvalidError
from collective.core.web.status import status_of
from licensing import services
from licensing.domain.access_words import rule_words
from licensing.domain.states import ACCESS_STATES
from licensing.models import AccessRule
from licensing.selectors import live_offers
from licensing.selectors.access import (
    access_requests_visible_to,
    current_questions,
    live_rules,
    offers_named,
    questions_asked,
)
from licensing.web.access_forms import QuestionFormSet, RuleForm, question_rows

PAGE_SIZE = 25


@login_required
@require_safe
def inbox(request: HttpRequest, organization: str, slug: str) -> HttpResponse:
    dataset = _stewarded(request, organization, slug)
    wanted = request.GET.get("state", "")
    rows = access_requests_visible_to(person(request)).filter(dataset=dataset)
    if wanted in ACCESS_STATES.transitions:
        rows = rows.filter(state=wanted)
    context = {
        "dataset": dataset,
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "states": [(state, status_of("access request", state).word) for state in ACCESS_STATES.transitions],
        "state": wanted,
        "query": urlencode({"state": wanted}) if wanted else "",
    }
    return render(request, "licensing/access/inbox.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: HttpRequest, organization: str, slug: str) -> HttpResponse:
    dataset = _stewarded(request, organization, slug)
    current = current_questions(dataset)
    initial = [{**each.as_json(), "options": "\n".join(each.options)} for each in questions_asked(dataset)]
    formset = QuestionFormSet(request.POST or None, initial=initial)
    problem = ""
    if request.method == "POST" and formset.is_valid():
        try:
            services.publish_questions(
                actor=person(request), dataset_id=dataset.pk, questions=question_rows(formset.forms)
            )
        except (ConflictError, InvalidError) as refusal:
            problem = refusal.message
        else:
            messages.success(request, _("Saved. Requests that were made before keep the questions they answered."))
            return _to("access_questions", dataset)
    context = {"dataset": dataset, "formset": formset, "current": current, "problem": problem}
    return render(request, "licensing/access/questions.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest, organization: str, slug: str) -> HttpResponse:
    dataset = _stewarded(request, organization, slug)
    form = RuleForm(request.POST or None, offers=live_offers(dataset), questions=questions_asked(dataset))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.add_access_rule(
                actor=person(request),
                dataset_id=dataset.pk,
                name=given["name"],
                conditions=form.conditions,
                days=given["days"],
            )
        except InvalidError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The rule holds from now on, for new requests."))
            return _to("access_rules", dataset)
    context = {"dataset": dataset, "form": form, "rules": _described(dataset)}
    return render(request, "licensing/access/rules.html", context)


@login_required
@require_POST
def end_rule(request: HttpRequest, rule_id: UUID) -> HttpResponse:
    rule = services.end_access_rule(actor=person(request), rule_id=rule_id)
    messages.success(request, _("The rule has ended. What it approved stays approved."))
    return _to("access_rules", rule.dataset)


def _described(dataset: Dataset) -> list[tuple[AccessRule, list[str]]]:
    names = offers_named(dataset)
    asked = {each.code: each.text for each in questions_asked(dataset)}
    return [(row, rule_words(row.condition_rows, offers=names, questions=asked)) for row in live_rules(dataset)]


def _stewarded(request: HttpRequest, organization: str, slug: str) -> Dataset:
    dataset = dataset_for(person(request), organization, slug)
    check_can_steward(person(request), dataset)
    return dataset


def _to(name: str, dataset: Dataset) -> HttpResponse:
    return redirect(f"licensing:{name}", organization=dataset.organization.slug, slug=dataset.slug)
