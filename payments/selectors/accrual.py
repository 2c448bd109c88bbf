"""Who shares a period's revenue, from which day on."""

from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID

from collective.catalog.domain.splits import Held, split_without
from collective.catalog.models import DatasetVersion, Withdrawal
from payments.domain.accrual import Stage
from payments.models import SalePeriod

DAY = timedelta(days=1)


def stages_of(period: SalePeriod) -> list[Stage[UUID]]:
    """The version's frozen split, and after each withdrawal what is left of it; the day of a withdrawal still counts.

    A stage in which nothing is left has no weights; if that is so from the first day on, the frozen split stands.
    """
    version = period.order.version
    held = {share.payee_id: Held(share.weight, share.records) for share in version.split.all()}
    frozen = {payee: each.weight for payee, each in held.items()}
    found = {0: frozen}
    gone = _Gone(version)
    for withdrawal in _since(period):
        day = _days_until(period, withdrawal.at)
        shares = split_without(held, gone.after(withdrawal), steward_id=version.dataset.organization_id)
        if day < period.days:
            found[day] = {share.payee_id: share.weight for share in shares}
    return [Stage(day, weights) for day, weights in found.items()] if any(found.values()) else [Stage(0, frozen)]


def _since(period: SalePeriod) -> list[Withdrawal]:
    sold_at = period.order.settled_at or period.starts_at
    rows = Withdrawal.objects.filter(versions__version=period.order.version_id, at__gte=sold_at)
    return list(rows.order_by("number"))


def _days_until(period: SalePeriod, moment: datetime) -> int:
    """Days of the period that have begun by then."""
    return max(0, -((period.starts_at - moment) // DAY))


class _Gone:
    """Records per payee that are no longer in a version, withdrawal by withdrawal."""

    def __init__(self, version: DatasetVersion) -> None:
        rows = version.holdings.values_list("contribution_id", "contribution__payee_id", "rows")
        self.left = {contribution: count for contribution, _, count in rows}
        self.payees = {contribution: payee for contribution, payee, _ in rows}
        self.gone: Counter[UUID] = Counter()

    def after(self, withdrawal: Withdrawal) -> Counter[UUID]:
        contribution = withdrawal.contribution_id
        count = min(self.left.get(contribution, 0), withdrawal.record_count)
        if count:
            self.left[contribution] -= count
            self.gone[self.payees[contribution]] += count
        return self.gone
