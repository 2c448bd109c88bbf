"""What ingestion does when the catalog tells it something."""

from collective.catalog.events import ContributionSubmitted, ContributionWithdrawn, RecordsWithdrawn
from collective.core.events import handles
from ingestion import services


@handles(ContributionSubmitted)
def validate_what_was_submitted(event: ContributionSubmitted) -> None:
    services.start_validation(contribution_id=event.contribution_id)


@handles(ContributionWithdrawn)
def patch_what_held_it(event: ContributionWithdrawn) -> None:
    services.patches_due(contribution_id=event.contribution_id)


@handles(ContributionWithdrawn)
def erase_what_was_withdrawn(event: ContributionWithdrawn) -> None:
    services.erasure_due(contribution_id=event.contribution_id)


@handles(RecordsWithdrawn)
def patch_what_held_records(event: RecordsWithdrawn) -> None:
    services.patches_without_records_due(withdrawal_id=event.withdrawal_id)


@handles(RecordsWithdrawn)
def erase_withdrawn_records(event: RecordsWithdrawn) -> None:
    services.records_erasure_due(withdrawal_id=event.withdrawal_id)
