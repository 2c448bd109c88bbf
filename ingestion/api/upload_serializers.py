"""What uploads read and write as JSON. Reading and writing are separate classes."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from collective.core.api import StrictSerializer
from collective.core.errors import DomainError
from collective.core.storage.base import SignedRequest, StoredPart
from ingestion.domain.names import display_name
from ingestion.domain.parts import PartDigest, SmallFile
from ingestion.models import Upload
from ingestion.services.batches import MOST_AT_ONCE

PARTS_AT_ONCE = 100


def _hexadecimal(digits: int, **options: Any) -> serializers.RegexField:
    return serializers.RegexField(rf"^[0-9a-f]{{{digits}}}\Z", **options)


class _NameInput(StrictSerializer):
    name = serializers.CharField(max_length=10_000, trim_whitespace=False)
    size = serializers.IntegerField(min_value=0, max_value=2**53)


class UploadInput(_NameInput):
    fingerprint = _hexadecimal(
        64, required=False, default="", help_text="SHA-256 that names this file to its owner, to resume."
    )


class SmallFileInput(_NameInput):
    md5 = _hexadecimal(32)
    sha256 = _hexadecimal(64)


class BatchInput(StrictSerializer):
    files = serializers.ListField(child=SmallFileInput(), allow_empty=False, max_length=MOST_AT_ONCE)

    def claims(self) -> list[SmallFile]:
        return [SmallFile(**{**file, "name": display_name(file["name"])}) for file in self.validated_data["files"]]


class BatchCompleteInput(StrictSerializer):
    uploads = serializers.ListField(child=serializers.UUIDField(), allow_empty=False, max_length=MOST_AT_ONCE)


class PartInput(StrictSerializer):
    number = serializers.IntegerField(min_value=1, max_value=10_000)
    size = serializers.IntegerField(min_value=1, max_value=5 * 1024**3)
    md5 = _hexadecimal(32)
    sha256 = _hexadecimal(64)


class PartsInput(StrictSerializer):
    parts = serializers.ListField(child=PartInput(), allow_empty=False, max_length=PARTS_AT_ONCE)

    def validate_parts(self, parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len({part["number"] for part in parts}) < len(parts):
            raise serializers.ValidationError(_("One part is named twice."))
        return parts

    def digests(self) -> list[PartDigest]:
        return [PartDigest(**part) for part in self.validated_data["parts"]]


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
            "scan",
            "created_at",
            "stored_at",
        )


class StoredPartOutput(serializers.Serializer[StoredPart]):
    number = serializers.IntegerField()
    size = serializers.IntegerField()
    etag = serializers.CharField()


class ArrivedOutput(serializers.Serializer[Any]):
    parts = StoredPartOutput(many=True)


class SignedRequestOutput(serializers.Serializer[SignedRequest]):
    """Send the bytes with exactly this method, address and headers."""

    method = serializers.CharField()
    url = serializers.CharField()
    headers = serializers.DictField(child=serializers.CharField())
    expires_at = serializers.DateTimeField()


class SignedPartOutput(SignedRequestOutput):
    number = serializers.IntegerField()


class SignedOutput(serializers.Serializer[Any]):
    parts = SignedPartOutput(many=True)


class FileProblemOutput(serializers.Serializer[DomainError]):
    code = serializers.CharField()
    detail = serializers.CharField(source="message")


class BegunOutput(serializers.Serializer[Any]):
    """`request` is null when there is nothing to send."""

    upload = UploadOutput(allow_null=True)
    request = SignedRequestOutput(allow_null=True)
    problem = FileProblemOutput(allow_null=True)


class BatchOutput(serializers.Serializer[Any]):
    files = BegunOutput(many=True)


class CompletedOutput(serializers.Serializer[Any]):
    upload = UploadOutput()
    problem = FileProblemOutput(allow_null=True)


class BatchCompleteOutput(serializers.Serializer[Any]):
    uploads = CompletedOutput(many=True)


class LimitsOutput(serializers.Serializer[Any]):
    batch_files = serializers.IntegerField()
    batch_file_bytes = serializers.IntegerField()
    file_bytes = serializers.IntegerField()
    files = serializers.IntegerField()


class SummaryOutput(serializers.Serializer[Any]):
    """How many of one's own uploads are in which state; `bytes` of the stored ones."""

    open = serializers.IntegerField()
    assembling = serializers.IntegerField()
    stored = serializers.IntegerField()
    failed = serializers.IntegerField()
    quarantined = serializers.IntegerField()
    expired = serializers.IntegerField()
    bytes = serializers.IntegerField()
    limits = LimitsOutput()
