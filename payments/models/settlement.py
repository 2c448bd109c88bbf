"""Dividing a pool among the payees of its version: computed and stored first, then posted in chunks."""

from django.db import models

from collective.accounts.models import Organization
from collective.catalog.models import DatasetVersion
from collective.core.ids import new_id
from payments.models.ledger import Account, Entry, Journal


class Settlement(models.Model):
    """The n-th division of one pool: `net_minor` is all that it ever held, `before_minor` what was divided before.

    `after_entry_id` and `to_entry_id` bound the pool's entries that it answers for.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    pool = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="settlements")
    version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="settlements")
    n = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    net_minor = models.PositiveBigIntegerField()
    before_minor = models.PositiveBigIntegerField()
    total_weight = models.PositiveBigIntegerField()
    after_entry_id = models.PositiveBigIntegerField()
    to_entry_id = models.PositiveBigIntegerField()
    created_at = models.DateTimeField()
    release_at = models.DateTimeField()
    posted_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pool", "n"], name="settlement_number_once"),
            models.UniqueConstraint(
                fields=["pool"], condition=models.Q(posted_at=None), name="settlement_one_open_per_pool"
            ),
        ]
        indexes = [
            models.Index(fields=["release_at"], condition=models.Q(released_at=None), name="settlement_unreleased")
        ]

    def __str__(self) -> str:
        return f"{self.pool.code} #{self.n}"

    @property
    def amount_minor(self) -> int:
        """What this one divides; negative after a refund."""
        return self.net_minor - self.before_minor


class SettlementLine(models.Model):
    """One payee's leg, never zero. Append-only: `before + amount` is what the payee has from this pool."""

    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, related_name="lines")
    payee = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="settlement_lines")
    chunk = models.PositiveIntegerField()
    weight = models.PositiveBigIntegerField()
    before_minor = models.PositiveBigIntegerField()
    amount_minor = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["settlement", "payee"], name="settlement_payee_once"),
            models.CheckConstraint(condition=~models.Q(amount_minor=0), name="settlement_line_moves_something"),
        ]
        indexes = [models.Index(fields=["payee", "-id"], name="settlement_line_of_payee")]

    def __str__(self) -> str:
        return f"{self.payee} {self.amount_minor:+d}"


class SettlementPosting(models.Model):
    """A chunk of a settlement has reached the ledger."""

    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, related_name="postings")
    chunk = models.PositiveIntegerField()
    journal = models.OneToOneField(Journal, on_delete=models.PROTECT, related_name="settlement_posting")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["settlement", "chunk"], name="settlement_chunk_once")]

    def __str__(self) -> str:
        return f"{self.settlement_id} / {self.chunk}"


class ReleasedPart(models.Model):
    """Append-only. So much of an entry on what is held was free when its hold was over: it became payable, or what was
    taken back had used it up.

    An entry has several where something kept the rest of it; each has the entry's sign.
    """

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="released_parts")
    amount_minor = models.BigIntegerField()
    released_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(amount_minor=0), name="released_part_is_something"),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor:+d} of entry {self.entry_id}"
