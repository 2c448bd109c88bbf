"""What a payee was told of a month's money: issued once, kept as it was, corrected only by another one."""

import json
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from collective.accounts.models import Organization
from collective.core.domain.money import Money
from collective.core.ids import new_id
from payments.domain.months import Month


class StatementPeriod(models.Model):
    """One issue of a month (UTC) in one currency. The first is for everybody, later ones for whom it was wrong.

    `entry_count` entries of payees were in the ledger before the month's end when it was made: with more of them, an
    issue is out of date. Open until its statements are written; `root_sha256` is the root of the tree over them.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    month = models.CharField(max_length=7, help_text="As in 2026-11.")
    currency = models.CharField(max_length=3)
    revision = models.PositiveIntegerField()
    entry_count = models.PositiveBigIntegerField()
    statement_count = models.PositiveBigIntegerField(null=True)
    root_sha256 = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    issued_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["month", "currency", "revision"], name="statement_period_once"),
            models.UniqueConstraint(
                fields=["month", "currency"], condition=Q(issued_at=None), name="statement_period_one_open"
            ),
            models.CheckConstraint(
                condition=Q(issued_at=None, root_sha256="", statement_count=None)
                | (Q(issued_at__isnull=False, statement_count__isnull=False) & ~Q(root_sha256="")),
                name="statement_period_issued_with_its_root",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month}-{self.currency}-{self.revision}"


class Statement(models.Model):
    """Append-only. `body` is canonical JSON (RFC 8785), hashed as it stands; `position` is its leaf in the tree."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    period = models.ForeignKey(StatementPeriod, on_delete=models.PROTECT, related_name="statements")
    payee = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="statements")
    position = models.PositiveBigIntegerField()
    number = models.CharField(max_length=40, unique=True)
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="corrected_by")
    opening_minor = models.BigIntegerField()
    closing_minor = models.BigIntegerField()
    body = models.TextField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "payee"], name="statement_payee_once"),
            models.UniqueConstraint(fields=["period", "position"], name="statement_position_once"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def content(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def closing(self) -> Money:
        return Money(self.closing_minor, self.period.currency)

    @property
    def month_starts_at(self) -> datetime:
        return Month.parse(self.period.month).starts_at
