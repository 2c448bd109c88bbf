"""What ingestion reads and writes as JSON. Reading and writing are separate classes."""

from typing import Any

from rest_framework import serializers

from collective.catalog.models import DatasetVersion
from collective.core.api import StrictSerializer
from ingestion.selectors import latest_build


class PublishInput(StrictSerializer):
    notes = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class BuildOutput(serializers.Serializer[Any]):
    shards_done = serializers.IntegerField()
    shards_total = serializers.IntegerField()
    state = serializers.CharField()


class VersionOutput(serializers.ModelSerializer[DatasetVersion]):
    dataset = serializers.CharField(source="dataset.repo_id")
    number = serializers.CharField()
    build = serializers.SerializerMethodField()

    class Meta:
        model = DatasetVersion
        fields = (
            "id",
            "dataset",
            "number",
            "state",
            "notes",
            "commit_id",
            "manifest_sha256",
            "merkle_root",
            "row_count",
            "byte_count",
            "failure",
            "created_at",
            "published_at",
            "build",
        )

    def get_build(self, version: DatasetVersion) -> dict[str, Any] | None:
        build = latest_build(version)
        if build is None:
            return None
        return {"shards_done": build.done_count, "shards_total": build.shard_count, "state": build.state}
