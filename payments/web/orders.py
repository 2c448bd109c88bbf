"""My orders, and the receipt of one."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from collective.accounts.selectors import organizations_of
from collective.accounts.web.people import person
from collective.core.web.status import status_of
from licensing.selectors import grant_of_order
from payments.gateways.rails import pay_url
from payments.models import Order
from payments.policies import can_cancel, can_pay
from payments.selectors.orders import order_for, orders_visible_to
from payments.services import cancel_order, refund_removed_share
from payments.web.money import fee_note

PAGE_SIZE = 50
NOTHING_SHARED = ("cancelled", "expired", "refunded")


@require_safe
@never_cache
@login_required
def order_list(request: HttpRequest) -> HttpResponse:
    me = person(request)
    mine = orders_visible_to(me).filter(licensee__in=organizations_of(me).order_by()).order_by("-created_at", "-id")
    return render(
        request, "payments/orders.html", {"page": Paginator(mine, PAGE_SIZE).get_page(request.GET.get("page"))}
    )


@require_safe
@never_cache
@login_required
def order_page(request: HttpRequest, order_id: UUID) -> HttpResponse:
    me = person(request)
    order = order_for(me, order_id)
    dataset = order.version.dataset
    context = {
        "order": order,
        "meaning": status_of("order", order.state).meaning,
        "facts": _facts(order),
        "discount": -order.discount if order.discount and order.discount.minor else "",
        "fee_note": fee_note(order.fee_bps, order.fee_mode),
        "shared": "" if order.state in NOTHING_SHARED else order.pool,
        "dataset_url": reverse("catalog:dataset", args=[dataset.organization.slug, dataset.slug]),
        "text_url": reverse("licensing:license", args=[order.accepted_text_sha256]),
        "grant": grant_of_order(order.pk),
        "refunds": order.refunds.select_related("failure").order_by("created_at"),
        "pay_url": pay_url(order) if can_pay(me, order) else "",
        "can_let_go": can_cancel(me, order) and order.state == "authorized",
        "invoice": getattr(order, "invoice", None),
    }
    return render(request, "payments/order.html", context)


@login_required
@require_POST
def cancel(request: HttpRequest, order_id: UUID) -> HttpResponse:
    order = cancel_order(actor=person(request), order_id=order_id)
    messages.info(request, _("The order is cancelled. Nothing was charged."))
    return redirect("payments:order", order.pk)


@login_required
@require_POST
def removal_refund(request: HttpRequest, order_id: UUID) -> HttpResponse:
    asked = refund_removed_share(actor=person(request), order_id=order_id)
    messages.info(request, _("%(amount)s goes back to you.") % {"amount": asked.amount})
    return redirect("payments:order", order_id)


def _facts(order: Order) -> list[tuple[str, object]]:
    return [
        (_("Order"), order.pk),
        (_("Licensee"), order.licensee_name),
        (_("Ordered by"), order.buyer),
        (_("Publisher"), order.seller_name),
        (_("License"), order.license_name),
        (_("Version"), order.version.number),
        *_sponsor(order),
    ]


def _sponsor(order: Order) -> list[tuple[str, object]]:
    if not hasattr(order, "sponsored"):
        return []
    sponsorship = order.sponsored.sponsorship
    return [(_("Paid by"), f"{sponsorship.sponsor.name}: {sponsorship.title}")]
