"""The steward's desk: what waits, the datasets, and one dataset's workspace."""

from collections import Counter
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collective.accounts.policies import check_signed_in
from collective.accounts.selectors import administered_by
from collective.catalog.models import Contribution, Dataset
from collective.catalog.policies import check_can_steward
from collective.catalog.selectors import (
    acceptable_contributions,
    contribution_for,
    contributions_visible_to,
    dataset_for,
    latest_version,
    stewarded_datasets,
)
from collective.catalog.services import create_dataset, decide_contribution, update_dataset
from collective.catalog.web.cards import dataset_url, desk_url, newest_versions, size_text
from collective.catalog.web.forms import DecisionForm, DescriptionForm, NewDatasetForm
from collective.core.errors import ConflictError, InvalidError
from collective.core.web.panels import render_slot


@login_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    datasets = list(stewarded_datasets(check_signed_in(request.user)).order_by("-created_at"))
    newest = newest_versions(datasets)
    handed_in = contributions_visible_to(request.user).filter(dataset__in=datasets, state="validated")
    waiting = list(handed_in.order_by("submitted_at"))
    counts = Counter(each.dataset_id for each in waiting)
    rows = [
        (row, desk_url(row), newest.get(row), size_text(row, newest[row]) if row in newest else "", counts[row.pk])
        for row in sorted(datasets, key=lambda row: counts[row.pk], reverse=True)
    ]
    context = {
        "waiting": [(each, desk_url(each.dataset)) for each in waiting],
        "datasets": rows,
        "can_create": administered_by(request.user).exists(),
    }
    return render(request, "catalog/desk.html", context)


@login_required
@require_safe
def desk_dataset(request: HttpRequest, organization: str, slug: str) -> HttpResponse:
    row = _stewarded(request, organization, slug)
    contributions = contributions_visible_to(request.user).filter(dataset=row).exclude(state="draft")
    versions = row.versions.order_by("-major", "-minor", "-patch").defer("preview", "statistics", "columns")
    newest = latest_version(row)
    held = set(newest.holdings.values_list("contribution_id", flat=True)) if newest else set()
    context = {
        "dataset": row,
        "public_url": dataset_url(row),
        "contributions": contributions.order_by("-submitted_at"),
        "waiting_count": contributions.filter(state="validated").count(),
        "unpublished_count": sum(each.pk not in held for each in acceptable_contributions(row)),
        "versions": versions,
        "building": versions.filter(state="building").exists(),
        "publish_url": _url_or_none("ingestion:publish", row),
        "offer_url": _url_or_none("licensing:offer_new", row),
        "rights_url": _url_or_none("licensing:rights_check", row),
        "panels": render_slot("desk.dataset", request, dataset=row),
    }
    return render(request, "catalog/desk_dataset.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_dataset(request: HttpRequest) -> HttpResponse:
    actor = check_signed_in(request.user)
    form = NewDatasetForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        made = _kept(
            form,
            lambda: create_dataset(
                actor=actor,
                organization_id=cleaned["organization"].pk,
                slug=cleaned["slug"],
                **form.description(),
            ),
        )
        if made is not None:
            return redirect(desk_url(made))
    return render(request, "catalog/new_dataset.html", {"form": form})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_dataset(request: HttpRequest, organization: str, slug: str) -> HttpResponse:
    actor = check_signed_in(request.user)
    row = _stewarded(request, organization, slug)
    form = DescriptionForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        changed = _kept(form, lambda: update_dataset(actor=actor, dataset_id=row.pk, **form.description()))
        if changed is not None:
            messages.success(request, _("The new description is on the dataset's page."))
            return redirect(desk_url(row))
    return render(request, "catalog/edit_dataset.html", {"form": form, "dataset": row, "desk_url": desk_url(row)})


@login_required
@require_POST
def decide(request: HttpRequest, contribution_id: UUID) -> HttpResponse:
    actor = check_signed_in(request.user)
    contribution: Contribution = contribution_for(actor, contribution_id)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(text) for texts in form.errors.values() for text in texts))
        return redirect(desk_url(contribution.dataset))
    accept = form.cleaned_data["decision"] == "accept"
    reason = form.cleaned_data["reason"]
    try:
        decide_contribution(actor=actor, contribution_id=contribution.pk, accept=accept, reason=reason)
    except InvalidError as refusal:
        messages.error(request, refusal.message)
        return redirect(desk_url(contribution.dataset))
    text = _("“%s” is accepted. It goes into the next version.") if accept else _("“%s” is not accepted.")
    messages.success(request, text % contribution.title)
    return redirect(desk_url(contribution.dataset))


def _stewarded(request: HttpRequest, organization: str, slug: str) -> Dataset:
    row = dataset_for(request.user, organization, slug)
    check_can_steward(request.user, row)
    return row


def _kept(form: Form | DescriptionForm, save: Any) -> Dataset | None:
    """What `save` returns, or None with the refusal shown in the form, so that nothing typed is lost."""
    try:
        saved: Dataset = save()
    except (ConflictError, InvalidError) as refusal:
        field = {"slug_taken": "slug", "unknown_language": "languages"}.get(refusal.code)
        form.add_error(field, refusal.message)
        return None
    return saved


def _url_or_none(name: str, row: Dataset) -> str | None:
    """A page of a higher app, found by name; None on an instance without that app."""
    try:
        return reverse(name, kwargs={"organization": row.organization.slug, "slug": row.slug})
    except NoReverseMatch:
        return None
