"""What was taken back, when, and from which versions. Says neither who did it nor why. Append-only."""

from hmac import compare_digest
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac

from collective.catalog.models.contribution import Contribution
from collective.catalog.models.dataset import Dataset
from collective.catalog.models.version import DatasetVersion
from collective.core.ids import new_id


class Withdrawal(models.Model):
    """All of a contribution, or some of its records: then each has a `WithdrawnRecord`.

    `number` counts every withdrawal of the instance from 1 without gaps, in the order in which they were committed, so
    that a reader who has seen everything up to a number misses nothing.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveBigIntegerField(unique=True)
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="withdrawals")
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="withdrawals")
    is_whole = models.BooleanField()
    record_count = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    # By it the one who took it back is known when they come again, and nobody without the instance's secret reads it.
    taker_mac = models.BinaryField(max_length=32, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contribution"], condition=Q(is_whole=True), name="withdrawal_whole_once"),
            models.CheckConstraint(condition=Q(is_whole=True) | Q(record_count__gt=0), name="withdrawal_of_something"),
        ]

    def __str__(self) -> str:
        return f"withdrawal {self.number}"

    def was_by(self, user_id: UUID) -> bool:
        return self.taker_mac is not None and compare_digest(bytes(self.taker_mac), self.mac_of(user_id))

    def mac_of(self, user_id: UUID) -> bytes:
        """Of this withdrawal alone: two by the same person cannot be told to be by one."""
        return salted_hmac("catalog.withdrawal", f"{self.pk} {user_id}", algorithm="sha256").digest()


class WithdrawnFrom(models.Model):
    """A sealed version that held something of what was withdrawn, whatever its state was then."""

    withdrawal = models.ForeignKey(Withdrawal, on_delete=models.PROTECT, related_name="versions")
    version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="withdrawals")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["withdrawal", "version"], name="withdrawn_from_once")]

    def __str__(self) -> str:
        return f"{self.version} − {self.withdrawal}"


class WithdrawnRecord(models.Model):
    """A single record that was taken back, and its place: `row` from 0 in the prepared object."""

    withdrawal = models.ForeignKey(Withdrawal, on_delete=models.PROTECT, related_name="records")
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="withdrawn_records")
    record_id = models.CharField(max_length=32)
    record_sha256 = models.CharField(max_length=64)
    prepared_sha256 = models.CharField(max_length=64)
    row = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contribution", "record_id"], name="withdrawn_record_once"),
            models.UniqueConstraint(fields=["contribution", "prepared_sha256", "row"], name="withdrawn_row_once"),
        ]

    def __str__(self) -> str:
        return self.record_id
