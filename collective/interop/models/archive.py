"""A version as one file, for clients that know no other form."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from collective.catalog.models import DatasetVersion
from collective.core.ids import new_id
from collective.core.states import StatefulModel, StateTable, state_table

ARCHIVE_STATES = state_table(
    "archive",
    "waiting",
    waiting="ready failed dropped",
    ready="dropped",
    failed="waiting dropped",
    dropped="waiting",
)


class MdcArchive(StatefulModel):
    """All of a version's data, or its public sample, as a tar.gz in the published store.

    The hash is written down before the object is stored, so that whatever was stored can be found and removed.
    """

    WHOLE, SAMPLE = "whole", "sample"
    KINDS: ClassVar = [(WHOLE, "all of the version"), (SAMPLE, "its public sample")]

    state_table: ClassVar[StateTable] = ARCHIVE_STATES

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="mdc_archives")
    kind = models.CharField(max_length=6, choices=KINDS)
    state = models.CharField(max_length=10, choices=ARCHIVE_STATES.choices, default=ARCHIVE_STATES.initial)
    # How often it was begun: the business key of each job.
    attempt = models.PositiveIntegerField(default=1)
    rows_done = models.PositiveBigIntegerField(default=0)
    rows_total = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    size = models.PositiveBigIntegerField(default=0)
    problem = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    ready_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "kind"], name="mdc_archive_once"),
            models.CheckConstraint(
                condition=~Q(state="ready") | (~Q(sha256="") & Q(size__gt=0) & Q(ready_at__isnull=False)),
                name="mdc_archive_ready_is_stored",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.sha256[:12]}"
