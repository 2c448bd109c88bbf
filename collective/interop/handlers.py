"""What interop does when the catalog tells it something."""

from collective.catalog.events import ContributionWithdrawn, RecordsWithdrawn, VersionPublished
from collective.catalog.models import Contribution, DatasetVersion, Withdrawal
from collective.core.events import handles
from collective.interop.mdc import archives
from collective.interop.models import PushedCard


@handles(VersionPublished)
def keep_archives_up(event: VersionPublished) -> None:
    archives.keep_up(DatasetVersion.objects.get(pk=event.version_id))


@handles(ContributionWithdrawn)
def drop_archives_of_contribution(event: ContributionWithdrawn) -> None:
    contribution = Contribution.objects.get(pk=event.contribution_id)
    archives.drops_due(cause=contribution.pk, dataset_id=contribution.dataset_id)


@handles(RecordsWithdrawn)
def drop_archives_of_records(event: RecordsWithdrawn) -> None:
    withdrawal = Withdrawal.objects.get(pk=event.withdrawal_id)
    archives.drops_due(cause=withdrawal.pk, dataset_id=withdrawal.dataset_id)


@handles(ContributionWithdrawn)
def forget_the_pushed_card(event: ContributionWithdrawn) -> None:
    """Its author took everything back, and examples in a card are data too."""
    PushedCard.objects.filter(contribution=event.contribution_id).delete()
