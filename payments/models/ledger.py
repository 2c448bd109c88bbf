"""Double entry, append-only. What keeps it true is in the database: see `payments/triggers/` and the migrations.

A journal commits only with its seal (a deferred foreign key to it), the seal only goes onto a balanced journal, and
nothing is added after it. Credit is positive, debit negative, amounts are minor units.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from collective.accounts.models import Organization
from collective.core.ids import new_id
from payments.domain import chart

LARGEST_AMOUNT = 10**15


class Account(models.Model):
    """`balance` and `version` change only through entries, by trigger."""

    KINDS: ClassVar = [
        (chart.ASSET, "asset"),
        (chart.LIABILITY, "liability"),
        (chart.REVENUE, "revenue"),
        (chart.EXPENSE, "expense"),
        (chart.EQUITY, "equity"),
    ]

    code = models.CharField(max_length=80)
    currency = models.CharField(max_length=3)
    kind = models.CharField(max_length=2, choices=KINDS)
    owner = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True, related_name="ledger_accounts")
    may_go_debit = models.BooleanField()
    may_go_credit = models.BooleanField()
    balance = models.BigIntegerField(default=0)
    version = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "currency"], name="ledger_account_once"),
            models.CheckConstraint(condition=Q(may_go_debit=True) | Q(balance__gte=0), name="ledger_never_debit"),
            models.CheckConstraint(condition=Q(may_go_credit=True) | Q(balance__lte=0), name="ledger_never_credit"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.currency}"


class Journal(models.Model):
    """One business fact. `key` names it; `fingerprint` tells a replay from a conflict; `n` entries were declared.

    `source` is what it answers for on the rail, by the rail's own name: reconciliation joins both sides by it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=200, unique=True)
    fingerprint = models.CharField(max_length=64)
    event = models.CharField(max_length=40)
    currency = models.CharField(max_length=3)
    n = models.PositiveIntegerField()
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    meta = models.JSONField(default=dict)
    source = models.CharField(max_length=255, blank=True, default="", db_default="")
    created_at = models.DateTimeField(auto_now_add=True)
    # Always this journal's own id. The foreign key is deferred, so COMMIT fails while the seal is missing.
    seal = models.OneToOneField("Seal", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(seal=F("id")), name="journal_has_its_own_seal")]
        indexes = [
            models.Index(fields=["source"], condition=~Q(source=""), name="journal_of_rail_object"),
            models.Index(fields=["created_at"], condition=~Q(source=""), name="journal_of_rail_by_time"),
        ]

    def __str__(self) -> str:
        return self.key


class Entry(models.Model):
    journal = models.ForeignKey(Journal, on_delete=models.PROTECT, related_name="entries")
    seq = models.PositiveIntegerField()
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="entries")
    amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["journal", "seq"], name="entry_seq_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="entry_moves_something"),
            models.CheckConstraint(
                condition=Q(amount__gte=-LARGEST_AMOUNT, amount__lte=LARGEST_AMOUNT), name="entry_amount_is_sane"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.amount:+d}"


class Seal(models.Model):
    """The journal is complete: its entries were counted and their sum is zero."""

    journal = models.OneToOneField(Journal, on_delete=models.PROTECT, primary_key=True, related_name="+")

    def __str__(self) -> str:
        return str(self.pk)
