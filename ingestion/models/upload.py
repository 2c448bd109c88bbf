"""One file on its way from a browser to the store."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from collective.accounts.models import User
from collective.catalog.models import Contribution
from collective.core.ids import new_id
from collective.core.states import StatefulModel, StateTable
from ingestion.domain.parts import ANNOUNCED, part_count
from ingestion.domain.states import UPLOAD_STATES


class UploadQuerySet(models.QuerySet["Upload"]):
    def unfinished(self) -> "UploadQuerySet":
        return self.filter(state__in=["open", "assembling"])

    def stored(self) -> "UploadQuerySet":
        return self.filter(state="stored")

    def live(self) -> "UploadQuerySet":
        """What takes one of a contribution's places."""
        return self.filter(state__in=["open", "assembling", "stored"])

    def waiting_for_scan(self) -> "UploadQuerySet":
        """Stored, and not yet known to be clean; those whose scan was last tried longest ago come first."""
        waiting = self.stored().exclude(scan="clean")
        return waiting.order_by(F("scan_tried_at").asc(nulls_first=True), "id")

    def announced(self) -> "UploadQuerySet":
        """Named by a later commit, and open until then, also when all bytes have arrived."""
        return self.filter(state="open", fingerprint__startswith=ANNOUNCED)

    def on_their_way(self) -> "UploadQuerySet":
        return self.filter(state="open").exclude(fingerprint__startswith=ANNOUNCED)

    def resumable(self) -> "UploadQuerySet":
        return self.filter(state__in=["open", "expired"])


class Upload(StatefulModel):
    """`name` is for people only: folders and a file name. `fingerprint` finds an upload to resume.

    `is_whole`: it travels as one object, by one PUT (or, empty, by none), and not as a multipart upload. What an upload
    holds is counted against its organizations until `dropped_at`, when its bytes have left the store.

    `scan` is what the malware scanner said, and stays when the upload has ended. A large file is scanned in windows:
    `scanned_bytes` is how far that has come.
    """

    SCANS: ClassVar = [
        ("off", "there was no scanner"),
        ("unscanned", "the scanner did not answer"),
        ("clean", "nothing was found"),
        ("found", "something was found"),
    ]

    state_table: ClassVar[StateTable] = UPLOAD_STATES

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="uploads")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=400)
    size = models.PositiveBigIntegerField()
    fingerprint = models.CharField(max_length=64, blank=True)
    key = models.CharField(max_length=100, unique=True)
    storage_id = models.CharField(max_length=500, blank=True)
    part_size = models.PositiveBigIntegerField()
    is_whole = models.BooleanField(default=False)
    # Small files that were completed together are hashed by one job.
    batch = models.UUIDField(null=True, db_index=True)
    state = models.CharField(max_length=12, choices=UPLOAD_STATES.choices, default=UPLOAD_STATES.initial)
    sha256 = models.CharField(max_length=64, blank=True)
    problem = models.TextField(blank=True)
    scan = models.CharField(max_length=10, choices=SCANS, default="off")
    scanned_bytes = models.PositiveBigIntegerField(default=0)
    scan_tried_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # The last time its owner signed a part: the sweeper puts uploads away that rest for days.
    active_at = models.DateTimeField()
    stored_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contribution", "name_key"], condition=Q(state="stored"), name="upload_stored_name_once"
            ),
            models.UniqueConstraint(
                fields=["contribution", "created_by", "fingerprint"],
                condition=Q(state__in=["open", "expired"]) & ~Q(fingerprint=""),
                name="upload_open_fingerprint_once",
            ),
            models.CheckConstraint(
                condition=Q(dropped_at=None) | Q(state__in=["aborted", "removed"]), name="upload_dropped_has_ended"
            ),
            models.CheckConstraint(
                condition=~Q(state="stored") | (~Q(sha256="") & Q(stored_at__isnull=False)),
                name="upload_stored_is_hashed",
            ),
            models.CheckConstraint(
                condition=(~Q(state="stored") | ~Q(scan="found")) & (~Q(state="quarantined") | Q(scan="found")),
                name="upload_found_is_quarantined",
            ),
        ]
        indexes = [
            models.Index(fields=["active_at"], condition=Q(state__in=["open", "expired"]), name="upload_resting"),
            models.Index(
                fields=["scan_tried_at"], condition=Q(state="stored") & ~Q(scan="clean"), name="upload_unscanned"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def part_count(self) -> int:
        return part_count(self.size, self.part_size)


class UploadPart(models.Model):
    """What the client said about a part when it asked for its URL; the server checks it when all are in."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    size = models.PositiveBigIntegerField()
    md5 = models.CharField(max_length=32)
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["upload", "number"], name="upload_part_once")]

    def __str__(self) -> str:
        return f"{self.upload_id} #{self.number}"
