"""Who may do what in the catalog. `check_can_…` raises and names the reason; `can_…` is its twin for templates."""

from collective.accounts.models import Organization
from collective.accounts.selectors import Person, is_admin, is_member, is_operator
from collective.catalog.errors import (
    ConflictOfInterestError,
    ContributionNotFoundError,
    ContributionsClosedError,
    NotInOrderError,
    NotStewardError,
)
from collective.catalog.models import Contribution, Dataset
from collective.core.errors import DeniedError, DomainError, UnauthenticatedError


def can_steward(actor: Person, dataset: Dataset) -> bool:
    return actor.is_authenticated and is_admin(actor, dataset.organization)


def check_can_steward(actor: Person, dataset: Dataset) -> None:
    check_can_steward_for(actor, dataset.organization)


def check_can_steward_for(actor: Person, organization: Organization) -> None:
    if not actor.is_authenticated:
        raise UnauthenticatedError
    if not is_admin(actor, organization):
        raise NotStewardError(organization=organization.name)


def check_can_quarantine(actor: Person) -> None:
    """Operators of the instance."""
    if not is_operator(actor):
        raise DeniedError


def check_can_clear(actor: Person, dataset: Dataset) -> None:
    """Operators, except of what their own organization publishes."""
    check_can_quarantine(actor)
    if is_member(actor, dataset.organization):
        raise ConflictOfInterestError(organization=dataset.organization.name)


def can_contribute(actor: Person, dataset: Dataset) -> bool:
    try:
        check_can_contribute(actor, dataset)
    except DomainError:
        return False
    return True


def check_can_contribute(actor: Person, dataset: Dataset) -> None:
    if not actor.is_authenticated:
        raise UnauthenticatedError
    if not (dataset.open_to_contributions or is_member(actor, dataset.organization)):
        raise ContributionsClosedError(dataset=dataset.title, organization=dataset.organization.name)
    if not dataset.is_in_order:
        raise NotInOrderError(dataset=dataset.title, state=dataset.state)


def is_own(actor: Person, contribution: Contribution) -> bool:
    return contribution.contributor_id == actor.pk


def check_can_edit_contribution(actor: Person, contribution: Contribution) -> None:
    """Files, rights, submission and withdrawal are the contributor's alone; a steward decides, never edits."""
    if not actor.is_authenticated:
        raise UnauthenticatedError
    if not is_own(actor, contribution):
        raise ContributionNotFoundError
