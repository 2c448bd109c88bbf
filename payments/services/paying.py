"""Money came in: the order is paid, the sale is posted, the license is granted, or nothing of it."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from collective.accounts.models import User
from collective.core import audit
from payments.domain import chart
from payments.errors import OrderExpiredError, PaymentMismatchError, VersionGoneError
from payments.gateways.rail import Receipt
from payments.gateways.rails import embedded_rail, rail
from payments.models import Order, Payment
from payments.policies import check_can_pay
from payments.selectors.orders import order_for
from payments.services.granting import grant_license
from payments.services.ledger import post
from payments.services.periods import enqueue_division, open_period


@transaction.atomic
def pay_simulated(*, actor: User, order_id: UUID) -> Order:
    """The button on the simulated payment page. Raises RailUnavailableError where payments are real."""
    current = embedded_rail()
    order = order_for(actor, order_id)
    check_can_pay(actor, order)
    # Before money moves: content may have been withdrawn since, and then others would share the revenue.
    if order.state == "awaiting_payment" and order.version.state != "published":
        raise VersionGoneError(number=order.version.number)
    return settle_payment(receipt=current.confirm(order))


@transaction.atomic
def settle_payment(*, receipt: Receipt) -> Order:
    """Idempotent by the receipt's reference; the number of entries does not depend on how many contributed.

    Raises PaymentMismatchError for another amount or order, OrderExpiredError, WrongStateError for a second payment.
    """
    order = Order.objects.select_for_update(no_key=True).get(pk=receipt.order_id)
    earlier = Payment.objects.filter(rail=receipt.rail, reference=receipt.reference).first()
    expected = (order.pk, order.total_minor, order.currency)
    if expected != (earlier.order_id if earlier else order.pk, receipt.amount_minor, receipt.currency):
        raise PaymentMismatchError(reference=receipt.reference)
    if earlier:
        return order
    if order.state == "expired" or (order.state == "awaiting_payment" and order.expires_at <= timezone.now()):
        raise OrderExpiredError
    order.transition_to("paid", settled_at=timezone.now())
    open_period(order)
    _book(order, receipt)
    grant_license(order)
    audit.record(actor=None, action="payments.order_paid", obj=order, rail=receipt.rail, reference=receipt.reference)
    enqueue_division(order)
    return order


def _book(order: Order, receipt: Receipt) -> None:
    legs = {
        rail().balance_account: -order.total_minor,
        chart.FEE: order.fee_minor,
        chart.TAX: order.tax_minor,
        order.pool_account: order.pool_minor,
    }
    posting = post(key=f"sale:{order.pk}", event="sale", currency=order.currency, legs=legs)
    Payment.objects.create(
        order=order,
        rail=receipt.rail,
        reference=receipt.reference,
        amount_minor=receipt.amount_minor,
        currency=receipt.currency,
        journal=posting.entered,
    )
