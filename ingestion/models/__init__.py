"""Ingestion's rows."""

from ingestion.models.build import Excerpt, ShardBuild, VersionBuild
from ingestion.models.upload import Upload, UploadPart
from ingestion.models.validation import PreparedObject, ValidationReport

__all__ = ["Excerpt", "PreparedObject", "ShardBuild", "Upload", "UploadPart", "ValidationReport", "VersionBuild"]
