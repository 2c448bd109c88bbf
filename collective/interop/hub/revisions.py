"""What a client may call a version, and what to tell it about one that is gone."""

from django.db.models import QuerySet

from collective.catalog.errors import VersionNotFoundError
from collective.catalog.models import Dataset, DatasetVersion
from collective.catalog.selectors import replacement_of, version_by_revision
from collective.interop.hub.errors import RevisionNotFoundError


def find_version(dataset: Dataset, revision: str) -> DatasetVersion:
    """`main`, `v1.2.0`, `1.2.0` or the full commit id. Raises RevisionNotFoundError."""
    try:
        version = version_by_revision(dataset, revision)
    except VersionNotFoundError as error:
        raise RevisionNotFoundError(revision=revision, repo_id=dataset.repo_id) from error
    version.dataset = dataset  # the row that is already here, with its organization
    return version


def sealed_versions(dataset: Dataset) -> QuerySet[DatasetVersion]:
    """Newest first. Withdrawn ones stay: a client that pinned their commit id must hear why they are gone."""
    return dataset.versions.exclude(published_at=None).order_by("-major", "-minor", "-patch")


def why_gone(version: DatasetVersion) -> str:
    """One sentence or two for a version that nobody gets any more; an empty text for one that is served."""
    dataset = version.dataset
    if dataset.state == "quarantined":
        return f"{dataset.repo_id} is under review and is not delivered until the review is over."
    if version.state == "published":
        return ""
    cause = "holds data that its contributor has withdrawn" if version.state == "withdrawn_content" else "was retracted"
    other = replacement_of(version)
    advice = f"Use version {other.tag} instead." if other else "There is no version to use instead."
    return f"Version {version.tag} of {dataset.repo_id} {cause}. {advice}"
