"""What licensing tells the apps above it."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from collective.core.events import Event


@dataclass(frozen=True)
class OwnershipUpheld(Event):
    """Somebody else owns it, as far as anybody can see: what is not paid out yet waits."""

    topic: ClassVar[str] = "licensing.ownership_upheld"
    claim_id: UUID


@dataclass(frozen=True)
class OwnershipCleared(Event):
    """An upheld claim was rejected or taken back after all: everything goes on."""

    topic: ClassVar[str] = "licensing.ownership_cleared"
    claim_id: UUID


@dataclass(frozen=True)
class AccessDecided(Event):
    """A request was approved, declined or taken back; the request says which."""

    topic: ClassVar[str] = "licensing.access_decided"
    request_id: UUID
