"""The order of a period: the first one that was placed, or a snapshot like it of what is on offer when it begins."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from collective.catalog.models import DatasetVersion
from collective.catalog.selectors import published_versions
from collective.core import audit
from payments.gateways.facts import Receipt
from payments.models import Order, Renewal, SalePeriod, Subscription

# Until it is paid or known not to be; it is paid when it is made.
PAY_WITHIN = timedelta(days=1)
COPIED = (
    *("buyer_id", "licensee_id", "seller_id", "offer_id", "offer_sha256", "dataset_title", "license_name"),
    *("licensee_name", "seller_name", "licensee_type", "licensee_country", "licensee_evidence", "licensee_salt"),
    *("currency", "fee_mode", "fee_bps", "price_minor", "fee_minor", "pool_minor"),
    *("accepted_text_sha256", "accepted_at", "accepted_method"),
)


@transaction.atomic
def order_of_period(*, subscription_id: UUID, receipt: Receipt) -> Order:
    """One for each period, however often and in whichever order its payment is heard of."""
    subscription = Subscription.objects.select_for_update(no_key=True).get(pk=subscription_id)
    first = Order.objects.get(pk=subscription.order_id)
    starts_at = receipt.period_starts_at
    if starts_at is None or _is_first(first, starts_at):
        return first
    earlier = Renewal.objects.filter(subscription=subscription, starts_at=starts_at).select_related("order").first()
    return earlier.order if earlier else _renewed(subscription, first, starts_at)


def _is_first(first: Order, starts_at: datetime) -> bool:
    """Before anything was paid, everything is for it."""
    paid = SalePeriod.objects.filter(order=first).first()
    return paid is None or starts_at <= paid.starts_at


def _renewed(subscription: Subscription, first: Order, starts_at: datetime) -> Order:
    version = _newest_at(first, starts_at)
    now = timezone.now()
    order = Order.objects.create(
        **{name: getattr(first, name) for name in COPIED},
        client_ref=f"subscription:{subscription.pk}:{starts_at:%Y-%m-%dT%H:%M:%SZ}",
        version=version,
        split_sha256=version.split_sha256,
        total_minor=first.fee_minor + first.pool_minor,
        expires_at=now + PAY_WITHIN,
    )
    Renewal.objects.create(order=order, subscription=subscription, starts_at=starts_at)
    audit.record(actor=None, action="payments.subscription_renewed", obj=order, version=version.number)
    return order


def _newest_at(first: Order, moment: datetime) -> DatasetVersion:
    """The newest that was out when the period began and can still be served; else what replaced it.

    Where nothing can be served any more it is the first order's, and the sale is refused.
    """
    versions = published_versions(first.version.dataset)
    return versions.filter(published_at__lte=moment).first() or versions.first() or first.version
