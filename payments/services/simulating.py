"""The button on the simulated payment page."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from collective.accounts.models import User
from payments.gateways.rails import rail, simulated_button
from payments.models import Order, Subscription
from payments.policies import check_can_pay
from payments.selectors.orders import order_for
from payments.services.attempts import check_payable, reserve_attempt
from payments.services.authorizing import authorize
from payments.services.invoices import issue_invoice
from payments.services.paying import settle_payment
from payments.services.subscriptions import follow_subscription


@transaction.atomic
def pay_simulated(*, actor: User, order_id: UUID) -> Order:
    """Pay and settle in one: nothing was paid where the license cannot be had.

    Raises RailUnavailableError where payments are real.
    """
    button = simulated_button()
    order = order_for(actor, order_id)
    check_can_pay(actor, order)
    # Who presses at the same moment waits here, and then finds it paid.
    order = Order.objects.select_for_update(of=("self",), no_key=True).select_related("version").get(pk=order.pk)
    if hasattr(order, "payment"):
        return order
    if hasattr(order, "invoice"):
        return _pay_invoice(order)
    attempt = reserve_attempt(actor=actor, order_id=order_id)
    if attempt.state == "authorized":
        return order
    attempt.reference = button.open_checkout(attempt).reference
    attempt.save(update_fields=["reference"])
    if attempt.on_approval:
        authorize(attempt.transition_to("open"))
        order.refresh_from_db()
        return order
    paid = settle_payment(receipt=button.pay(attempt.order))
    attempt.transition_to("open").transition_to("paid")
    return paid


def _pay_invoice(order: Order) -> Order:
    """Whoever is faster than the job that writes the invoice writes it now."""
    check_payable(order)
    issue_invoice(invoice_id=order.invoice.pk)
    return settle_payment(receipt=simulated_button().pay(order))


def renew_simulated() -> int:
    """Job: whose period is over pays for the next, as a bank would. Returns how many; none where they are real."""
    if not rail().is_simulated:
        return 0
    over = Subscription.objects.filter(rail="embedded", state="active", current_ends_at__lte=timezone.now())
    waiting = list(over.select_related("order").order_by("current_ends_at", "pk"))
    for subscription in waiting:
        simulated_button().renew(subscription)
        follow_subscription(subscription.rail, subscription.reference)
    return len(waiting)
