"""The steward's offer page: which licenses are possible, what stands in the way of the others, and the price."""

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
from licensing.selectors import offer_choices
from licensing.web.forms import OfferForm


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_offer(request: HttpRequest, organization: str, slug: str) -> HttpResponse:
    actor = person(request)
    dataset = dataset_for(actor, organization, slug)
    check_can_steward(actor, dataset)
    version = latest_version(dataset)
    choices = offer_choices(dataset, version)
    free = [choice.license for choice in choices if not choice.blockers and not choice.live]
    form = OfferForm(request.POST or None, licenses=free)
    if request.method == "POST" and form.is_valid() and _published(request, form, dataset):
        messages.success(request, _("The offer is live, and the dataset is in the catalog."))
        return redirect(_desk(dataset))
    context = {
        "dataset": dataset,
        "version": version,
        "form": form,
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


def _published(request: HttpRequest, form: OfferForm, dataset: Dataset) -> bool:
    given = form.cleaned_data
    try:
        services.publish_offer(
            actor=person(request),
            dataset_id=dataset.pk,
            license_version_id=UUID(given["license"]),
            price_minor=given["price_minor"],
            currency=given["currency"],
            fee_mode=given["fee_mode"],
            duration_days=given["duration_days"],
            attribution=given["attribution"],
        )
    except (ConflictError, InvalidError) as refusal:
        form.add_error("price" if refusal.code.startswith("price_") else None, refusal.message)
        return False
    return True


def _desk(dataset: Dataset) -> str:
    names = {"organization": dataset.organization.slug, "slug": dataset.slug}
    return reverse("catalog:desk_dataset", kwargs=names)
