"""What was taken back from a dataset and stays out of it: keyed hashes of records, never a value."""

from django.db import models

from collective.catalog.models import Dataset, Withdrawal
from ingestion.models.piece import PreparedObject


class WithdrawnContent(models.Model):
    """A record that was taken back. `mac` is a keyed hash of the dataset and the hash of its values. Append-only."""

    withdrawal = models.ForeignKey(Withdrawal, on_delete=models.PROTECT, related_name="contents")
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="+")
    mac = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["withdrawal", "mac"], name="withdrawn_content_once")]
        indexes = [models.Index(fields=["dataset", "mac"], name="withdrawn_content_found")]

    def __str__(self) -> str:
        return self.mac[:12]


class BarredRecord(models.Model):
    """A record that was given again by somebody else. `row` from 0 in its object: no version holds it."""

    prepared = models.ForeignKey(PreparedObject, on_delete=models.PROTECT, related_name="barred")
    row = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prepared", "row"], name="barred_record_once")]

    def __str__(self) -> str:
        return f"{self.prepared_id} row {self.row}"
