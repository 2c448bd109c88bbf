"""Sales that pay for a time: their pool part waits until it is over, and is divided by day."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from collective.core.domain.money import currency_of
from collective.core.jobs import enqueue
from licensing.domain.plans import PERIOD_DAYS
from payments.domain import chart
from payments.domain.accrual import split_by_days
from payments.models import Order, RefundFailure, SalePeriod, Settlement, SettlementLine
from payments.selectors.accrual import stages_of
from payments.services.allotting import Weights
from payments.services.ledger import lock_accounts
from payments.services.settling import divide, enqueue_settlement


def open_period(order: Order, currency: str, paid_from: datetime | None = None) -> SalePeriod | None:
    """In the transaction that pays the order, before it is booked in `currency`. None: it does not pay for a time.

    `paid_from`: where the rail says when the period begins.
    """
    plan = order.offer.plan
    if plan["model"] != "subscription":
        return None
    starts_at, _ = order.offer.period_from(paid_from or timezone.now())
    days = PERIOD_DAYS[plan["period"]]
    code = chart.period_code(order.pk)
    pool = lock_accounts([code], currency)[code]
    ends_at = starts_at + timedelta(days=days)
    return SalePeriod.objects.create(order=order, pool=pool, starts_at=starts_at, days=days, ends_at=ends_at)


def enqueue_division(order: Order) -> None:
    """Of what the sale or its refund moved: soon, or when the period is over."""
    period = SalePeriod.objects.filter(order=order).first()
    if period is None:
        enqueue_settlement(order.version_id, order.payment.booked_currency)
        return
    due_at = max(period.ends_at, timezone.now())
    moves = order.refunds.count() + RefundFailure.objects.filter(refund__order=order).count()
    key = f"settle-period:{order.pk}:{moves}"
    enqueue("payments.settle_period", key=key, due_at=due_at, order_id=order.pk)


def settle_period(*, order_id: UUID) -> Settlement | None:
    """Divide a period that is over, once; later what a refund took back, in the same proportion. None: nothing."""
    rows = SalePeriod.objects.select_related("order__version__dataset", "pool")
    period = rows.get(pk=order_id)
    if timezone.now() < period.ends_at:
        return None
    return divide(period.pool, period.order.version_id, lambda net: _weights(period, net))


def settle_ended_periods() -> int:
    """Every one that is over and holds something; returns how many. The net under the jobs of single sales."""
    over = SalePeriod.objects.filter(ends_at__lte=timezone.now()).exclude(pool__balance=0).order_by("ends_at", "pk")
    waiting = list(over.values_list("pk", flat=True))
    for order_id in waiting:
        settle_period(order_id=order_id)
    return len(waiting)


def _weights(period: SalePeriod, net: int) -> Weights:
    """What each payee gets of the whole, in minor units. The first division settles it: nothing changes afterwards."""
    first = SettlementLine.objects.filter(settlement__pool=period.pool, settlement__n=1)
    parts = dict(first.values_list("payee_id", "amount_minor"))
    if not parts:
        step = currency_of(period.pool.currency).charge_step
        parts = split_by_days(net, period.days, stages_of(period), step=step)
    return Weights(sum(parts.values()), lambda: sorted(parts.items()))
