"""What licensing draws on pages of the catalog and of ingestion."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape, format_html_join
from django.utils.translation import gettext

from collective.catalog.models import Contribution, Dataset, DatasetVersion
from collective.catalog.policies import can_steward
from collective.catalog.selectors import latest_version
from collective.core.web.panels import panel, render_slot
from licensing.domain.consent import ASSURANCE
from licensing.errors import OwnershipDisputedError
from licensing.models import Offer
from licensing.models.request import UNDECIDED
from licensing.policies import can_declare_rights, can_see_people, can_withdraw
from licensing.selectors import (
    assurance_of,
    consent_state,
    latest_source,
    live_offers,
    offer_admits,
    sellable_offers,
    usable_grants,
    version_blockers,
)
from licensing.selectors.access import (
    allows,
    approvals_of,
    asks_for_approval,
    needs_approval,
    own_access_requests,
    waiting_requests,
)
from licensing.selectors.ownership import is_disputed, is_withheld
from licensing.web.words import translated

SHOWN = 5


@panel("dataset.license", order=10)
def license_panel(request: HttpRequest, *, dataset: Dataset, version: DatasetVersion | None) -> str:
    """Every offer under which this version can be had: its price, then the terms in plain words."""
    offers = (
        [_described(request, offer, version) for offer in sellable_offers(version, request.user)] if version else []
    )
    if not offers:
        return ""
    held = list(usable_grants(request.user, dataset))
    # One license is shown whole; among several, people first choose by name and price.
    combine = urlencode({"dataset": dataset.repo_id})
    proof = gettext(ASSURANCE[assurance_of(version)]) if version else ""
    context = {"offers": offers, "grants": held, "folded": len(offers) > 1, "combine_query": combine, "proof": proof}
    return render_to_string("licensing/panels/license.html", context, request)


@panel("dataset.license", order=5)
def access_panel(request: HttpRequest, *, dataset: Dataset, version: DatasetVersion | None) -> str:
    """How to ask where a license is given by request, or how one's own request stands; nothing once all is allowed."""
    if version is None or can_steward(request.user, dataset) or not asks_for_approval(dataset):
        return ""
    held = approvals_of(request.user, dataset)
    closed = [each for each in live_offers(dataset) if needs_approval(each) and not any(allows(r, each) for r in held)]
    if held and not closed:
        return ""
    waiting = list(own_access_requests(request.user, dataset).filter(state__in=UNDECIDED)[:SHOWN])
    names = [each.license_version.template.name for each in closed]
    context = {"dataset": dataset, "requests": waiting, "waiting": bool(waiting), "names": names}
    return render_to_string("licensing/panels/access.html", context, request)


@panel("desk.dataset", order=15)
def access_desk_panel(request: HttpRequest, *, dataset: Dataset) -> str:
    if not can_steward(request.user, dataset) or not asks_for_approval(dataset):
        return ""
    context = {"dataset": dataset, "waiting": waiting_requests(dataset)}
    return render_to_string("licensing/panels/access_desk.html", context, request)


@panel("desk.dataset", order=16)
def notices_desk_panel(request: HttpRequest, *, dataset: Dataset) -> str:
    if not can_steward(request.user, dataset):
        return ""
    return render_to_string("licensing/panels/notices_desk.html", {"dataset": dataset}, request)


@panel("dataset.use", order=10)
def use_panel(request: HttpRequest, *, dataset: Dataset, version: DatasetVersion | None) -> str:
    """How to load it, for those who may."""
    held = list(usable_grants(request.user, dataset))
    if version is None or not (held or can_steward(request.user, dataset)):
        return ""
    context = {"grants": held, "keys_url": reverse("accounts:keys")}
    return render_to_string("licensing/panels/use.html", context, request)


@panel("dataset.card", order=20)
def card_line(request: HttpRequest, *, dataset: Dataset) -> str:
    names = [offer.license_version.template.name for offer in live_offers(dataset)]
    return render_to_string("licensing/panels/card.html", {"names": names}, request) if names else ""


@panel("dataset.withheld", order=10)
def withheld_panel(request: HttpRequest, *, dataset: Dataset, version: DatasetVersion) -> str:
    """Somebody else owns what would be shown, as it seems."""
    return escape(OwnershipDisputedError.text) if is_withheld(request.user, version) else ""


@panel("dataset.claim", order=10)
def claim_panel(request: HttpRequest, *, dataset: Dataset) -> str:
    """The way for somebody who finds their own work here."""
    newest = latest_version(dataset)
    disputed = newest is not None and is_disputed(newest)
    context = {"dataset": dataset, "reviews": can_steward(request.user, dataset), "disputed": disputed}
    return render_to_string("licensing/panels/claim.html", context, request)


@panel("desk.dataset", order=10)
def desk_panel(request: HttpRequest, *, dataset: Dataset) -> str:
    offers = Offer.objects.filter(dataset=dataset).select_related("license_version__template")
    rows = list(offers.order_by("state", "-published_at"))
    if not rows or not can_steward(request.user, dataset):
        return ""
    newest = latest_version(dataset)
    held_back = [
        (offer, version_blockers(newest, offer.terms_view))
        for offer in rows
        if newest and offer.state == "live" and not offer_admits(offer, newest)
    ]
    outdated = [offer for offer in rows if offer.state == "live" and not offer.names_present_text]
    context = {"offers": rows, "dataset": dataset, "newest": newest, "held_back": held_back, "outdated": outdated}
    return render_to_string("licensing/panels/desk.html", context, request)


@panel("contribution.rights", order=10)
def rights_panel(request: HttpRequest, *, contribution: Contribution) -> str:
    context = {
        "contribution": contribution,
        "source": latest_source(contribution),
        "consent": consent_state(contribution),
        "can_declare": can_declare_rights(request.user, contribution),
        "can_withdraw": can_withdraw(request.user, contribution),
        "can_see_people": can_see_people(request.user, contribution),
    }
    return render_to_string("licensing/panels/rights.html", context, request)


def _described(request: HttpRequest, offer: Offer, version: DatasetVersion) -> dict[str, object]:
    license_version = offer.license_version
    text_url = reverse("licensing:license", kwargs={"text_sha256": license_version.text_sha256})
    prices = render_slot("offer.price", request, dataset=offer.dataset, version=version, offer=offer)
    return {
        "license": license_version,
        "words": translated(offer.plain_words),
        "text_url": text_url,
        "price": format_html_join("", "{}", ((html,) for html in prices)),
    }
