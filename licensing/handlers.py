"""What licensing does when others have done something."""

from collective.accounts.events import MemberRemoved, OrganizationKindChanged
from collective.catalog.events import (
    ContributionWithdrawn,
    DatasetCleared,
    DatasetQuarantined,
    RecordsWithdrawn,
    VersionPublished,
)
from collective.catalog.models import Withdrawal
from collective.core.events import handles
from collective.core.jobs import enqueue
from licensing.services import (
    flag_grants_of_other_kind,
    hold_news_due,
    members_changed,
    notices_due,
    people_due,
    repin_grants,
)


@handles(VersionPublished)
def repin(event: VersionPublished) -> None:
    """Offers need nothing: each sale asks again whether that version may be sold."""
    repin_grants(version_id=event.version_id)
    # After it, in a transaction of its own: this one holds the audit trail, and that one waits for licenses.
    enqueue("licensing.lift_replaced", key=f"lift-replaced:{event.version_id}", version_id=event.version_id)


@handles(ContributionWithdrawn)
def tell_of_contribution(event: ContributionWithdrawn) -> None:
    whole = Withdrawal.objects.get(contribution=event.contribution_id, is_whole=True)
    notices_due(withdrawal_id=whole.pk)
    people_due(withdrawal_id=whole.pk)


@handles(RecordsWithdrawn)
def tell_of_records(event: RecordsWithdrawn) -> None:
    notices_due(withdrawal_id=event.withdrawal_id)
    people_due(withdrawal_id=event.withdrawal_id)


@handles(DatasetQuarantined)
def tell_of_hold(event: DatasetQuarantined) -> None:
    hold_news_due(dataset_id=event.dataset_id, event_id=event.event_id, kind="held")


@handles(DatasetCleared)
def tell_of_end_of_hold(event: DatasetCleared) -> None:
    hold_news_due(dataset_id=event.dataset_id, event_id=event.event_id, kind="cleared")


@handles(OrganizationKindChanged)
def flag(event: OrganizationKindChanged) -> None:
    flag_grants_of_other_kind(organization_id=event.organization_id)


@handles(MemberRemoved)
def release_seats(event: MemberRemoved) -> None:
    members_changed(organization_id=event.organization_id)
