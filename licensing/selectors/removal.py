"""What withdrawals took out of a version after it was licensed."""

from django.db.models import QuerySet, Sum

from collective.catalog.models import Withdrawal
from licensing.domain.removal import RemovedShare, threshold_of
from licensing.models import LicenseGrant


def removed_share(grant: LicenseGrant) -> RemovedShare:
    """Of the version that the license was concluded for, by every withdrawal since. It only ever grows."""
    agreement = grant.agreement
    held = dict(agreement.version.holdings.values_list("contribution_id", "rows"))
    gone = withdrawals_since(grant).values_list("contribution_id").annotate(Sum("record_count"))
    removed = sum(min(held.get(contribution, 0), count) for contribution, count in gone)
    return RemovedShare(removed, sum(held.values()), threshold_of(grant.offer.terms))


def withdrawals_since(grant: LicenseGrant) -> "QuerySet[Withdrawal]":
    """From the version that the license was concluded for, after it was."""
    agreement = grant.agreement
    return Withdrawal.objects.filter(versions__version=agreement.version_id, at__gte=agreement.concluded_at)
