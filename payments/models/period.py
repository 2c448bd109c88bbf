"""The time that a sale pays for, where it pays for a time."""

from django.db import models
from django.db.models import F, Q

from payments.models.ledger import Account
from payments.models.order import Order


class SalePeriod(models.Model):
    """Append-only. The sale's pool part waits in an account of its own until `ends_at`; days of grace are free.

    It is divided by day among those whose records were in the version on that day.
    """

    order = models.OneToOneField(Order, on_delete=models.PROTECT, primary_key=True, related_name="period")
    pool = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="period")
    starts_at = models.DateTimeField()
    days = models.PositiveIntegerField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at"), days__gt=0), name="period_has_a_length")
        ]
        indexes = [models.Index(fields=["ends_at"], name="period_by_end")]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d} – {self.ends_at:%Y-%m-%d}"
