"""What the operators of the marketplace have to look at, because money is not as it should be."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from collective.accounts.models import Organization, User
from collective.core.ids import new_id
from payments.models.order import Order


class FinanceTask(models.Model):
    """One per `key`, the business key of what is wrong. While it is open, a payee that it stops is paid nothing."""

    KINDS: ClassVar = [
        ("refund_failed", "a refund failed"),
        ("refund_refused", "a refund was refused"),
        ("unapplied_stuck", "money that belongs to no order"),
        ("dispute", "a dispute"),
        ("difference", "a difference to the rail"),
        ("ledger", "the ledger contradicts itself"),
        ("transfer_unclear", "a transfer without an answer"),
        ("low_balance", "too little money on the rail"),
        ("invoice", "an invoice that is not as it should be"),
        ("account_closed", "a payee whose account is closed"),
    ]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=20, choices=KINDS)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, related_name="finance_tasks")
    payee = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True, related_name="finance_tasks")
    stops_payee = models.BooleanField(default=False)
    facts = models.JSONField(default=dict)
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None) | (Q(closed_at__gte=F("opened_at")) & ~Q(note="")),
                name="finance_task_is_closed_with_a_note",
            )
        ]
        indexes = [models.Index(fields=["opened_at"], condition=Q(closed_at=None), name="finance_task_open")]

    def __str__(self) -> str:
        return self.key
