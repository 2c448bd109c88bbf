"""What ingestion reads and writes as JSON. Reading and writing are separate classes."""

from typing import Any

from rest_framework import serializers

from collective.catalog.models import DatasetVersion
from collective.core.api import StrictSerializer
from collective.core.storage.base import SignedRequest, StoredPart
from ingestion.domain.parts import PartDigest
from ingestion.models import Upload, ValidationReport
from ingestion.selectors import latest_build

PARTS_AT_ONCE = 100


class UploadInput(StrictSerializer):
    name = serializers.CharField(max_length=10_000, trim_whitespace=False)
    size = serializers.IntegerField(min_value=0, max_value=2**53)
    fingerprint = serializers.RegexField(
        r"^[0-9a-f]{64}\Z",
        required=False,
        default="",
        help_text="SHA-256 that names this file to its owner, to resume.",
    )


class PartInput(StrictSerializer):
    number = serializers.IntegerField(min_value=1, max_value=10_000)
    size = serializers.IntegerField(min_value=1, max_value=5 * 1024**3)
    md5 = serializers.RegexField(r"^[0-9a-f]{32}\Z")
    sha256 = serializers.RegexField(r"^[0-9a-f]{64}\Z")


class PartsInput(StrictSerializer):
    parts = serializers.ListField(child=PartInput(), allow_empty=False, max_length=PARTS_AT_ONCE)

    def digests(self) -> list[PartDigest]:
        return [PartDigest(**part) for part in self.validated_data["parts"]]


class PublishInput(StrictSerializer):
    notes = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class UploadOutput(serializers.ModelSerializer[Upload]):
    part_count = serializers.IntegerField()

    class Meta:
        model = Upload
        fields = (
            "id",
            "contribution",
            "name",
            "size",
            "part_size",
            "part_count",
            "state",
            "sha256",
            "problem",
            "created_at",
            "stored_at",
        )


class StoredPartOutput(serializers.Serializer[StoredPart]):
    number = serializers.IntegerField()
    size = serializers.IntegerField()
    etag = serializers.CharField()


class ArrivedOutput(serializers.Serializer[Any]):
    parts = StoredPartOutput(many=True)


class SignedPartOutput(serializers.Serializer[SignedRequest]):
    """Send the bytes with exactly this method, address and headers."""

    number = serializers.IntegerField()
    method = serializers.CharField()
    url = serializers.CharField()
    headers = serializers.DictField(child=serializers.CharField())
    expires_at = serializers.DateTimeField()


class SignedOutput(serializers.Serializer[Any]):
    parts = SignedPartOutput(many=True)


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
