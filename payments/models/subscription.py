"""A license that is paid again for each period, with whatever the dataset has become by then."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from collective.accounts.models import Organization, User
from collective.core.ids import new_id
from collective.core.states import StatefulModel, StateTable
from licensing.models import Offer
from payments.domain.states import SUBSCRIPTION_STATES
from payments.models.order import Order


class Subscription(StatefulModel):
    """`order` is the first one; each later period has an order of its own (`Renewal`). `reference` is the rail's name.

    `current_starts_at` to `current_ends_at` is the newest period that was paid; days of grace come after it.
    """

    state_table: ClassVar[StateTable] = SUBSCRIPTION_STATES
    LIVE: ClassVar = ("active", "past_due", "ending")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="subscription")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="subscriptions")
    licensee = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="subscriptions")
    buyer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="subscriptions")
    rail = models.CharField(max_length=20)
    reference = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=20, choices=SUBSCRIPTION_STATES.choices, default=SUBSCRIPTION_STATES.initial)
    current_starts_at = models.DateTimeField(null=True)
    current_ends_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=50, blank=True, help_text="Cancelled, unpaid, or an error's code.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rail", "reference"], condition=~Q(reference=""), name="subscription_reference_once"
            ),
            models.UniqueConstraint(
                fields=["offer", "licensee"],
                condition=Q(state__in=["active", "past_due", "ending"]),
                name="subscription_one_live",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "ended"])
                | Q(current_ends_at__gt=F("current_starts_at"), current_starts_at__isnull=False),
                name="subscription_has_a_period",
            ),
            models.CheckConstraint(
                condition=~Q(state="ended") | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
                name="subscription_ends_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.reference or str(self.pk)


class Renewal(models.Model):
    """Append-only: the order of a later period, whose version is pinned in it. One for each period."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT, primary_key=True, related_name="renewal")
    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="renewals")
    starts_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subscription", "starts_at"], name="renewal_once_per_period")]

    def __str__(self) -> str:
        return f"{self.subscription} from {self.starts_at:%Y-%m-%d}"
