"""Money that arrived and that no order could take: it goes back to whoever paid it."""

from typing import ClassVar

from django.db import models

from collective.core.ids import new_id
from collective.core.states import StatefulModel, StateTable
from payments.domain.states import UNAPPLIED_STATES
from payments.models.ledger import Journal
from payments.models.order import Order


class UnappliedPayment(StatefulModel):
    """`why` is the code of the error that kept the order from taking it."""

    state_table: ClassVar[StateTable] = UNAPPLIED_STATES

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="unapplied")
    state = models.CharField(max_length=20, choices=UNAPPLIED_STATES.choices, default=UNAPPLIED_STATES.initial)
    rail = models.CharField(max_length=20)
    reference = models.CharField(max_length=100)
    amount_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    booked_minor = models.PositiveBigIntegerField()
    booked_currency = models.CharField(max_length=3)
    why = models.CharField(max_length=50)
    journal = models.OneToOneField(Journal, on_delete=models.PROTECT, related_name="unapplied")
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rail", "reference"], name="unapplied_once")]

    def __str__(self) -> str:
        return f"{self.rail} {self.reference}"
