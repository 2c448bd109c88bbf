"""The queue of record: work that is owed, with lease, fence and attempts."""

from django.db import models

from collective.core.domain.states import state_table
from collective.core.ids import new_id

JOB_STATES = state_table("job", "queued", queued="running", running="queued done dead", done="", dead="queued")


class Job(models.Model):
    """A named piece of work. `arguments` holds ids only: it is shown to operators and kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=100)
    # The business key of the effect: the same work asked for twice is one row.
    key = models.CharField(max_length=200, unique=True)
    arguments = models.JSONField(default=dict)
    queue = models.CharField(max_length=10, default="light")
    state = models.CharField(max_length=10, choices=JOB_STATES.choices, default=JOB_STATES.initial)
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=5)
    fence = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="running") | models.Q(lease_until=None), name="job_lease_only_while_running"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="dead") | ~models.Q(reason=""), name="job_dead_with_a_reason"
            ),
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="job_state_due")]

    def __str__(self) -> str:
        return f"{self.name} ({self.state})"
