"""What an organization is asked to pay for an order, on paper, with time to do it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from collective.core.ids import new_id
from collective.core.states import StatefulModel, StateTable
from payments.domain.states import INVOICE_STATES
from payments.models.ledger import Journal
from payments.models.order import Order


class Invoice(StatefulModel):
    """Committed before the rail is asked; its id is the key of every call for it. `reference` is the rail's name.

    It asks for the order's whole total and never for another sum: what should cost less is voided and ordered again.
    `claim` is booked when it is issued, and reversed when it ends unpaid.
    """

    state_table: ClassVar[StateTable] = INVOICE_STATES

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="invoice")
    rail = models.CharField(max_length=20)
    state = models.CharField(max_length=20, choices=INVOICE_STATES.choices, default=INVOICE_STATES.initial)
    po_number = models.CharField(max_length=60, blank=True)
    days = models.PositiveIntegerField(help_text="From its date until it is due.")
    reference = models.CharField(max_length=100, blank=True)
    number = models.CharField(max_length=100, blank=True)
    url = models.TextField(blank=True)
    refusal = models.CharField(max_length=300, blank=True, help_text="Why the rail did not write it.")
    claim = models.OneToOneField(Journal, on_delete=models.PROTECT, null=True, related_name="claimed_by")
    receipt = models.OneToOneField(Journal, on_delete=models.PROTECT, null=True, related_name="received_for")
    created_at = models.DateTimeField(auto_now_add=True)
    issued_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rail", "reference"], condition=~Q(reference=""), name="invoice_reference_once"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["open", "paid", "returned", "uncollectible"])
                | Q(claim__isnull=False, due_at__isnull=False),
                name="invoice_issued_is_booked",
            ),
        ]

    def __str__(self) -> str:
        return self.number or str(self.pk)
