"""What a buyer gets back for records that withdrawals removed."""

from django.db.models import Q, Sum

from collective.core.domain.money import Money, currency_of
from licensing.domain.removal import RemovedShare
from payments.domain.refunds import removal_refund
from payments.models import Order


def removal_due(order: Order, share: RemovedShare) -> Money | None:
    """Still to be given back for this share; None where it is below the license's threshold, or nothing is left."""
    if not share.is_above:
        return None
    given = order.refunds.aggregate(
        all=Sum("amount_minor", default=0), removal=Sum("amount_minor", filter=Q(removal__isnull=False), default=0)
    )
    minor = removal_refund(
        order.total_minor,
        share.removed,
        share.whole,
        before=given["removal"],
        refunded=given["all"],
        step=currency_of(order.currency).charge_step,
    )
    return Money(minor, order.currency) if minor else None
