"""The work of building a version: one row for the whole, one per shard."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from collective.catalog.models import Contribution, DatasetVersion, Shard
from collective.core.ids import new_id
from collective.core.states import StatefulModel, StateTable
from ingestion.domain.states import BUILD_STATES


class VersionBuild(StatefulModel):
    """One attempt at building a version. `remaining` counts shards to do; whoever makes it 0 starts the sealing."""

    state_table: ClassVar[StateTable] = BUILD_STATES

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="builds")
    attempt = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=BUILD_STATES.choices, default=BUILD_STATES.initial)
    shard_count = models.PositiveIntegerField()
    remaining = models.PositiveIntegerField()
    # The schema that all shards share (Arrow IPC, base64).
    arrow_schema = models.TextField()
    # `Layout.as_json`, as it was when the version was opened.
    layout = models.JSONField(default=dict)
    # Rows of prepared objects, by the object's SHA-256, that were to be left out when the version was opened.
    left_out = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "attempt"], name="build_attempt_once"),
            models.CheckConstraint(condition=Q(remaining__lte=models.F("shard_count")), name="build_remaining_fits"),
        ]

    def __str__(self) -> str:
        return f"{self.version} · attempt {self.attempt}"

    @property
    def done_count(self) -> int:
        return self.shard_count - self.remaining


class ShardBuild(models.Model):
    """One shard to build. `recipe_sha256` names its inputs, so that an equal shard is taken over, not built again."""

    build = models.ForeignKey(VersionBuild, on_delete=models.CASCADE, related_name="shards")
    number = models.PositiveIntegerField()
    segments = models.JSONField()
    rows = models.PositiveBigIntegerField()
    recipe_sha256 = models.CharField(max_length=64, db_index=True)
    shard = models.ForeignKey(Shard, on_delete=models.PROTECT, null=True, related_name="+")
    git_sha1 = models.CharField(max_length=40, blank=True)
    # The record list as an object, and the Merkle root over it: a leaf of the version's tree.
    records_sha256 = models.CharField(max_length=64, blank=True)
    records_root = models.CharField(max_length=64, blank=True)
    statistics = models.JSONField(default=dict)
    preview = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["build", "number"], name="shard_build_number_once"),
            models.CheckConstraint(
                condition=Q(shard=None) | (~Q(git_sha1="") & ~Q(records_sha256="")), name="shard_build_done_is_whole"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.build} #{self.number}"


class Excerpt(models.Model):
    """A clip or thumbnail of a record, which a version's preview shows to everybody. A withdrawal takes its bytes."""

    MEDIA_TYPES: ClassVar = [(name, name) for name in ("audio/flac", "image/png")]

    version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="excerpts")
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="excerpts")
    record_id = models.CharField(max_length=64)
    column = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveIntegerField()
    media_type = models.CharField(max_length=20, choices=MEDIA_TYPES)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "record_id", "column", "sha256"], name="excerpt_once")
        ]

    def __str__(self) -> str:
        return f"{self.version} · {self.record_id} · {self.column}"
