"""What the catalog tells the others."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from collective.core.events import Event


@dataclass(frozen=True)
class DatasetQuarantined(Event):
    """Nothing of it is served from now on. `event_id` is the line of the audit trail. Licensing tells licensees."""

    topic: ClassVar[str] = "catalog.dataset_quarantined"
    dataset_id: UUID
    event_id: UUID


@dataclass(frozen=True)
class DatasetCleared(Event):
    """The hold is over."""

    topic: ClassVar[str] = "catalog.dataset_cleared"
    dataset_id: UUID
    event_id: UUID


@dataclass(frozen=True)
class ContributionSubmitted(Event):
    """A contribution is complete: files stored, rights declared. Ingestion validates it."""

    topic: ClassVar[str] = "catalog.contribution_submitted"
    contribution_id: UUID


@dataclass(frozen=True)
class ContributionWithdrawn(Event):
    """Versions holding it are already unservable; ingestion builds the patch version of each affected dataset."""

    topic: ClassVar[str] = "catalog.contribution_withdrawn"
    contribution_id: UUID


@dataclass(frozen=True)
class RecordsWithdrawn(Event):
    """Single records of a contribution were taken back; versions holding it are already unservable."""

    topic: ClassVar[str] = "catalog.records_withdrawn"
    withdrawal_id: UUID


@dataclass(frozen=True)
class VersionPublished(Event):
    """A version is sealed. Licensing re-pins the grants of the version it replaces."""

    topic: ClassVar[str] = "catalog.version_published"
    version_id: UUID
