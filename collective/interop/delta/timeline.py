"""Delta counts the versions of a table: 0 for the first that the dataset published, one more for each after it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import QuerySet
from django.utils import timezone

from collective.accounts.models import User
from collective.accounts.selectors import is_member
from collective.catalog.errors import VersionNotFoundError
from collective.catalog.models import Dataset, DatasetVersion
from collective.interop.delta.errors import TimeOutsideError, VersionUnknownError
from licensing.selectors import usable_grants


@dataclass(frozen=True)
class Moment:
    """A version, its number, and when it was published."""

    number: int
    version: DatasetVersion
    at: datetime


class Timeline:
    """Every version that was ever published keeps its number, withdrawn ones too. Raises VersionNotFoundError: none."""

    def __init__(self, dataset: Dataset) -> None:
        rows = list(_in_order(dataset).defer("columns", "statistics", "preview", "notes"))
        if not rows:
            raise VersionNotFoundError
        for row in rows:
            row.dataset = dataset  # the row that is already here, with its organization
        self.moments = [Moment(number, row, row.published_at or timezone.now()) for number, row in enumerate(rows)]
        self.dataset = dataset

    def current(self, user: User) -> Moment:
        """The newest that is served and that a license of this person reaches; what else there is tells the reason."""
        newest = sorted(self.moments, key=lambda each: _semver(each.version), reverse=True)
        served = [each for each in newest if each.version.state == "published"]
        if is_member(user, self.dataset.organization_id):
            return (served or newest)[0]
        grants = list(usable_grants(user, self.dataset))
        # By number only: whether the bytes may be had is decided by licensing.
        reached = [each for each in served if any(grant.covers(each.version) for grant in grants)]
        return (reached or served or newest)[0]

    def at_number(self, number: int) -> Moment:
        if number >= len(self.moments):
            raise VersionUnknownError(last=len(self.moments) - 1)
        return self.moments[number]

    def at_or_before(self, moment: datetime) -> Moment:
        found = [each for each in self.moments if each.at <= moment]
        if not found:
            raise self._outside("at or before", moment)
        return found[-1]

    def at_or_after(self, moment: datetime) -> Moment:
        found = [each for each in self.moments if each.at >= moment]
        if not found:
            raise self._outside("at or after", moment)
        return found[0]

    def _outside(self, where: str, moment: datetime) -> TimeOutsideError:
        first, last = self.moments[0].at, self.moments[-1].at
        return TimeOutsideError(where=where, moment=_told(moment), first=_told(first), last=_told(last))


def number_of(version: DatasetVersion) -> int:
    """Precondition: it was published."""
    return list(_in_order(version.dataset).values_list("pk", flat=True)).index(version.pk)


def _in_order(dataset: Dataset) -> QuerySet[DatasetVersion]:
    return dataset.versions.exclude(published_at=None).order_by("published_at", "pk")


def _told(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _semver(version: DatasetVersion) -> tuple[int, int, int]:
    return version.major, version.minor, version.patch
