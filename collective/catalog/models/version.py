"""A published version: immutable files, what they hold, and who shares the revenue."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from collective.accounts.models import Organization, User
from collective.catalog.domain.states import VERSION_STATES
from collective.catalog.models.contribution import Contribution
from collective.catalog.models.dataset import Dataset
from collective.core.ids import new_id
from collective.core.states import StatefulModel, StateTable


class DatasetVersion(StatefulModel):
    """Semver per dataset. Everything but `state` is frozen by trigger once it is no longer `building`."""

    state_table: ClassVar[StateTable] = VERSION_STATES

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="versions")
    major = models.PositiveIntegerField()
    minor = models.PositiveIntegerField()
    patch = models.PositiveIntegerField()
    state = models.CharField(max_length=20, choices=VERSION_STATES.choices, default=VERSION_STATES.initial)
    notes = models.TextField(blank=True)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    commit_id = models.CharField(max_length=40, blank=True)
    manifest_sha256 = models.CharField(max_length=64, blank=True)
    merkle_root = models.CharField(max_length=64, blank=True)
    split_sha256 = models.CharField(max_length=64, blank=True)
    row_count = models.PositiveBigIntegerField(default=0)
    byte_count = models.PositiveBigIntegerField(default=0)
    # [{"name", "dtype", "feature"}] in order; statistics per column; the first records of each config.
    columns = models.JSONField(default=list)
    statistics = models.JSONField(default=dict)
    preview = models.JSONField(default=list)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dataset", "major", "minor", "patch"], name="version_number_once"),
            models.UniqueConstraint(
                fields=["dataset"], condition=Q(state="building"), name="version_one_building_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | (~Q(commit_id="") & ~Q(manifest_sha256="") & ~Q(merkle_root="")),
                name="version_published_is_sealed",
            ),
        ]
        indexes = [
            models.Index("dataset", F("major").desc(), F("minor").desc(), F("patch").desc(), name="version_newest")
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"

    @property
    def tag(self) -> str:
        return f"v{self.number}"


class Shard(models.Model):
    """A content-addressed Parquet object. Versions share it as long as its inputs do not change."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField()
    rows = models.PositiveBigIntegerField()
    row_groups = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.sha256[:12]


class ShardSegment(models.Model):
    """`rows` of one contribution inside a shard, in order, from `first_row` of its prepared object on.

    They follow one another unless a layout spreads them or some are left out: the shard's record list has each.
    """

    shard = models.ForeignKey(Shard, on_delete=models.PROTECT, related_name="segments")
    position = models.PositiveIntegerField()
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="segments")
    prepared_sha256 = models.CharField(max_length=64)
    first_row = models.PositiveBigIntegerField()
    rows = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shard", "position"], name="segment_position_once"),
            models.CheckConstraint(condition=Q(rows__gt=0), name="segment_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.shard_id[:12]} #{self.position}"


class VersionFile(models.Model):
    """One file of a version, at a path, as content in the object store. `shard` is set for data, empty for the rest."""

    KINDS: ClassVar = [(kind, kind) for kind in ("data", "card", "croissant", "manifest")]

    version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="files")
    path = models.CharField(max_length=250)
    kind = models.CharField(max_length=10, choices=KINDS)
    sha256 = models.CharField(max_length=64)
    git_sha1 = models.CharField(max_length=40)
    size = models.PositiveBigIntegerField()
    config = models.CharField(max_length=80, blank=True)
    split = models.CharField(max_length=40, blank=True)
    shard = models.ForeignKey(Shard, on_delete=models.PROTECT, null=True, related_name="files")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "path"], name="version_path_once"),
            models.CheckConstraint(
                condition=(Q(kind="data") & Q(shard__isnull=False)) | (~Q(kind="data") & Q(shard=None)),
                name="version_file_data_is_a_shard",
            ),
        ]

    def __str__(self) -> str:
        return self.path


class VersionContribution(models.Model):
    """A contribution that a version holds, and how much of it."""

    version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="holdings")
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="holdings")
    rows = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "contribution"], name="version_contribution_once")]

    def __str__(self) -> str:
        return f"{self.version} ∋ {self.contribution}"


class SplitShare(models.Model):
    """One payee's integer weight in the revenue of one version; `weight / Σ weight` is the share."""

    version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="split")
    payee = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="split_shares")
    weight = models.PositiveBigIntegerField()
    records = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "payee"], name="split_payee_once"),
            models.CheckConstraint(condition=Q(weight__gt=0), name="split_weight_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.payee} {self.weight}"
