"""Names of datasets and files as the SDK sees them: bare, and new for each version."""

from uuid import UUID

from collective.catalog.models import Dataset, DatasetVersion

DIGITS = 8


def mdc_slug(dataset: Dataset) -> str:
    """Two organizations may use one slug, so that some of the id's random digits are part of it."""
    return f"{dataset.slug}-{dataset.pk.hex[-DIGITS:]}"


def archive_name(version: DatasetVersion) -> str:
    """The SDK looks at the name alone to know whether it has a file: so each version has its own."""
    return f"{version.dataset.slug}-{version.commit_id[:DIGITS]}.tar.gz"


def sample_name(version: DatasetVersion) -> str:
    return f"{version.dataset.slug}-{version.commit_id[:DIGITS]}-sample.tar.gz"


def parsed_slug(name: str) -> tuple[str, str]:
    """The dataset's own slug and the last digits of its id; empty if this is no such name."""
    slug, _, digits = name.rpartition("-")
    return (slug, digits) if len(digits) == DIGITS else ("", "")


def parsed_id(name: str) -> UUID | None:
    try:
        return UUID(name)
    except ValueError:
        return None
