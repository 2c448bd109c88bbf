"""What ingestion reads and writes as JSON. Reading and writing are separate classes."""

from typing import Any

from rest_framework import serializers

from collective.catalog.models import DatasetVersion
from collective.core.api import StrictSerializer
from ingestion.models import ValidationReport
from ingestion.selectors import latest_build


class PublishInput(StrictSerializer):
    notes = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class ProblemOutput(serializers.Serializer[Any]):
    file = serializers.CharField(allow_blank=True)
    row = serializers.IntegerField(allow_null=True)
    column = serializers.CharField(allow_null=True)
    code = serializers.CharField()
    message = serializers.CharField()
    action = serializers.CharField()
    example = serializers.CharField(allow_null=True)


class ReportOutput(serializers.ModelSerializer[ValidationReport]):
    """`errors` is a name of the serializer itself, so that field is added on the way out."""

    warnings = ProblemOutput(many=True)
    percent = serializers.IntegerField()

    class Meta:
        model = ValidationReport
        fields = (
            "id",
            "contribution",
            "number",
            "state",
            "phase",
            "current_file",
            "files_done",
            "files_total",
            "rows_done",
            "bytes_done",
            "bytes_total",
            "percent",
            "error_count",
            "warnings",
            "statistics",
            "started_at",
            "finished_at",
        )

    def to_representation(self, report: ValidationReport) -> dict[str, Any]:
        return {**super().to_representation(report), "errors": ProblemOutput(report.errors, many=True).data}


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
