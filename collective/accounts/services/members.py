"""Who belongs to an organization, in which role. There is always an owner."""

from uuid import UUID

from django.db import transaction
from django.db.models import F

from collective.accounts import policies, selectors
from collective.accounts.errors import LastOwnerError, OwnersOnlyError, UnknownRoleError
from collective.accounts.events import MemberRemoved
from collective.accounts.models import Membership, Organization, User
from collective.core import audit
from collective.core.events import publish


@transaction.atomic
def change_role(*, actor: User, organization_id: UUID, user_id: UUID, role: str) -> Membership:
    """Raises LastOwnerError rather than leave the organization without an owner."""
    organization = lock_organization(actor, organization_id)
    policies.check_can_manage_members(actor, organization)
    membership = selectors.member_of(organization, user_id)
    check_may_give(actor, organization, role)
    check_may_give(actor, organization, membership.role)
    if role != Membership.OWNER:
        _check_another_owner(membership)
    before, membership.role = membership.role, role
    membership.save(update_fields=["role"])
    audit.record(
        actor=actor, action="accounts.role_changed", obj=organization, user=user_id, role_before=before, role=role
    )
    return membership


@transaction.atomic
def remove_member(*, actor: User, organization_id: UUID, user_id: UUID) -> None:
    """Out at their next request, with every key of theirs: nothing about membership is cached. Anybody may leave."""
    organization = lock_organization(actor, organization_id)
    policies.check_can_view_members(actor, organization)
    membership = selectors.member_of(organization, user_id)
    if user_id != actor.pk:
        policies.check_can_manage(actor, organization)
        check_may_give(actor, organization, membership.role)
    _check_another_owner(membership)
    membership.delete()
    publish(MemberRemoved(organization_id=organization.pk))
    audit.record(actor=actor, action="accounts.member_removed", obj=organization, user=user_id)


def lock_organization(actor: User, organization_id: UUID) -> Organization:
    """One change of members at a time, so that two owners who leave at once cannot both be the last but one.

    An UPDATE that changes nothing takes the row's lock on PostgreSQL and the write lock on SQLite, which would ignore
    SELECT … FOR UPDATE.
    """
    Organization.objects.filter(pk=organization_id).update(slug=F("slug"))
    return selectors.organization_for(actor, organization_id)


def check_may_give(actor: User, organization: Organization, role: str) -> None:
    """Only owners give or take away ownership."""
    if role not in dict(Membership.ROLES):
        raise UnknownRoleError(role=role)
    if role == Membership.OWNER and not selectors.is_owner(actor, organization):
        raise OwnersOnlyError


def _check_another_owner(membership: Membership) -> None:
    others = Membership.objects.filter(organization_id=membership.organization_id, role=Membership.OWNER)
    if membership.role == Membership.OWNER and not others.exclude(pk=membership.pk).exists():
        raise LastOwnerError
