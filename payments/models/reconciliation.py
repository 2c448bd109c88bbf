"""The nightly comparison of the ledger with the rail's own books, and what did not agree."""

from django.db import models
from django.db.models import Q

from collective.core.domain.money import amount_text
from collective.core.ids import new_id
from payments.models.finance import FinanceTask


class ReconRun(models.Model):
    """One comparison of everything that moved from `since` until `until`, which is where the next one goes on.

    `balances` is what both sides said at its end: {currency: {ledger, rail}}, minor units.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    rail = models.CharField(max_length=20)
    since = models.DateTimeField()
    until = models.DateTimeField()
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    movements = models.PositiveIntegerField(default=0, help_text="Lines of the rail's account that were read.")
    journals = models.PositiveIntegerField(default=0, help_text="Things that the ledger says moved on the rail.")
    found = models.PositiveIntegerField(default=0, help_text="New differences.")
    resolved = models.PositiveIntegerField(default=0, help_text="Differences of before that are gone.")
    balances = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rail"], condition=Q(finished_at=None), name="recon_one_open_run")
        ]
        indexes = [models.Index(fields=["-started_at"], name="recon_run_newest")]

    def __str__(self) -> str:
        return f"{self.rail} until {self.until:%Y-%m-%d %H:%M}"


class ReconDiff(models.Model):
    """One thing about which the two sides disagree; `reference` is the rail's name for it. Nothing corrects it.

    It is resolved when a later run finds both sides equal; its task stays until a person closes it.
    """

    KINDS = [
        ("missing_in_ledger", "not in the ledger"),
        ("missing_on_rail", "not on the rail"),
        ("amount_differs", "another amount"),
        ("fee_differs", "another fee"),
        ("unknown_kind", "a kind that we do not know"),
        ("balance_differs", "another balance"),
    ]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    run = models.ForeignKey(ReconRun, on_delete=models.PROTECT, related_name="differences")
    rail = models.CharField(max_length=20)
    kind = models.CharField(max_length=20, choices=KINDS)
    reference = models.CharField(max_length=255)
    currency = models.CharField(max_length=3)
    called = models.CharField(max_length=100, blank=True, help_text="What the rail calls this kind of movement.")
    ledger_minor = models.BigIntegerField()
    rail_minor = models.BigIntegerField()
    task = models.OneToOneField(FinanceTask, on_delete=models.PROTECT, related_name="difference")
    resolved_by = models.ForeignKey(ReconRun, on_delete=models.PROTECT, null=True, related_name="resolutions")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rail", "reference", "currency", "kind"],
                condition=Q(resolved_by=None),
                name="recon_difference_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"

    @property
    def ledger(self) -> str:
        return amount_text(self.ledger_minor, self.currency)

    @property
    def on_rail(self) -> str:
        return amount_text(self.rail_minor, self.currency)
