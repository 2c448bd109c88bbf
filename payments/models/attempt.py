"""An order's way to be paid on a rail, from the click to the receipt."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from collective.core.ids import new_id
from collective.core.states import StatefulModel, StateTable
from payments.domain.states import ATTEMPT_STATES
from payments.models.order import Order


class PaymentAttempt(StatefulModel):
    """Committed before the rail is asked; its id is the key of every call for it. `reference` is the rail's name."""

    state_table: ClassVar[StateTable] = ATTEMPT_STATES

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="attempts")
    rail = models.CharField(max_length=20)
    state = models.CharField(max_length=20, choices=ATTEMPT_STATES.choices, default=ATTEMPT_STATES.initial)
    reference = models.CharField(max_length=255, blank=True)
    url = models.TextField(blank=True)
    on_approval = models.BooleanField(default=False, help_text="Authorized first, captured when access is approved.")
    authorized_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=Q(state__in=["reserved", "open", "authorized"]), name="attempt_one_standing"
            ),
            models.CheckConstraint(
                condition=~Q(state="authorized") | Q(on_approval=True, authorized_until__isnull=False),
                name="attempt_is_authorized_for_a_time",
            ),
            models.UniqueConstraint(
                fields=["rail", "reference"], condition=~Q(reference=""), name="attempt_reference_once"
            ),
        ]
        indexes = [
            models.Index(fields=["created_at"], condition=Q(state__in=["reserved", "open"]), name="attempt_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.rail} {self.reference or self.pk}"
