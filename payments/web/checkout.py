"""The checkout: what it costs, what is allowed, who gets the license, and the acceptance."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from collective.accounts.selectors import organizations_of
from collective.accounts.web.people import person
from collective.core.errors import ConflictError, DeniedError, InvalidError
from collective.core.ids import new_id
from licensing.models import Offer
from payments.errors import StaleOfferError
from payments.models import Order
from payments.selectors.checkout import acceptance_wording, offer_to_buy, quote_of, successor_of, version_on_sale
from payments.services import Evidence, place_order
from payments.web.forms import CheckoutForm
from payments.web.money import price_lines
from payments.web.paying import next_page

# The fields of a difference, as people call them.
FIELDS = {
    "price": gettext_lazy("price"),
    "fee": gettext_lazy("fee"),
    "license": gettext_lazy("license"),
    "license text": gettext_lazy("license text"),
    "duration in days": gettext_lazy("duration in days"),
    "versions": gettext_lazy("versions"),
    "attribution": gettext_lazy("attribution"),
    "offer": gettext_lazy("offer"),
}
CONFLICT = 409


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def checkout(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    offer = offer_to_buy(person(request), offer_id)
    current = offer if offer.state == "live" else successor_of(offer)
    form = _form(request, current or offer)
    difference: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(next_page(_place(request, offer, form)))
        except StaleOfferError as stale:
            difference = [{**each, "field": FIELDS[each["field"]]} for each in stale.detail["difference"]]
        except (ConflictError, DeniedError, InvalidError) as refusal:
            form.add_error(None, refusal.message)
    return _page(request, current, offer, form, difference)


def _form(request: HttpRequest, offer: Offer) -> CheckoutForm:
    mine = organizations_of(person(request)).exclude(pk=offer.dataset.organization_id)
    initial = {"offer_sha256": offer.offer_sha256, "client_ref": str(new_id()), "licensee": mine.first()}
    return CheckoutForm(request.POST or None, organizations=mine, wording=acceptance_wording(), initial=initial)


def _place(request: HttpRequest, offer: Offer, form: CheckoutForm) -> Order:
    given = form.cleaned_data
    return place_order(
        actor=person(request),
        offer_id=offer.pk,
        offer_sha256=given["offer_sha256"],
        licensee_id=given["licensee"].pk,
        client_ref=given["client_ref"],
        accepted=given["accepted"],
        evidence=Evidence(request.META.get("REMOTE_ADDR"), request.headers.get("User-Agent", "")),
    )


def _page(
    request: HttpRequest, current: Offer | None, asked: Offer, form: CheckoutForm, difference: list[dict[str, Any]]
) -> HttpResponse:
    dataset = asked.dataset
    context: dict[str, Any] = {
        "dataset": dataset,
        "dataset_url": reverse("catalog:dataset", args=[dataset.organization.slug, dataset.slug]),
        "offer": current,
        "difference": difference,
    }
    if current is None:
        return render(request, "payments/offer_ended.html", context, status=410)
    version = version_on_sale(current)
    words = current.plain_words
    context |= {
        "version": version,
        "form": form if not difference else _fresh(request, current),
        "renewed": current.pk != asked.pk and not difference,
        "license": current.license_version,
        "may": [gettext(each) for each in words.may],
        "must": [gettext(each) for each in words.must],
        "may_not": [gettext(each) for each in words.may_not],
        "only_for": gettext(words.only_for) if words.only_for else "",
        "text_url": reverse("licensing:license", args=[current.license_version.text_sha256]),
        "panel": price_lines(quote_of(current), bps=current.fee_bps, mode=current.fee_mode, version=version),
        "action": reverse("payments:checkout", args=[current.pk]),
    }
    return render(request, "payments/checkout.html", context, status=CONFLICT if difference else 200)


def _fresh(request: HttpRequest, offer: Offer) -> CheckoutForm:
    """Unbound and unaccepted: the present offer has to be read and accepted by itself."""
    return CheckoutForm(
        organizations=_form(request, offer).fields["licensee"].queryset,  # type: ignore[attr-defined] # a model choice
        wording=acceptance_wording(),
        initial={"offer_sha256": offer.offer_sha256, "client_ref": str(new_id())},
    )
