"""The way to pay: on to the rail's own page, or the simulated one, which looks like what it is."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from collective.accounts.web.people import person
from collective.core.errors import ConflictError
from licensing.selectors.access import approval_for, needs_approval
from payments.gateways.rails import rail, simulated_button
from payments.models import Order
from payments.policies import check_can_pay
from payments.selectors.orders import order_for
from payments.services import pay_simulated, start_payment


def next_page(order: Order) -> str:
    """Where a fresh order leads: to the payment, or to its receipt when there is nothing to pay."""
    if hasattr(order, "invoice"):
        return reverse("payments:invoice", args=[order.pk])
    if order.state == "awaiting_payment":
        return rail().collecting.payment_path(order)
    return reverse("payments:order", args=[order.pk])


def is_on_approval(order: Order) -> bool:
    return needs_approval(order.offer) and approval_for(order.offer, order.licensee) is None


def _say(order: Order) -> str:
    if order.state == "authorized":
        return _("Reserved. It is charged when the publisher approves your request.")
    return _("Paid. The license is active now.")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def pay(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """What it costs, and the button that leads to the rail's page. The license follows the money, not the way back."""
    actor = person(request)
    order = order_for(actor, order_id)
    check_can_pay(actor, order)
    if order.state != "awaiting_payment" or hasattr(order, "invoice"):
        return redirect("payments:order", order.pk)
    if request.method == "POST":
        try:
            return redirect(start_payment(actor=actor, order_id=order.pk).url)
        except ConflictError as refusal:
            messages.error(request, refusal.message)
            return redirect("payments:order", order.pk)
    return render(
        request,
        "payments/pay.html",
        {"order": order, "tax_follows": settings.STRIPE_TAX, "on_approval": is_on_approval(order)},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def simulated(request: HttpRequest, order_id: UUID) -> HttpResponse:
    simulated_button()
    actor = person(request)
    order = order_for(actor, order_id)
    check_can_pay(actor, order)
    if request.method == "POST":
        try:
            order = pay_simulated(actor=actor, order_id=order.pk)
        except ConflictError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _say(order))
        return redirect("payments:order", order.pk)
    if order.state != "awaiting_payment":
        return redirect("payments:order", order.pk)
    return render(request, "payments/simulated.html", {"order": order, "on_approval": is_on_approval(order)})
