"""The button on the simulated payment page."""

from uuid import UUID

from django.db import transaction

from collective.accounts.models import User
from payments.gateways.rails import simulated_button
from payments.models import Order
from payments.policies import check_can_pay
from payments.selectors.orders import order_for
from payments.services.attempts import reserve_attempt
from payments.services.paying import settle_payment


@transaction.atomic
def pay_simulated(*, actor: User, order_id: UUID) -> Order:
    """Pay and settle in one: nothing was paid where the license cannot be had.

    Raises RailUnavailableError where payments are real.
    """
    button = simulated_button()
    order = order_for(actor, order_id)
    check_can_pay(actor, order)
    if hasattr(order, "payment"):
        return order
    attempt = reserve_attempt(actor=actor, order_id=order_id)
    attempt.reference = button.open_checkout(attempt).reference
    attempt.save(update_fields=["reference"])
    paid = settle_payment(receipt=button.pay(attempt))
    attempt.transition_to("open").transition_to("paid")
    return paid
