"""What a buyer gets back for records that withdrawals removed."""

from datetime import timedelta

from django.db.models import Max, Q, Sum
from django.utils import timezone

from collective.accounts.models import Membership
from collective.accounts.selectors import Person
from collective.catalog.models import SplitShare
from collective.core.domain.money import Money, currency_of
from licensing.domain.removal import RemovedShare
from licensing.models import LicenseGrant
from licensing.selectors.removal import withdrawals_since
from payments.domain.refunds import Removed, removal_refund
from payments.models import Order, Refund, SalePeriod

DAY = timedelta(days=1)


def removal_due(order: Order, share: RemovedShare) -> Money | None:
    """Still to be given back for this share; None where it is below the license's threshold, or nothing is left.

    Of what pays for a time, only the days that have not begun.
    """
    if not share.is_above:
        return None
    back = (
        Refund.objects.standing()
        .filter(order=order)
        .aggregate(
            refunded=Sum("amount_minor", default=0), minor=Sum("amount_minor", filter=Q(borne_by="loss"), default=0)
        )
    )
    waiting = order.refund_requests.filter(state="reserved").aggregate(
        refunded=Sum("amount_minor", default=0), minor=Sum("amount_minor", filter=Q(borne_by="loss"), default=0)
    )
    given = {name: back[name] + waiting[name] for name in back}
    asked = order.refund_requests.filter(state__in=["reserved", "done"])
    records = asked.aggregate(most=Max("removed_records", default=0))["most"]
    minor = removal_refund(
        order.total_minor,
        Removed(share.removed, share.whole, records, *_days(order)),
        given=given["minor"],
        refunded=given["refunded"],
        step=currency_of(order.currency).charge_step,
    )
    return Money(minor, order.currency) if minor else None


def _days(order: Order) -> tuple[int, int]:
    """Left, of all."""
    period = SalePeriod.objects.filter(order=order).first()
    if period is None:
        return 1, 1
    left = (period.ends_at - timezone.now()) // DAY
    return max(0, min(left, period.days)), period.days


def is_party(user: Person, order: Order, grant: LicenseGrant) -> bool:
    """Who asks, who bought or the licensee earns from the version, or somebody of theirs gave what was withdrawn.

    They could take out what they gave, keep what it earned, and have the marketplace pay for it.
    """
    people = {user.pk, order.buyer_id}
    theirs = Membership.objects.filter(user__in=people).values_list("organization_id", flat=True)
    organizations = {order.licensee_id, *theirs}
    if SplitShare.objects.filter(version=order.version_id, payee__in=organizations).exists():
        return True
    people.update(Membership.objects.filter(organization__in=organizations).values_list("user_id", flat=True))
    gave = Q(contribution__contributor__in=people) | Q(contribution__payee__in=organizations)
    return withdrawals_since(grant).filter(gave).exists()
