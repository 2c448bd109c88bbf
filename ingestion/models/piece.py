"""What one job checks: a stored file, or a part of it that is whole lines; and what was prepared from it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from collective.catalog.models import Contribution
from ingestion.models.upload import Upload
from ingestion.models.validation import ValidationReport


class Piece(models.Model):
    """Bytes `[begin, end)` of a file. Problems and findings count rows from the start of the piece."""

    report = models.ForeignKey(ValidationReport, on_delete=models.PROTECT, related_name="pieces")
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="+")
    file_number = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    begin = models.PositiveBigIntegerField()
    end = models.PositiveBigIntegerField()
    # How far its job is; `rows` is final once `done_at` is set.
    rows = models.PositiveBigIntegerField(default=0)
    bytes_read = models.PositiveBigIntegerField(default=0)
    problems = models.JSONField(default=list)
    problem_count = models.PositiveIntegerField(default=0)
    warnings = models.JSONField(default=list)
    findings = models.JSONField(default=list)
    # By id of each API key of this site that was really in it: whether it was revoked for that.
    own_keys = models.JSONField(default=dict)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "file_number", "number"], name="piece_once"),
            models.CheckConstraint(condition=Q(begin__lte=F("end")), name="piece_begins_before_it_ends"),
        ]

    def __str__(self) -> str:
        return f"{self.upload} [{self.begin}, {self.end})"

    @property
    def is_whole_file(self) -> bool:
        return self.begin == 0 and self.end == self.upload.size


class PreparedObject(models.Model):
    """Parquet made of one piece: the contributor's columns behind `record_id`; beside it, its record list.

    It lies in the content-addressed store, and nothing hands out a URL for it before a version takes it over as a
    shard, because delivery serves files of versions only.
    """

    IN_ORDER: ClassVar = ("piece__file_number", "piece__number", "part_number")

    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="prepared")
    piece = models.ForeignKey(Piece, on_delete=models.PROTECT, related_name="prepared")
    part_number = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    # Once records were taken back: the object that has the others, every row in its place; and how many it lacks.
    # The old one is erased, but its hash stays the name of the rows, in plans and segments.
    stored_sha256 = models.CharField(max_length=64, blank=True)
    erased_rows = models.PositiveBigIntegerField(default=0)
    git_sha1 = models.CharField(max_length=40)
    # The record list: ENTRY_BYTES per record, as an object of its own; and the Merkle root over it.
    records_sha256 = models.CharField(max_length=64)
    records_root = models.CharField(max_length=64)
    rows = models.PositiveBigIntegerField()
    row_groups = models.PositiveIntegerField()
    bytes = models.PositiveBigIntegerField()
    # [{"name", "dtype", "feature"}], and the Arrow schema itself (IPC, base64).
    columns = models.JSONField(default=list)
    arrow_schema = models.TextField()
    # To be added up, and the first records.
    statistics = models.JSONField(default=dict)
    preview = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["piece", "part_number"], name="prepared_part_once"),
            models.CheckConstraint(condition=Q(rows__gt=0), name="prepared_not_empty"),
            models.CheckConstraint(
                condition=Q(stored_sha256="", erased_rows=0) | ~Q(stored_sha256="") & Q(erased_rows__gt=0),
                name="prepared_redacted_is_stored",
            ),
        ]
        indexes = [models.Index(fields=["sha256"], name="prepared_by_sha256")]

    def __str__(self) -> str:
        return self.sha256[:12]

    @property
    def object_sha256(self) -> str:
        """Where its rows lie."""
        return self.stored_sha256 or self.sha256

    @property
    def has_media(self) -> bool:
        """Whether any column holds recordings or pictures."""
        return any(column["dtype"] in ("audio", "image") for column in self.columns)
