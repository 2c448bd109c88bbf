"""What a client may call a version."""

from collections.abc import Iterable

from django.db.models import QuerySet

from collective.catalog.errors import VersionNotFoundError
from collective.catalog.models import Dataset, DatasetVersion
from collective.catalog.selectors import version_by_revision
from collective.interop.hub.errors import RevisionNotFoundError

# What no route of the Hub shows.
LARGE = ("columns", "statistics", "preview")


def find_version(dataset: Dataset, revision: str, *, without: Iterable[str] = LARGE) -> DatasetVersion:
    """`main`, `v1.2.0`, `1.2.0` or the full commit id, `without` these columns. Raises RevisionNotFoundError."""
    try:
        version = version_by_revision(dataset, revision, without=without)
    except VersionNotFoundError as error:
        raise RevisionNotFoundError(revision=revision, repo_id=dataset.repo_id) from error
    version.dataset = dataset  # the row that is already here, with its organization
    return version


def sealed_versions(dataset: Dataset) -> QuerySet[DatasetVersion]:
    """Newest first. Withdrawn ones stay: a client that pinned their commit id must hear why they are gone."""
    return dataset.versions.exclude(published_at=None).defer(*LARGE).order_by("-major", "-minor", "-patch")
