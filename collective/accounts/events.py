"""What accounts tell the others."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from collective.core.events import Event


@dataclass(frozen=True)
class OrganizationKindChanged(Event):
    """A university became a company, say. Licenses that were given for the kind before are looked at again."""

    topic: ClassVar[str] = "accounts.organization_kind_changed"
    organization_id: UUID


@dataclass(frozen=True)
class MemberRemoved(Event):
    """Somebody left an organization, or was removed from it."""

    topic: ClassVar[str] = "accounts.member_removed"
    organization_id: UUID
