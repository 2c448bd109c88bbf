"""The files that describe a version: README.md, croissant.json, manifest.json. Pure functions of what was built."""

from ingestion.pipeline.documents.card import readme
from ingestion.pipeline.documents.croissant import croissant
from ingestion.pipeline.documents.facts import DataFile, Described
from ingestion.pipeline.documents.manifest import commit_id_of, git_sha1, manifest

__all__ = ["DataFile", "Described", "commit_id_of", "croissant", "git_sha1", "manifest", "readme"]
