"""What the API reads and writes about people and organizations. Reading and writing are apart."""

from typing import Any

from rest_framework import serializers

from collective.accounts.models import Membership, Organization
from collective.core.api import StrictSerializer


class NewOrganization(StrictSerializer):
    name = serializers.CharField(max_length=150)
    slug = serializers.CharField(max_length=60, required=False, default="")
    kind = serializers.ChoiceField(Organization.KINDS, default="nonprofit")
    about = serializers.CharField(max_length=5000, allow_blank=True, default="")


class OrganizationChanges(StrictSerializer):
    name = serializers.CharField(max_length=150, required=False)
    kind = serializers.ChoiceField(Organization.KINDS, required=False)
    about = serializers.CharField(max_length=5000, allow_blank=True, required=False)


class RoleChange(StrictSerializer):
    role = serializers.ChoiceField(Membership.ROLES)


class NewInvitation(StrictSerializer):
    email = serializers.EmailField()
    role = serializers.ChoiceField(Membership.ROLES, default=Membership.MEMBER)


class OrganizationOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    slug = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()
    about = serializers.CharField()
    is_personal = serializers.BooleanField()
    created_at = serializers.DateTimeField()


class MembershipOut(serializers.Serializer[Any]):
    """One of my memberships."""

    slug = serializers.CharField(source="organization.slug")
    name = serializers.CharField(source="organization.name")
    is_personal = serializers.BooleanField(source="organization.is_personal")
    role = serializers.CharField()


class MemberOut(serializers.Serializer[Any]):
    """One of an organization's members."""

    user_id = serializers.UUIDField()
    name = serializers.CharField(source="user.name")
    email = serializers.EmailField(source="user.email")
    role = serializers.CharField()
    joined_at = serializers.DateTimeField()


class InvitationOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    organization = serializers.CharField(source="organization.slug")
    email = serializers.EmailField()
    role = serializers.CharField()
    created_at = serializers.DateTimeField()


class KeyOut(serializers.Serializer[Any]):
    id = serializers.CharField()
    name = serializers.CharField()
    scopes = serializers.ListField(child=serializers.CharField())
    expires_at = serializers.DateTimeField()


class MeOut(serializers.Serializer[Any]):
    """Who is asking. `key` is null when a person asks with a session."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    email = serializers.EmailField()
    organizations = MembershipOut(many=True)
    key = KeyOut(allow_null=True)
