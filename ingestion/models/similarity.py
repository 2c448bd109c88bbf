"""Which records resemble which, on the whole site: keys to find them by, and the pairs found. Never a text."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from collective.accounts.models import User
from collective.catalog.models import Contribution
from ingestion.models.piece import PreparedObject


class ComparedObject(models.Model):
    """A prepared object whose records have been compared with all that were there; the job goes on after these."""

    prepared = models.OneToOneField(PreparedObject, on_delete=models.PROTECT, primary_key=True, related_name="compared")
    # Records long enough to be compared; and how many look similar, but were not looked at, because there are so many.
    records = models.PositiveBigIntegerField()
    beyond = models.PositiveBigIntegerField()
    done_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.prepared_id}: {self.records}"


class MinHashBand(models.Model):
    """A record in one band. Two records with the same key are probably similar. Small, as there are many."""

    pk = models.CompositePrimaryKey("key", "prepared", "row")
    key = models.BigIntegerField()
    prepared = models.ForeignKey(PreparedObject, on_delete=models.PROTECT, related_name="+")
    # Counted from 0 through the object.
    row = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.key:x}"


class SimilarRecords(models.Model):
    """Two records with nearly the same text. Rows are counted from 0 through their objects."""

    LEFT_OUT: ClassVar = "left_out"
    BOTH: ClassVar = "both"
    DECISIONS: ClassVar = [(LEFT_OUT, "leave the later record out"), (BOTH, "keep both")]

    earlier = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="+")
    earlier_prepared = models.ForeignKey(PreparedObject, on_delete=models.PROTECT, related_name="+")
    earlier_row = models.PositiveIntegerField()
    earlier_record_id = models.CharField(max_length=32)
    later = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="similar")
    later_prepared = models.ForeignKey(PreparedObject, on_delete=models.PROTECT, related_name="+")
    later_row = models.PositiveIntegerField()
    later_record_id = models.CharField(max_length=32)
    # Jaccard index of the two texts' shingles.
    per_mille = models.PositiveSmallIntegerField()
    # "": nobody has decided; until then the earlier record wins.
    decision = models.CharField(max_length=10, choices=DECISIONS, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["later_prepared", "later_row", "earlier_prepared", "earlier_row"], name="similar_pair_once"
            ),
            models.CheckConstraint(condition=Q(per_mille__lte=1000), name="similar_at_most_whole"),
            models.CheckConstraint(
                condition=Q(decision="", decided_at=None) | ~Q(decision="") & Q(decided_at__isnull=False),
                name="similar_decided_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.later_record_id} like {self.earlier_record_id}"
