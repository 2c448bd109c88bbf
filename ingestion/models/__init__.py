"""Ingestion's rows."""

from ingestion.models.build import Excerpt, ShardBuild, VersionBuild
from ingestion.models.layout import DatasetLayout
from ingestion.models.piece import Piece, PreparedObject
from ingestion.models.quota import StorageQuota, StoreSweep
from ingestion.models.upload import Upload, UploadPart
from ingestion.models.validation import ValidationReport

__all__ = [
    "DatasetLayout",
    "Excerpt",
    "Piece",
    "PreparedObject",
    "ShardBuild",
    "StorageQuota",
    "StoreSweep",
    "Upload",
    "UploadPart",
    "ValidationReport",
    "VersionBuild",
]
