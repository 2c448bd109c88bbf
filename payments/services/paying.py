"""Money came in: the order is paid, the sale is posted, the license is granted, or nothing of it."""

from django.db import transaction
from django.utils import timezone

from collective.core import audit
from collective.core.errors import DomainError
from collective.core.states import WrongStateError
from licensing.services import lock_for_sale, reserve_scope
from payments.domain import chart
from payments.errors import PaymentMismatchError, PaymentReturnedError, VersionGoneError
from payments.gateways.facts import Cost, Receipt
from payments.gateways.rails import rail_of
from payments.models import Order, Payment
from payments.services.claims import take_claim
from payments.services.coupons import take_coupon
from payments.services.granting import grant_license
from payments.services.ledger import post
from payments.services.periods import enqueue_division, open_period
from payments.services.renewing import check_renewal, take_period
from payments.services.unapplied import is_unapplied, keep_unapplied


def accept_payment(*, receipt: Receipt) -> Order:
    """What arrived settles its order; where the order cannot take it, it is written down and goes back."""
    try:
        return settle_payment(receipt=receipt)
    except DomainError as refusal:
        return keep_unapplied(receipt=receipt, why=refusal.code)


@transaction.atomic
def settle_payment(*, receipt: Receipt) -> Order:
    """Idempotent by the receipt's reference; the number of entries does not depend on how many contributed.

    Money that was on its way when the order expired still counts, if what was ordered can still be had. Raises
    PaymentMismatchError for another amount or order, PaymentReturnedError where the same money was refused before and
    goes back, VersionGoneError, WrongStateError for a second payment, and licensing's errors where the license cannot
    be granted any more.
    """
    order = Order.objects.select_for_update(no_key=True).get(pk=receipt.order_id)
    earlier = Payment.objects.filter(rail=receipt.rail, reference=receipt.reference).first()
    _check(order, receipt, earlier)
    if earlier:
        return order
    if is_unapplied(receipt):
        raise PaymentReturnedError(reference=receipt.reference)
    if order.version.state != "published":
        raise VersionGoneError(number=order.version.number)
    check_renewal(order, receipt)
    if order.state == "expired":
        _reserve_again(order)
    order.transition_to("paid", settled_at=timezone.now(), **_taxed(order, receipt.tax_minor))
    take_period(order, receipt, open_period(order, receipt.booked_currency, receipt.period_starts_at))
    _book(order, receipt)
    book_cost(charge=receipt.source, cost=Cost(receipt.cost_minor, receipt.booked_currency), rail_name=receipt.rail)
    grant_license(order)
    audit.record(actor=None, action="payments.order_paid", obj=order, rail=receipt.rail, reference=receipt.reference)
    enqueue_division(order)
    return order


def _check(order: Order, receipt: Receipt, earlier: Payment | None) -> None:
    """Raises PaymentMismatchError, WrongStateError for a second payment."""
    total = order.total_minor
    if earlier is None and receipt.tax_minor is not None:
        total += receipt.tax_minor - order.tax_minor
    same = earlier is None or earlier.order_id == order.pk
    if not same or (total, order.currency) != (receipt.amount_minor, receipt.currency):
        raise PaymentMismatchError(reference=receipt.reference)
    # An order whose money went back may become paid again, but only when that refund fails.
    if earlier is None and Payment.objects.filter(order=order).exists():
        raise WrongStateError(entity="order", state="paid", target="paid")


def _reserve_again(order: Order) -> None:
    """What the order held was given back when it expired.

    Raises licensing's errors if somebody else has it now, CouponUsedUpError if others used the coupon in between.
    """
    lock_for_sale(order.offer.dataset_id)
    take_coupon(order)
    reserve_scope(offer=order.offer, order_id=order.pk, licensee=order.licensee, held_until=timezone.now())


def take_tax(order: Order, tax_minor: int | None) -> None:
    """Where the rail works out the tax, it is known only when it asks for the money; the order has it from then on."""
    changes = _taxed(order, tax_minor)
    for name, value in changes.items():
        setattr(order, name, value)
    order.save(update_fields=list(changes))


def _taxed(order: Order, tax_minor: int | None) -> dict[str, int]:
    if tax_minor is None or tax_minor == order.tax_minor:
        return {}
    return {"tax_minor": tax_minor, "total_minor": order.total_minor + tax_minor - order.tax_minor}


def _book(order: Order, receipt: Receipt) -> None:
    payment = Payment(
        order=order,
        rail=receipt.rail,
        reference=receipt.reference,
        amount_minor=receipt.amount_minor,
        currency=receipt.currency,
        booked_minor=receipt.booked_minor,
        booked_currency=receipt.booked_currency,
    )
    parts = payment.parts
    legs = {
        take_claim(order, receipt): -payment.booked_minor,
        chart.FEE: parts["fee"],
        chart.TAX: parts["tax"],
        order.pool_account: parts["pool"],
    }
    key, currency = f"sale:{order.pk}", payment.booked_currency
    payment.journal = post(key=key, event="sale", currency=currency, legs=legs, source=receipt.source).entered
    payment.save(force_insert=True)


def book_cost(*, charge: str, cost: Cost, rail_name: str) -> None:
    """What the rail keeps is the marketplace's cost; nobody's share is smaller for it. A budget keeps nothing."""
    if not cost.amount_minor:
        return
    legs = {chart.RAIL_FEES: -cost.amount_minor, rail_of(rail_name).balance_account: cost.amount_minor}
    post(key=f"stripe-fee:{charge}", event="rail_fee", currency=cost.currency, legs=legs, source=charge)
