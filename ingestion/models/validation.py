"""What a check of a contribution found, and what the steward said of secrets among it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from collective.accounts.models import User
from collective.catalog.models import Contribution
from collective.core.ids import new_id
from collective.core.states import StatefulModel, StateTable
from ingestion.domain.states import REPORT_STATES


class ValidationReport(StatefulModel):
    """One submission's check. Written to while it runs, so that people see it grow."""

    state_table: ClassVar[StateTable] = REPORT_STATES

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="reports")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=REPORT_STATES.choices, default=REPORT_STATES.initial)
    # What is being done now, to which file; and how far it is.
    phase = models.CharField(max_length=60, blank=True)
    current_file = models.CharField(max_length=200, blank=True)
    # Pieces to do: whoever makes it 0 starts the last step.
    remaining = models.PositiveIntegerField(default=0)
    files_done = models.PositiveIntegerField(default=0)
    files_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveBigIntegerField(default=0)
    bytes_done = models.PositiveBigIntegerField(default=0)
    bytes_total = models.PositiveBigIntegerField(default=0)
    # A list of problems, each with file, row, column, code, message, action and example.
    errors = models.JSONField(default=list)
    error_count = models.PositiveIntegerField(default=0)
    warnings = models.JSONField(default=list)
    # What checks counted: see `domain/findings.py`.
    findings = models.JSONField(default=list)
    statistics = models.JSONField(default=dict)
    # Different API keys of this site that were really in the data, and those of them that worked until then.
    own_keys_found = models.PositiveIntegerField(default=0)
    own_keys_revoked = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contribution", "number"], name="report_number_once"),
            models.CheckConstraint(condition=~Q(state="problems") | Q(error_count__gt=0), name="report_names_problems"),
        ]

    def __str__(self) -> str:
        return f"{self.contribution} · check {self.number}"

    @property
    def is_running(self) -> bool:
        return self.state in ("waiting", "running")

    @property
    def percent(self) -> int:
        """Bytes read of bytes to read, 0 to 100."""
        return min(100, 100 * self.bytes_done // self.bytes_total) if self.bytes_total else 0


class SecretsAcknowledgement(models.Model):
    """The steward has looked at the secrets that a check found, and answers for publishing them. Append-only."""

    report = models.OneToOneField(ValidationReport, on_delete=models.PROTECT, related_name="secrets_acknowledgement")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    note = models.TextField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(note=""), name="secrets_acknowledged_with_note")]

    def __str__(self) -> str:
        return f"{self.report}: {self.note[:60]}"
