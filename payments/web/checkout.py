"""The checkout: what it costs, what is allowed, who gets the license, and the acceptance."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from collective.accounts.selectors import organizations_of
from collective.accounts.web.people import person
from collective.core.domain.money import parse_minor
from collective.core.errors import ConflictError, DeniedError, InvalidError
from collective.core.ids import new_id
from licensing.domain.plans import Licensee
from licensing.models import LicenseVersion, Offer
from licensing.selectors import text_accepted
from licensing.web.words import translated
from payments.domain.fees import Quote
from payments.errors import StaleOfferError
from payments.models import Coupon, Order, Sponsorship
from payments.selectors.checkout import acceptance_wording, offer_to_buy, quote_for, successor_of, version_on_sale
from payments.selectors.coupons import usable_coupon
from payments.selectors.sponsoring import sponsors_for
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
            if _is_unseen(offer, form):
                return _page(request, current, offer, _fresh(request, offer, form), [], priced=True)
            return redirect(next_page(_place(request, offer, form)))
        except StaleOfferError as stale:
            difference = [{**each, "field": FIELDS[each["field"]]} for each in stale.detail["difference"]]
        except (ConflictError, DeniedError, InvalidError) as refusal:
            form.add_error(None, refusal.message)
    return _page(request, current, offer, form, difference)


def _form(request: HttpRequest, offer: Offer) -> CheckoutForm:
    mine = organizations_of(person(request)).exclude(pk=offer.dataset.organization_id)
    first = mine.first()
    said = Licensee(first.kind if first else "individual")
    code = request.GET.get("coupon", "")
    made = _quote(offer, said, _coupon(request, offer, code))
    initial = {
        "offer_sha256": offer.offer_sha256,
        "client_ref": str(new_id()),
        "licensee": first,
        "licensee_type": said.kind,
        "amount": offer.plan["amount"],
        "text_sha256": request.GET.get("text", ""),
        "coupon": code,
        "seen_total_minor": made.total_minor if made and _is_fixed(offer) else None,
    }
    return CheckoutForm(
        request.POST or None,
        organizations=mine,
        wording=acceptance_wording(),
        offer=offer,
        sponsors=_sponsors(request, offer, made),
        initial=initial,
    )


def _sponsors(request: HttpRequest, offer: Offer, made: Quote | None) -> list[Sponsorship]:
    """What was chosen is not taken out of the list again: the order says why it cannot be."""
    total = made.total_minor if made and request.method != "POST" else 0
    return sponsors_for(offer, list(organizations_of(person(request))), total)


def _coupon(request: HttpRequest, offer: Offer, code: str) -> Coupon | None:
    """None where there is no code, or one that nobody this person buys for can use; the page says why."""
    try:
        return usable_coupon(offer, code, list(organizations_of(person(request))))
    except ConflictError:
        return None


def _coupon_refusal(request: HttpRequest, offer: Offer, code: str) -> str:
    try:
        usable_coupon(offer, code, list(organizations_of(person(request))))
    except ConflictError as refusal:
        return refusal.message
    return ""


def _quote(offer: Offer, said: Licensee, coupon: Coupon | None) -> Quote | None:
    """For the first look: of the suggested amount where the buyer chooses; None where this licensee has no price."""
    suggested = parse_minor(offer.plan["amount"], offer.currency) if not _is_fixed(offer) else None
    try:
        return quote_for(offer, said, suggested, coupon)
    except (ConflictError, DeniedError, InvalidError):
        return None


def _is_unseen(offer: Offer, form: CheckoutForm) -> bool:
    """Nobody buys at a price that was not on their screen. Raises what `quote_for` raises."""
    if form.cleaned_data["seen_total_minor"] is not None or not _is_fixed(offer):
        return False
    quote_for(offer, _given(form))
    return True


def _given(form: CheckoutForm) -> Licensee:
    """Precondition: `is_valid`."""
    given = form.cleaned_data
    return Licensee(given.get("licensee_type") or given["licensee"].kind, given.get("licensee_country", ""))


def _is_fixed(offer: Offer) -> bool:
    return bool(offer.plan["model"] != "pay_what_you_want")


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
        choice=form.choice(),
    )


def _page(
    request: HttpRequest,
    current: Offer | None,
    asked: Offer,
    form: CheckoutForm,
    difference: list[dict[str, Any]],
    *,
    priced: bool = False,
) -> HttpResponse:
    dataset = asked.dataset
    context: dict[str, Any] = {
        "dataset": dataset,
        "dataset_url": reverse("catalog:dataset", args=[dataset.organization.slug, dataset.slug]),
        "offer": current,
        "difference": difference,
        "priced": priced,
    }
    if current is None:
        return render(request, "payments/offer_ended.html", context, status=410)
    version = version_on_sale(current)
    if not current.is_sold_here:
        return redirect("licensing:quote_ask", current.pk)
    words = translated(current.plain_words)
    shown = form if not difference else _fresh(request, current, form)
    text = _text_shown(current, shown)
    code = str(shown["coupon"].value() or "")
    coupon = _coupon(request, current, code)
    made = _quote(current, _said(shown), coupon)
    context |= {
        "version": version,
        "form": shown,
        "renewed": current.pk != asked.pk and not difference,
        "license": current.license_version,
        "text": text,
        "others": current.license_version.variants().exclude(pk=text.pk).order_by("language"),
        "may": words.may,
        "must": words.must,
        "may_not": words.may_not,
        "also": words.also,
        "sentences": words.price if current.plan["model"] not in ("free", "one_off") else (),
        "only_for": words.only_for,
        "text_url": reverse("licensing:license", args=[text.text_sha256]),
        "panel": price_lines(made, bps=current.fee_bps, mode=current.fee_mode, version=version) if made else None,
        "coupon": coupon,
        "takes_coupons": current.plan["model"] in Coupon.MODELS,
        "coupon_refusal": _coupon_refusal(request, current, code),
        "action": reverse("payments:checkout", args=[current.pk]),
    }
    return render(request, "payments/checkout.html", context, status=CONFLICT if difference else 200)


def _said(form: CheckoutForm) -> Licensee:
    kind, country = (
        str(form[name].value() or "") if name in form.fields else "" for name in ("licensee_type", "licensee_country")
    )
    return Licensee(kind or "individual", country.upper())


def _text_shown(offer: Offer, form: CheckoutForm) -> LicenseVersion:
    """The language variant that the page shows; the offer's own where the address names none of its texts."""
    return text_accepted(offer, str(form["text_sha256"].value() or "")) or offer.license_version


def _fresh(request: HttpRequest, offer: Offer, form: CheckoutForm) -> CheckoutForm:
    """Unbound and unaccepted: the present offer has to be read and accepted by itself. What was said stays."""
    kept = {name: form.cleaned_data[name] for name in form.cleaned_data if name.startswith(("licensee", "paid_by"))}
    kept["coupon"] = form.cleaned_data.get("coupon", "")
    made = _quote(offer, _given(form), _coupon(request, offer, kept["coupon"]))
    seen = made.total_minor if made and _is_fixed(offer) else None
    return CheckoutForm(
        organizations=_form(request, offer).fields["licensee"].queryset,  # type: ignore[attr-defined] # a model choice
        wording=acceptance_wording(),
        offer=offer,
        sponsors=_sponsors(request, offer, made),
        initial={**kept, "offer_sha256": offer.offer_sha256, "client_ref": str(new_id()), "seen_total_minor": seen},
    )
