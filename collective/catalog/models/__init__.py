"""The catalog's rows."""

from collective.catalog.models.contribution import Contribution
from collective.catalog.models.dataset import Dataset
from collective.catalog.models.version import (
    DatasetVersion,
    Shard,
    ShardSegment,
    SplitShare,
    VersionContribution,
    VersionFile,
)

__all__ = [
    "Contribution",
    "Dataset",
    "DatasetVersion",
    "Shard",
    "ShardSegment",
    "SplitShare",
    "VersionContribution",
    "VersionFile",
]
