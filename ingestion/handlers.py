"""What ingestion does when the catalog tells it something."""

from collective.catalog.events import ContributionSubmitted, ContributionWithdrawn
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
