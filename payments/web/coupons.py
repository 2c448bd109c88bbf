"""The coupons of a dataset: made, counted and ended by its stewards."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from collective.accounts.web.people import person
from collective.catalog.models import Dataset
from collective.catalog.policies import check_can_steward
from collective.catalog.selectors import dataset_for
from collective.core.errors import ConflictError, InvalidError
from licensing.selectors import live_offers
from payments.models import Coupon
from payments.selectors.coupons import coupons_of
from payments.services import end_coupon, make_coupon
from payments.web.coupon_form import CouponForm


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def coupon_list(request: HttpRequest, organization: str, slug: str) -> HttpResponse:
    dataset = dataset_for(person(request), organization, slug)
    check_can_steward(person(request), dataset)
    offers = [each for each in live_offers(dataset) if each.plan["model"] in Coupon.MODELS]
    form = CouponForm(request.POST or None, offers=offers, actor=person(request))
    if request.method == "POST" and form.is_valid() and (made := _made(request, dataset, form)):
        messages.success(request, _("The coupon is ready: %(code)s") % {"code": made.code})
        return redirect(_list(dataset))
    context = {
        "dataset": dataset,
        "form": form,
        "offers": offers,
        "coupons": [(each, _word(each)) for each in coupons_of(person(request), dataset)],
        "desk_url": reverse("catalog:desk_dataset", args=[dataset.organization.slug, dataset.slug]),
    }
    return render(request, "payments/coupons.html", context)


@login_required
@require_POST
def end(request: HttpRequest, coupon_id: UUID) -> HttpResponse:
    coupon = end_coupon(actor=person(request), coupon_id=coupon_id)
    messages.info(request, _("The coupon has ended. Orders that hold it keep it."))
    return redirect(_list(coupon.dataset))


def _made(request: HttpRequest, dataset: Dataset, form: CouponForm) -> Coupon | None:
    try:
        return make_coupon(actor=person(request), dataset_id=dataset.pk, terms=form.terms())
    except (ConflictError, InvalidError) as refusal:
        form.show(refusal)
        return None


def _word(coupon: Coupon) -> str:
    now = timezone.now()
    if coupon.ended_at or coupon.valid_until <= now:
        return _("ended")
    if coupon.uses >= coupon.max_uses:
        return _("used up")
    return _("not yet valid") if coupon.valid_from > now else _("valid")


def _list(dataset: Dataset) -> str:
    return reverse("payments:coupons", args=[dataset.organization.slug, dataset.slug])
