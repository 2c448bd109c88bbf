"""The steward's offer page: which licenses are possible, what stands in the way of the others, and the price."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from collective.accounts.web.people import person
from collective.catalog.models import Dataset
from collective.catalog.policies import check_can_steward
from collective.catalog.selectors import dataset_for, latest_version
from collective.core.errors import ConflictError, InvalidError
from licensing import services
from licensing.domain.parameters import is_ours
from licensing.domain.plans import prices_by_kind
from licensing.domain.vocabulary import LICENSEE_TYPES
from licensing.selectors import offer_choices
from licensing.web.offer_form import OfferForm
from licensing.web.words import translated


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_offer(request: HttpRequest, organization: str, slug: str) -> HttpResponse:
    actor = person(request)
    dataset = dataset_for(actor, organization, slug)
    check_can_steward(actor, dataset)
    version = latest_version(dataset)
    choices = offer_choices(dataset, version)
    # A license of ours can be offered again with another scope; a public one is what it is.
    free = [
        each.license for each in choices if not each.blockers and (not each.live or is_ours(each.license.license_id))
    ]
    form = OfferForm(request.POST or None, licenses=free)
    preview = None
    if request.method == "POST" and form.is_valid():
        if "preview" in request.POST:
            preview = _preview(request, form, dataset)
        elif _published(request, form, dataset):
            return _live(request, dataset)
    context = {
        "preview": preview,
        "dataset": dataset,
        "version": version,
        "form": form,
        "main": form.group(form.MAIN),
        "possible": free,
        "blocked": [choice for choice in choices if choice.blockers],
        "taken": [choice for choice in choices if choice.live],
        "desk_url": _desk(dataset),
    }
    return render(request, "licensing/new_offer.html", context)


@login_required
@require_POST
def retire(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    offer = services.retire_offer(actor=person(request), offer_id=offer_id)
    messages.success(request, _("The offer has ended. Licenses that were given under it stay."))
    return redirect(_desk(offer.dataset))


def _live(request: HttpRequest, dataset: Dataset) -> HttpResponse:
    messages.success(request, _("The offer is live, and the dataset is in the catalog."))
    return redirect(_desk(dataset))


def _published(request: HttpRequest, form: OfferForm, dataset: Dataset) -> bool:
    try:
        services.publish_offer(actor=person(request), dataset_id=dataset.pk, **form.wanted())
    except InvalidError as refusal:
        form.show(refusal)
        return False
    except ConflictError as refusal:
        form.add_error(None, refusal.message)
        return False
    return True


def _preview(request: HttpRequest, form: OfferForm, dataset: Dataset) -> dict[str, Any] | None:
    """The plain words, and what each kind of licensee would pay; None when the terms are refused."""
    try:
        offer = services.preview_offer(actor=person(request), dataset_id=dataset.pk, **form.wanted())
    except InvalidError as refusal:
        form.show(refusal)
        return None
    except ConflictError as refusal:
        form.add_error(None, refusal.message)
        return None
    prices = prices_by_kind(offer.plan)
    return {
        "license": offer.license_version,
        "words": translated(offer.plain_words),
        "prices": [
            (_(LICENSEE_TYPES[kind]), amount) for kind, amount in prices.items() if offer.terms_view.admits(kind)
        ],
    }


def _desk(dataset: Dataset) -> str:
    names = {"organization": dataset.organization.slug, "slug": dataset.slug}
    return reverse("catalog:desk_dataset", kwargs=names)
