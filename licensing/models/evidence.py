"""What proves an answer, and the tables of answers that were brought in. Nothing of it changes but `deleted_at`."""

from django.db import models
from django.db.models import Q

from collective.accounts.models import User
from collective.catalog.models import Contribution
from collective.core.ids import new_id

EVIDENCE_KINDS = [
    ("signed_form_scan", "a scan of a signed form"),
    ("recording", "a recording of the person's answer"),
    ("electronic", "an answer given in a form on a screen"),
    ("contract", "a contract"),
    ("guardian_form", "a form signed by the guardian"),
]


class Evidence(models.Model):
    """By its hash. With `storage_key` the file is held here, sealed, in the store that has no downloads.

    From `deleted_at` on the file is gone, and its hash stays: whoever has a copy can show that it was this one.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=20, choices=EVIDENCE_KINDS)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(null=True)
    storage_key = models.CharField(max_length=200, blank=True)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contribution", "kind", "sha256"], condition=Q(deleted_at=None), name="evidence_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.sha256[:12]}"

    @property
    def is_held(self) -> bool:
        return bool(self.storage_key) and self.deleted_at is None


class ConsentImport(models.Model):
    """A table of answers that was taken in whole. The same files a second time change nothing.

    `file_sha256` is the table's; where evidence came with it, one over both.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="consent_imports")
    file_sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    people = models.PositiveIntegerField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contribution", "file_sha256"], name="consent_import_once")]

    def __str__(self) -> str:
        return f"{self.rows} rows {self.file_sha256[:12]}"
