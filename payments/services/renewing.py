"""What a subscription asks of a sale, and what the sale makes of it; in the transaction that pays the order."""

from datetime import timedelta

from collective.accounts.selectors import managers_of
from licensing.domain.plans import PERIOD_DAYS, Licensee
from licensing.services import check_offer_sellable
from payments.errors import HasLicenseError, PeriodOverError, SubscriptionOverError
from payments.gateways.facts import Receipt
from payments.models import Order, SalePeriod, Subscription


def subscription_of(order: Order) -> Subscription | None:
    """Locked: its periods follow each other."""
    rows = Subscription.objects.select_for_update(no_key=True)
    if hasattr(order, "renewal"):
        return rows.get(pk=order.renewal.subscription_id)
    return rows.filter(order=order).first()


def check_renewal(order: Order, receipt: Receipt) -> None:
    """Asked for each period, before any money of it is booked: after the first, whether the same offer still holds.

    Raises SubscriptionOverError (also where all who decide for the licensee have closed their accounts: nobody could
    use it, or cancel it), HasLicenseError, PeriodOverError (a later one is paid, or it was paid when it was over), and
    what `check_offer_sellable` raises.
    """
    subscription = subscription_of(order)
    if subscription is None:
        return
    is_first = subscription.order_id == order.pk
    if subscription.state not in (("pending",) if is_first else ("active", "past_due")):
        raise SubscriptionOverError
    if is_first:
        _check_only_one(subscription)
    else:
        _check_next(order, receipt, subscription)


def _check_next(order: Order, receipt: Receipt, subscription: Subscription) -> None:
    starts_at, newest = order.renewal.starts_at, subscription.current_starts_at
    ends_at = starts_at + timedelta(days=PERIOD_DAYS[order.offer.plan["period"]])
    if (newest and starts_at <= newest) or (receipt.arrived_at and receipt.arrived_at >= ends_at):
        raise PeriodOverError
    if not managers_of(order.licensee).exists():
        raise SubscriptionOverError
    said = Licensee(order.licensee_type or order.licensee.kind, order.licensee_country)
    check_offer_sellable(order.offer, order.version, order.licensee, said)


def _check_only_one(subscription: Subscription) -> None:
    """Of two that were ordered side by side the second is refused. Raises HasLicenseError."""
    others = Subscription.objects.filter(offer=subscription.offer_id, licensee=subscription.licensee_id)
    if others.filter(state__in=Subscription.LIVE).exists():
        raise HasLicenseError(organization=subscription.order.licensee_name)


def take_period(order: Order, receipt: Receipt, period: SalePeriod | None) -> None:
    """The period is paid: the subscription runs until its end."""
    subscription = subscription_of(order)
    if subscription is None or period is None:
        return
    target = "active" if subscription.state in ("pending", "past_due") else subscription.state
    Subscription.objects.filter(pk=subscription.pk, state=subscription.state).update(
        state=target,
        current_starts_at=period.starts_at,
        current_ends_at=period.ends_at,
        reference=receipt.subscription or subscription.reference,
    )
