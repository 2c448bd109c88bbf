"""How much of a payment has gone back, is on its way back, or may still."""

from django.db.models import Sum

from collective.core.domain.money import currency_of
from payments.domain.conversion import booked_after
from payments.domain.refunds import refund_step
from payments.errors import NothingToRefundError
from payments.models import Order, Payment, Refund

PARTS = ("tax", "fee", "pool")


def paid_payment(order: Order) -> Payment:
    """Raises NothingToRefundError."""
    found = Payment.objects.select_related("order").filter(order=order).first()
    if found is None:
        raise NothingToRefundError
    return found


def returned_minor(order: Order) -> int:
    """In the order's currency, without what failed."""
    standing = Refund.objects.standing().filter(order=order)
    back: int = standing.aggregate(sum=Sum("amount_minor", default=0))["sum"]
    return back


def not_returned_minor(payment: Payment) -> int:
    """What the buyer paid and does not have back."""
    return payment.amount_minor - returned_minor(payment.order)


def refundable_minor(payment: Payment) -> int:
    """What is neither back, nor asked for, nor in the hands of the buyer's bank."""
    order = payment.order
    waiting = order.refund_requests.filter(state__in=["reserved", "awaiting_second"])
    asked = waiting.aggregate(sum=Sum("amount_minor", default=0))["sum"]
    disputed = order.disputes.filter(state="open").aggregate(sum=Sum("amount_minor", default=0))["sum"]
    left: int = not_returned_minor(payment) - asked - disputed
    return max(0, left)


def parts_returned(order: Order) -> dict[str, int]:
    """What each part has given back so far, in the currency that the payment was booked in."""
    standing = Refund.objects.standing().filter(order=order)
    sums = standing.aggregate(**{part: Sum(f"{part}_minor", default=0) for part in PARTS})
    return {part: sums[part] for part in PARTS}


def parts_back(payment: Payment, amount_minor: int) -> dict[str, int]:
    """What tax, fee and pool give back of a payment for `amount_minor` more of it to the buyer."""
    step = currency_of(payment.booked_currency).charge_step
    after = returned_minor(payment.order) + amount_minor
    total_after = booked_after(payment.amount_minor, payment.booked_minor, after, step)
    return refund_step(payment.parts, parts_returned(payment.order), payment.booked_minor, total_after, step=step)
