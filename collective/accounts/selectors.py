"""Reads about people and organizations. Nothing is cached: a removed member is out at the next request."""

from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from collective.accounts.errors import OrganizationNotFoundError
from collective.accounts.models import ApiKey, Invitation, Membership, Organization, User
from collective.core.errors import NotFoundError

Person = User | AnonymousUser
MANAGERS = (Membership.OWNER, Membership.ADMIN)


def memberships_of(user: Person) -> QuerySet[Membership]:
    """With their organizations, by name. Nobody's, for an anonymous visitor."""
    mine = Membership.objects.filter(user_id=user.pk) if user.is_active else Membership.objects.none()
    return mine.select_related("organization").order_by("organization__name", "organization_id")


def organizations_of(user: Person, *roles: str) -> QuerySet[Organization]:
    """Those in which the user has one of `roles`; any role when none is named."""
    if not user.is_active:
        return Organization.objects.none()
    return Organization.objects.with_member(user, *roles).order_by("name", "id")


def administered_by(user: Person) -> QuerySet[Organization]:
    """Those in which the user is an owner or an admin."""
    return organizations_of(user, *MANAGERS)


def personal_organization(user: User) -> Organization:
    """Everybody has one from sign-up on."""
    return Organization.objects.get(personal_of=user)


def organization_for(user: Person, organization_id: UUID) -> Organization:
    """One of the user's own organizations. Raises OrganizationNotFoundError."""
    organization = organizations_of(user).filter(pk=organization_id).first()
    if organization is None:
        raise OrganizationNotFoundError
    return organization


def is_operator(user: Person) -> bool:
    """Of the instance."""
    return user.is_active and user.is_staff


def is_member(user: Person, organization: Organization | UUID) -> bool:
    return _memberships(user, organization).exists()


def is_admin(user: Person, organization: Organization | UUID) -> bool:
    """An owner or an admin."""
    return _memberships(user, organization).filter(role__in=MANAGERS).exists()


def is_owner(user: Person, organization: Organization | UUID) -> bool:
    return _memberships(user, organization).filter(role=Membership.OWNER).exists()


def organizations_visible_to(user: Person) -> QuerySet[Organization]:
    """Organizations introduce themselves to everybody; a personal one is seen by the person alone."""
    mine = Q(pk__in=organizations_of(user).order_by().values("pk"))
    return Organization.objects.filter(Q(personal_of=None) | mine)


def organization_visible_to(user: Person, slug: str) -> Organization:
    """Raises OrganizationNotFoundError."""
    organization = organizations_visible_to(user).filter(slug=slug).first()
    if organization is None:
        raise OrganizationNotFoundError
    return organization


def organization_of(user: Person, slug: str) -> Organization:
    """One of the user's own, by its slug. Raises OrganizationNotFoundError."""
    organization = organizations_of(user).filter(slug=slug).first()
    if organization is None:
        raise OrganizationNotFoundError
    return organization


def members_of(organization: Organization) -> QuerySet[Membership]:
    """With their people, in the order in which they joined."""
    return organization.memberships.select_related("user").order_by("joined_at", "id")


def member_of(organization: Organization, user_id: UUID) -> Membership:
    membership = members_of(organization).filter(user_id=user_id).first()
    if membership is None:
        raise NotFoundError
    return membership


def invitations_for(user: User) -> QuerySet[Invitation]:
    """Waiting for this person: sent to an address that they have confirmed."""
    confirmed = EmailAddress.objects.filter(user=user, verified=True).annotate(lower=Lower("email")).values("lower")
    waiting = Invitation.objects.filter(email__in=confirmed) if user.is_active else Invitation.objects.none()
    return waiting.select_related("organization", "invited_by").order_by("created_at")


def confirmed_domains(user: User) -> frozenset[str]:
    """What stands behind the @ of the addresses that the person has confirmed, in small letters."""
    addresses = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return frozenset(address.rpartition("@")[2].lower() for address in addresses)


def managers_of(organization: Organization) -> QuerySet[User]:
    """The people who decide for it: owners and admins with an open account."""
    managing = Membership.objects.filter(organization=organization, role__in=MANAGERS).values("user_id")
    return User.objects.filter(pk__in=managing, is_active=True).order_by("joined_at", "id")


def invitations_of(organization: Organization) -> QuerySet[Invitation]:
    """Sent by the organization and not answered yet."""
    return organization.invitations.select_related("invited_by").order_by("created_at")


def api_keys_of(user: User) -> QuerySet[ApiKey]:
    """Newest first, the revoked and expired ones too."""
    return ApiKey.objects.filter(owner=user).order_by("-created_at", "id")


def _memberships(user: Person, organization: Organization | UUID) -> QuerySet[Membership]:
    if not user.is_active:
        return Membership.objects.none()
    organization_id: Any = getattr(organization, "pk", organization)
    return Membership.objects.filter(user_id=user.pk, organization_id=organization_id)
