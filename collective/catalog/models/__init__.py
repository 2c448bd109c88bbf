"""The catalog's rows."""

from collective.catalog.models.contribution import Contribution
from collective.catalog.models.dataset import Dataset
from collective.catalog.models.derivation import Derivation
from collective.catalog.models.version import (
    DatasetVersion,
    Shard,
    ShardSegment,
    SplitShare,
    VersionContribution,
    VersionFile,
)
from collective.catalog.models.withdrawal import Withdrawal, WithdrawnFrom, WithdrawnRecord

__all__ = [
    "Contribution",
    "Dataset",
    "DatasetVersion",
    "Derivation",
    "Shard",
    "ShardSegment",
    "SplitShare",
    "VersionContribution",
    "VersionFile",
    "Withdrawal",
    "WithdrawnFrom",
    "WithdrawnRecord",
]
