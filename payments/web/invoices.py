"""An order's invoice: what is owed to whom until when, and where it is paid."""

from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from collective.accounts.web.people import person
from collective.core.web.status import status_of
from payments.gateways.rails import pay_url
from payments.models import Invoice
from payments.policies import can_pay
from payments.selectors.orders import order_for
from payments.web.money import fee_note


@require_safe
@never_cache
@login_required
def invoice_page(request: HttpRequest, order_id: UUID) -> HttpResponse:
    me = person(request)
    order = order_for(me, order_id)
    invoice: Invoice | None = getattr(order, "invoice", None)
    if invoice is None:
        return redirect("payments:order", order.pk)
    context = {
        "order": order,
        "invoice": invoice,
        "meaning": status_of("invoice", invoice.state).meaning,
        "facts": _facts(invoice),
        "fee_note": fee_note(order.fee_bps, order.fee_mode),
        "pay_url": pay_url(order) if can_pay(me, order) else "",
    }
    return render(request, "payments/invoice.html", context)


def _facts(invoice: Invoice) -> list[tuple[str, object]]:
    order = invoice.order
    facts = [
        (_("Invoice number"), invoice.number),
        (_("From"), settings.SITE_NAME),
        (_("To"), order.licensee_name),
        (_("Ordered by"), order.buyer),
        (_("Purchase order"), invoice.po_number),
        (_("For"), f"{order.license_name}, {order.dataset_title} {order.version.number}"),
    ]
    return [(name, value) for name, value in facts if value]
