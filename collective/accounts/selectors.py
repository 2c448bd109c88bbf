"""Reads of accounts."""

from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from collective.accounts.models import Membership, Organization, User
from collective.core.errors import NotFoundError


class OrganizationNotFoundError(NotFoundError):
    code = "organization_not_found"
    text = "There is no such organization, or you are not a member of it."


def memberships_of(user: User) -> "QuerySet[Membership]":
    return Membership.objects.filter(user=user).select_related("organization")


def organizations_of(user: User) -> "QuerySet[Organization]":
    return Organization.objects.with_member(user)


def administered_by(user: User) -> "QuerySet[Organization]":
    """Organizations that this person may act for: owner or admin."""
    return Organization.objects.with_member(user, Membership.OWNER, Membership.ADMIN)


def is_member(user: User | AnonymousUser, organization: Organization) -> bool:
    return user.is_authenticated and organizations_of(user).filter(pk=organization.pk).exists()


def is_admin(user: User | AnonymousUser, organization: Organization) -> bool:
    return user.is_authenticated and administered_by(user).filter(pk=organization.pk).exists()


def personal_organization(user: User) -> Organization:
    """Everybody has one from sign-up on."""
    return Organization.objects.get(personal_of=user)


def organization_for(user: User, organization_id: UUID) -> Organization:
    """One of the user's own organizations. Raises OrganizationNotFoundError."""
    found = organizations_of(user).filter(pk=organization_id).first()
    if found is None:
        raise OrganizationNotFoundError
    return found
