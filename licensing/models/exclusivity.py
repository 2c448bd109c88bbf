"""What is kept for one licensee: a row for each action, field and country, so that the database can compare them."""

from django.db import models
from django.db.models import Q

from collective.catalog.models import Dataset
from licensing.models.offer import Offer


class ExclusiveClaim(models.Model):
    """Made before any money is taken. Two rows that meet in everything and in time cannot both exist: on PostgreSQL
    by an exclusion constraint, on SQLite by a trigger (migration 0006).

    `held_until` is set while the order waits for its payment; after it the claim counts no more. The order lives
    above us, in payments: its id is kept, without a foreign key.
    """

    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="exclusive_claims")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="exclusive_claims")
    order_id = models.UUIDField(db_index=True)
    licensee_id = models.UUIDField()
    action = models.CharField(max_length=20)
    field = models.CharField(max_length=20)
    territory = models.CharField(max_length=2)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, help_text="Empty: without an end.")
    held_until = models.DateTimeField(null=True, help_text="Empty: the license was granted.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order_id", "action", "field", "territory"], name="exclusive_claim_once_per_order"
            ),
            models.UniqueConstraint(
                fields=["dataset", "action", "field", "territory"],
                condition=Q(ends_at=None),
                name="exclusive_claim_one_without_end",
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=models.F("starts_at")),
                name="exclusive_claim_ends_after_start",
            ),
        ]
        indexes = [
            models.Index(fields=["dataset", "action", "field", "territory"], name="exclusive_claim_scope"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.field} {self.territory}"
