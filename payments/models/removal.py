"""A refund that a licensee asked for because withdrawals took too much out of what they licensed."""

from django.db import models
from django.db.models import F, Q

from payments.models.order import Refund


class RemovalRefund(models.Model):
    """Append-only. Its refund's `pool_minor` was borne by the marketplace: no pool and no payee gave anything."""

    refund = models.OneToOneField(Refund, on_delete=models.PROTECT, primary_key=True, related_name="removal")
    removed_records = models.PositiveBigIntegerField()
    whole_records = models.PositiveBigIntegerField()
    threshold_bps = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(removed_records__lte=F("whole_records"))
                & Q(removed_records__gt=F("whole_records") * F("threshold_bps") / 10_000),
                name="removal_is_above_its_threshold",
            )
        ]

    def __str__(self) -> str:
        return f"{self.removed_records} of {self.whole_records}"
