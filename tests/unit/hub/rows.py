"""Catalog rows that were never saved, for the pure formats."""

from datetime import UTC, datetime
from typing import Any

from collective.accounts.models import Organization
from collective.catalog.models import Dataset, DatasetVersion, VersionFile

PUBLISHED_AT = datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=UTC)
COMMIT = "c" * 40


def dataset(**changed: Any) -> Dataset:
    described = {
        "organization": Organization(slug="acme"),
        "slug": "greetings",
        "title": "Greetings",
        "summary": "Short greetings.",
        "modality": "text",
        "task": "text-classification",
        "languages": ["ar", "en"],
        "created_at": datetime(2026, 1, 1, tzinfo=UTC),
    }
    return Dataset(**{**described, **changed})


def version(number: str = "1.0.0", commit_id: str = COMMIT) -> DatasetVersion:
    major, minor, patch = map(int, number.split("."))
    return DatasetVersion(
        major=major, minor=minor, patch=patch, commit_id=commit_id, published_at=PUBLISHED_AT, state="published"
    )


def file(path: str, kind: str = "data", size: int = 10) -> VersionFile:
    return VersionFile(path=path, kind=kind, sha256=path[-1] * 64, git_sha1=path[-1] * 40, size=size)
