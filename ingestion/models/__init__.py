"""Ingestion's rows."""

from ingestion.models.build import ShardBuild, VersionBuild
from ingestion.models.upload import Upload, UploadPart
from ingestion.models.validation import PreparedObject, ValidationReport

__all__ = ["PreparedObject", "ShardBuild", "Upload", "UploadPart", "ValidationReport", "VersionBuild"]
