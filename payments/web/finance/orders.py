"""Any order by any of its names, giving its money back, and correcting the books by hand."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from collective.accounts.web.people import person
from collective.core.domain.money import Money
from collective.core.errors import DomainError
from collective.core.ids import new_id
from collective.core.operator.access import operators_only
from payments.errors import NothingToRefundError
from payments.models import Approval, Order, Payment
from payments.selectors.finance import find_orders
from payments.selectors.orders import order_for
from payments.selectors.returned import paid_payment, parts_back, parts_returned, refundable_minor
from payments.services import post_correction, refund_order
from payments.web.finance.forms import CorrectionForm, RefundForm
from payments.web.finance.words import rail_word


@require_safe
@operators_only
def search(request: HttpRequest) -> HttpResponse:
    wanted = request.GET.get("q", "")[:255]
    return render(request, "payments/finance/search.html", {"q": wanted, "orders": find_orders(wanted)})


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def order(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """What was paid and went back, part by part, and the form that gives more back, with a look before it."""
    found = order_for(person(request), order_id)
    payment = _payment(found)
    form = RefundForm(request.POST or None, initial={"refund_ref": f"console:{new_id()}"}, currency=found.currency)
    looked: list[tuple[str, Money]] = []
    if request.method == "POST" and payment and form.is_valid():
        if request.POST.get("step") == "refund":
            return _give_back(request, found, form)
        looked = _look(payment, form)
    context = {"order": found, "form": form, "looked": looked} | _money_of(found, payment)
    return render(request, "payments/finance/order.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def correction(request: HttpRequest) -> HttpResponse:
    form = CorrectionForm(request.POST or None, initial={"source": request.GET.get("source", "")[:255]})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = post_correction(
                actor=person(request),
                key=given["key"],
                currency=given["currency"],
                legs=given["legs"],
                reason=given["reason"],
                source=given["source"],
            )
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            waits = isinstance(made, Approval)
            messages.info(request, _("It waits for another operator.") if waits else _("The correction is booked."))
            return redirect("payments:finance")
    return render(request, "payments/finance/correction.html", {"form": form})


def _payment(found: Order) -> Payment | None:
    try:
        return paid_payment(found)
    except NothingToRefundError:
        return None


def _money_of(found: Order, payment: Payment | None) -> dict[str, object]:
    if payment is None:
        return {}
    back, currency = parts_returned(found), payment.booked_currency
    rows = [(_part(part), Money(minor, currency), Money(back[part], currency)) for part, minor in payment.parts.items()]
    left = Money(refundable_minor(payment), payment.currency)
    refunds = found.refund_requests.order_by("created_at")
    return {"payment": payment, "rail": rail_word(payment.rail), "parts": rows, "left": left, "refunds": refunds}


def _look(payment: Payment, form: RefundForm) -> list[tuple[str, Money]]:
    """From where the amount would come. An amount that is too much is refused here as it would be there."""
    amount = form.cleaned_data["amount"]
    if not 0 < amount <= refundable_minor(payment):
        form.add_error("amount", _("More than nothing, and at most what is left."))
        return []
    parts = parts_back(payment, amount)
    return [(_part(part), Money(minor, payment.booked_currency)) for part, minor in parts.items()]


def _give_back(request: HttpRequest, found: Order, form: RefundForm) -> HttpResponse:
    given = form.cleaned_data
    try:
        asked = refund_order(
            actor=person(request),
            order_id=found.pk,
            amount_minor=given["amount"],
            reason=given["reason"],
            refund_ref=given["refund_ref"],
        )
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        waits = asked.state == "awaiting_second"
        words = _("%(amount)s waits for another operator.") if waits else _("%(amount)s goes back to the buyer.")
        messages.info(request, words % {"amount": asked.amount})
    return redirect("payments:finance-order", found.pk)


def _part(name: str) -> str:
    return {"tax": _("Tax"), "fee": _("Marketplace's fee"), "pool": _("Contributors and steward")}[name]
