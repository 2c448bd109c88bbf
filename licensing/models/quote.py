"""Asking for a price, and the offer that answers."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from collective.accounts.models import Organization
from collective.core.ids import new_id
from collective.core.states import StatefulModel, StateTable
from licensing.domain.states import QUOTE_STATES
from licensing.models.offer import Offer


class QuoteRequest(StatefulModel):
    """For an offer without a fixed price. `answer` is an offer for this organization alone."""

    state_table: ClassVar[StateTable] = QUOTE_STATES

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="quote_requests")
    licensee = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="quote_requests")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    use = models.TextField(help_text="What the data is wanted for.")
    state = models.CharField(max_length=10, choices=QUOTE_STATES.choices, default=QUOTE_STATES.initial)
    answer = models.ForeignKey(Offer, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["offer", "licensee"], condition=Q(state="open"), name="quote_one_open_per_licensee"
            ),
            models.CheckConstraint(
                condition=~Q(state="answered") | Q(answer__isnull=False), name="quote_answered_with_an_offer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.licensee} · {self.offer}"
