"""Which objects of the published store ingestion names."""

from django.db.models import Q

from collective.catalog.domain.objects import needs_objects
from collective.catalog.models import Shard, VersionFile
from ingestion.models import Excerpt, PreparedObject, ShardBuild


@needs_objects
def is_named(sha256: str) -> bool:
    """Also what versions hold: their files are all made here."""
    prepared = Q(sha256=sha256) | Q(stored_sha256=sha256) | Q(records_sha256=sha256)
    return (
        VersionFile.objects.filter(sha256=sha256).exists()
        or Shard.objects.filter(sha256=sha256).exists()
        or PreparedObject.objects.filter(prepared).exists()
        or Excerpt.objects.filter(sha256=sha256).exists()
        or ShardBuild.objects.filter(records_sha256=sha256).exists()
    )
