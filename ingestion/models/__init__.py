"""Ingestion's rows."""

from ingestion.models.build import Excerpt, ShardBuild, VersionBuild
from ingestion.models.layout import DatasetLayout
from ingestion.models.piece import Piece, PreparedObject
from ingestion.models.quota import StorageQuota, StoreSweep
from ingestion.models.similarity import ComparedObject, MinHashBand, SimilarRecords
from ingestion.models.upload import Upload, UploadPart
from ingestion.models.validation import SecretsAcknowledgement, ValidationReport
from ingestion.models.withdrawn import BarredRecord, WithdrawnContent

__all__ = [
    "BarredRecord",
    "ComparedObject",
    "DatasetLayout",
    "Excerpt",
    "MinHashBand",
    "Piece",
    "PreparedObject",
    "SecretsAcknowledgement",
    "ShardBuild",
    "SimilarRecords",
    "StorageQuota",
    "StoreSweep",
    "Upload",
    "UploadPart",
    "ValidationReport",
    "VersionBuild",
    "WithdrawnContent",
]
