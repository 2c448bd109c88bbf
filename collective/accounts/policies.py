"""Who may act for an organization, and who may manage it. `check_…` raises, `can_…` is its twin for templates."""

from collective.accounts import selectors
from collective.accounts.errors import NotAManagerError, NotAMemberError
from collective.accounts.models import ApiKey, Organization, User
from collective.core.errors import DomainError, NotFoundError, UnauthenticatedError


def check_signed_in(actor: selectors.Person) -> User:
    """The actor as a person. Raises UnauthenticatedError."""
    if isinstance(actor, User) and actor.is_active:
        return actor
    raise UnauthenticatedError


def check_can_act_for(actor: selectors.Person, organization: Organization) -> None:
    """Any member may buy for, contribute for and read what belongs to the organization."""
    check_signed_in(actor)
    if not selectors.is_member(actor, organization):
        raise NotAMemberError


def check_can_manage(actor: selectors.Person, organization: Organization) -> None:
    """Owners and admins decide on members, datasets and prices."""
    check_signed_in(actor)
    if not selectors.is_admin(actor, organization):
        raise NotAManagerError


def check_can_view_members(actor: selectors.Person, organization: Organization) -> None:
    """To everybody else the list does not exist."""
    check_signed_in(actor)
    if not selectors.is_member(actor, organization):
        raise NotFoundError


def check_can_manage_members(actor: selectors.Person, organization: Organization) -> None:
    check_can_view_members(actor, organization)
    check_can_manage(actor, organization)


def check_can_revoke_key(actor: selectors.Person, key: ApiKey) -> None:
    check_signed_in(actor)
    if key.owner_id != actor.pk:
        raise NotFoundError


def can_act_for(actor: selectors.Person, organization: Organization) -> bool:
    return selectors.is_member(actor, organization)


def can_manage(actor: selectors.Person, organization: Organization) -> bool:
    try:
        check_can_manage(actor, organization)
    except DomainError:
        return False
    return True
