"""Why a license is suspended, where the reason has an end of its own."""

from django.db import models
from django.db.models import F, Q

from collective.core.ids import new_id
from licensing.models.grant import GrantStatusEvent, LicenseGrant


class GrantHold(models.Model):
    """One reason, from beginning to end; a license goes on when none is left. Only the end is written later.

    `cause` names what it comes from, as in `ownership:{claim}`; `status_event` is the suspension that it made.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    grant = models.ForeignKey(LicenseGrant, on_delete=models.PROTECT, related_name="holds")
    cause = models.CharField(max_length=100)
    reason = models.TextField()
    status_event = models.ForeignKey(GrantStatusEvent, on_delete=models.PROTECT, related_name="holds")
    placed_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["grant", "cause"], name="hold_once_per_cause"),
            models.CheckConstraint(
                condition=Q(lifted_at=None) | Q(lifted_at__gte=F("placed_at")), name="hold_ends_after_its_start"
            ),
        ]
        indexes = [models.Index(fields=["cause"], name="hold_by_cause")]

    def __str__(self) -> str:
        return f"{self.grant} · {self.cause}"
