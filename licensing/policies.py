"""Who may do what in licensing. `check_can_…` raises and names the reason; `can_…` is its twin for templates."""

from collective.accounts.policies import check_can_manage
from collective.accounts.selectors import Person, is_admin
from collective.catalog.models import Contribution
from collective.catalog.policies import check_can_edit_contribution, check_can_steward
from collective.core.errors import DeniedError, DomainError
from licensing.errors import RightsLockedError
from licensing.models import LicenseGrant, Offer, Seat

RIGHTS_OPEN = ("draft", "needs_changes")


def check_can_declare_rights(actor: Person, contribution: Contribution) -> None:
    """Only the contributor, and only until it is handed in: what was validated and decided on stays as it was said."""
    check_can_edit_contribution(actor, contribution)
    if contribution.state not in RIGHTS_OPEN:
        raise RightsLockedError(state=contribution.state.replace("_", " "))


def can_declare_rights(actor: Person, contribution: Contribution) -> bool:
    try:
        check_can_declare_rights(actor, contribution)
    except DomainError:
        return False
    return True


def can_withdraw(actor: Person, contribution: Contribution) -> bool:
    own = actor.is_authenticated and contribution.contributor_id == actor.pk
    return own and contribution.state != "withdrawn"


def check_can_manage_offer(actor: Person, offer: Offer) -> None:
    check_can_steward(actor, offer.dataset)


def check_can_rotate_keys(actor: Person) -> None:
    if not (actor.is_active and actor.is_staff):
        raise DeniedError


def check_can_suspend(actor: Person, grant: LicenseGrant) -> None:
    """The dataset's stewards, and operators of the instance."""
    if not (actor.is_active and actor.is_staff):
        check_can_steward(actor, grant.dataset)


def check_can_assign_seat(actor: Person, grant: LicenseGrant) -> None:
    """Owners and admins of the licensee."""
    check_can_manage(actor, grant.licensee)


def can_assign_seat(actor: Person, grant: LicenseGrant) -> bool:
    return is_admin(actor, grant.licensee)


def check_can_release_seat(actor: Person, seat: Seat) -> None:
    """Everybody their own; owners and admins of the licensee every seat."""
    if seat.user_id != actor.pk:
        check_can_manage(actor, seat.grant.licensee)
