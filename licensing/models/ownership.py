"""Claims of third parties that what is licensed here is theirs."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from collective.catalog.models import Contribution, Dataset
from collective.core.ids import new_id
from collective.core.states import StatefulModel, StateTable
from licensing.domain.states import OWNERSHIP_STATES


class OwnershipClaim(StatefulModel):
    """About a dataset, or about one contribution to it. What was claimed stays; the state and the part may change.

    `filed_by` is empty where somebody without an account wrote. Licensees and contributors never see who claims.
    """

    state_table: ClassVar[StateTable] = OWNERSHIP_STATES

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="ownership_claims")
    # Empty: the whole dataset.
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, null=True, related_name="ownership_claims")
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=150)
    email = models.EmailField()
    what = models.TextField(help_text="Which works or records.")
    why = models.TextField(help_text="Why they are the claimant's.")
    evidence = models.TextField(help_text="Where it can be checked: addresses, registrations, contracts.")
    state = models.CharField(max_length=12, choices=OWNERSHIP_STATES.choices, default=OWNERSHIP_STATES.initial)
    filed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["dataset", "-filed_at"], name="ownership_of_dataset"),
            models.Index(fields=["email", "filed_at"], name="ownership_by_email"),
        ]

    def __str__(self) -> str:
        return f"claim on {self.dataset}"

    @property
    def cause(self) -> str:
        """How holds and freezes name it."""
        return f"ownership:{self.pk}"

    @property
    def number(self) -> str:
        """Short, for people."""
        return str(self.pk)[-8:]


class OwnershipClaimEvent(models.Model):
    """Append-only: who decided what, and why."""

    KINDS: ClassVar = [(kind, kind) for kind in ("filed", "reviewed", "upheld", "taken_out", "rejected", "withdrawn")]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    claim = models.ForeignKey(OwnershipClaim, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12, choices=KINDS)
    reason = models.TextField(blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["claim", "kind"], name="ownership_event_once"),
            models.CheckConstraint(
                condition=~Q(kind__in=["upheld", "taken_out", "rejected"]) | (~Q(reason="") & Q(actor__isnull=False)),
                name="ownership_decision_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d}"
