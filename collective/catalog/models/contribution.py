"""What one contributor put in at one time."""

from typing import ClassVar

from django.db import models

from collective.accounts.models import Organization, User
from collective.catalog.domain.states import CONTRIBUTION_STATES
from collective.catalog.models.dataset import Dataset
from collective.core.ids import new_id
from collective.core.states import StatefulModel, StateTable


class Contribution(StatefulModel):
    """Ingestion fills the counts, licensing the rights; submitting needs both. `payee` earns what it earns."""

    state_table: ClassVar[StateTable] = CONTRIBUTION_STATES

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="contributions")
    contributor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="contributions")
    payee = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=15, choices=CONTRIBUTION_STATES.choices, default=CONTRIBUTION_STATES.initial)
    created_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decision_reason = models.TextField(blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    # Pushed up from ingestion: how much is uploaded, and what validation counted.
    file_count = models.PositiveIntegerField(default=0)
    record_count = models.PositiveBigIntegerField(default=0)
    byte_count = models.PositiveBigIntegerField(default=0)
    # Pushed up from licensing: set once source, consent and attestation are complete; the material's SPDX id.
    rights_declared_at = models.DateTimeField(null=True)
    material_license = models.CharField(max_length=80, blank=True)

    def __str__(self) -> str:
        return self.title
