"""What the documents are made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ingestion.domain.splitting import in_order


@dataclass(frozen=True)
class Described:
    """What the documents say about a version."""

    repo_id: str
    url: str
    title: str
    summary: str
    card: str
    languages: Sequence[str]
    task: str
    version: str
    opened_at: datetime
    # SPDX id if all material in the version has the same one.
    license: str
    rows: int


@dataclass(frozen=True)
class DataFile:
    """`path` is the file's place in the version, inside its config and split."""

    path: str
    config: str
    split: str
    sha256: str
    git_sha1: str
    size: int
    rows: int
    row_groups: int


def splits_by_config(data: Sequence[DataFile]) -> dict[str, list[str]]:
    """Configs in the order of the files; the first one is what a client loads when it names none."""
    found: dict[str, list[str]] = {}
    for file in data:
        found.setdefault(file.config, []).append(file.split)
    return {config: in_order(splits) for config, splits in found.items()}


def pattern(config: str, split: str) -> str:
    """The files of a config and split, as a glob."""
    return f"{config}/{split}-*.parquet"
