"""What the manifest and the download sessions take and tell. The answers are written by `manifests.py`."""

from rest_framework import serializers

from collective.core.api import StrictSerializer

TIMES_MAX = 10_000


class ManifestQuery(StrictSerializer):
    revision = serializers.CharField(
        max_length=80, default="main", help_text="main (default), a tag, a version or a commit id."
    )
    action = serializers.CharField(
        max_length=30,
        default="",
        allow_blank=True,
        help_text="What the files are for, as in train; 403 if not permitted.",
    )
    since = serializers.CharField(
        max_length=80,
        default="",
        allow_blank=True,
        help_text="A version or commit id of which you have a copy: only what it lacks is given an address.",
    )


class FileOutput(serializers.Serializer[dict[str, object]]):
    path = serializers.CharField()
    sha256 = serializers.CharField()
    size = serializers.IntegerField(help_text="In bytes.")
    rows = serializers.IntegerField()
    url = serializers.URLField(allow_null=True, help_text="Null with `since`, for a file that you have.")
    expires_at = serializers.DateTimeField(allow_null=True)


class RemovedOutput(serializers.Serializer[dict[str, object]]):
    path = serializers.CharField()
    sha256 = serializers.CharField()
    size = serializers.IntegerField()


class WithdrawnOutput(serializers.Serializer[dict[str, object]]):
    number = serializers.IntegerField()
    at = serializers.DateTimeField()
    is_whole = serializers.BooleanField(help_text="A whole contribution; otherwise single records.")
    records = serializers.URLField(help_text="Ids and hashes of the records (scope licenses:read).")


class ChangesOutput(serializers.Serializer[dict[str, object]]):
    """By SHA-256: a file that only has another path now is unchanged."""

    since = serializers.CharField()
    since_commit_id = serializers.CharField()
    added = serializers.ListField(child=serializers.CharField(), help_text="Paths in `files`.")
    unchanged = serializers.ListField(child=serializers.CharField(), help_text="Paths in `files`.")
    removed = RemovedOutput(many=True)
    withdrawals = WithdrawnOutput(many=True, help_text="Of what the earlier version held: delete these records.")
    tombstones = serializers.URLField(help_text="The signed list of all withdrawn records of the dataset.")


class SessionOutput(serializers.Serializer[dict[str, object]]):
    id = serializers.UUIDField(help_text="No secret: what the publisher needs to raise the budget.")
    url = serializers.URLField(help_text="Where a POST with the token and a path gets a new address.")
    expires_at = serializers.DateTimeField()
    byte_budget = serializers.IntegerField(help_text="Bytes that may be given until then.")


class OpenSessionOutput(SessionOutput):
    token = serializers.CharField(help_text="Good with the same key only. The workers of a job may share it.")


class ManifestOutput(serializers.Serializer[dict[str, object]]):
    dataset = serializers.CharField()
    version = serializers.CharField()
    commit_id = serializers.CharField()
    manifest_sha256 = serializers.CharField()
    merkle_root = serializers.CharField()
    grant = serializers.CharField(allow_null=True, help_text="Null for the publisher's own people.")
    actions = serializers.ListField(child=serializers.CharField(), allow_null=True)
    attribution = serializers.CharField(allow_null=True)
    credits = serializers.ListField(child=serializers.DictField(), help_text="As at the dataset's credits.")
    session = OpenSessionOutput()
    files = FileOutput(many=True)
    changes = ChangesOutput(allow_null=True, help_text="Only with `since`.")


class RenewalInput(StrictSerializer):
    token = serializers.CharField(max_length=100, help_text="The session's, from the manifest.")
    path = serializers.CharField(max_length=250, trim_whitespace=False, help_text="Of a file in the manifest.")


class RenewalOutput(serializers.Serializer[dict[str, object]]):
    path = serializers.CharField()
    sha256 = serializers.CharField()
    size = serializers.IntegerField()
    url = serializers.URLField()
    expires_at = serializers.DateTimeField()
    manifest_sha256 = serializers.CharField()
    session_expires_at = serializers.DateTimeField()


class BudgetInput(StrictSerializer):
    times = serializers.IntegerField(min_value=1, max_value=TIMES_MAX, help_text="Never makes it less.")
