"""What one operator asks for and another has to agree to, because it moves much money."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from collective.accounts.models import User
from collective.core.domain.money import Money
from collective.core.ids import new_id
from collective.core.states import StatefulModel, StateTable
from payments.domain.states import APPROVAL_STATES
from payments.models.order import Order


class Approval(StatefulModel):
    """`subject` names what is asked for: refund:{request}, correction:{key}, write-off:{reference}.

    `plan` is what will be done, for those that have no row of their own yet.
    """

    state_table: ClassVar[StateTable] = APPROVAL_STATES
    KINDS: ClassVar = [("refund", "a refund"), ("write_off", "a debt written off"), ("correction", "a correction")]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=20, choices=KINDS)
    state = models.CharField(max_length=20, choices=APPROVAL_STATES.choices, default=APPROVAL_STATES.initial)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, related_name="approvals")
    currency = models.CharField(max_length=3)
    amount_minor = models.PositiveBigIntegerField()
    reason = models.TextField()
    plan = models.JSONField(default=dict)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")), name="approval_takes_two_people"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_by=None) | (~Q(state="waiting") & Q(decided_by__isnull=False)),
                name="approval_is_decided_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(state="refused", note=""), name="approval_is_refused_with_a_reason"),
            models.CheckConstraint(condition=~Q(reason=""), name="approval_has_a_reason"),
        ]
        indexes = [models.Index(fields=["asked_at"], condition=Q(state="waiting"), name="approval_waiting")]

    def __str__(self) -> str:
        return self.subject

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)
