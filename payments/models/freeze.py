"""Shares that wait longer than the hold, because somebody else may own what earned them."""

from django.db import models
from django.db.models import F, Q

from collective.accounts.models import Organization
from collective.catalog.models import Dataset
from collective.core.ids import new_id


class PayoutFreeze(models.Model):
    """What of a dataset's shares was not released when it was placed stays held until it is lifted.

    `payee` is empty where the whole dataset is concerned; otherwise it is about their shares in versions that held what
    the claim in `cause` is about. No entry is made or changed: the money does not move.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    cause = models.CharField(max_length=100, unique=True, help_text="As in ownership:{claim}.")
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="payout_freezes")
    payee = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True, related_name="payout_freezes")
    placed_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(lifted_at=None) | Q(lifted_at__gte=F("placed_at")), name="freeze_ends_after_its_start"
            )
        ]
        indexes = [models.Index(fields=["dataset"], condition=Q(lifted_at=None), name="freeze_standing")]

    def __str__(self) -> str:
        return self.cause
