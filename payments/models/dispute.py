"""A buyer's bank takes a payment back, for the time being or for good."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from collective.core.domain.money import Money
from collective.core.ids import new_id
from collective.core.states import StatefulModel, StateTable
from payments.domain.states import DISPUTE_STATES
from payments.models.order import Order
from payments.models.sponsoring import SponsorFunding
from payments.models.unapplied import UnappliedPayment


class Dispute(StatefulModel):
    """`amount_minor` in the order's currency; `booked_minor` and `fee_minor` in the one that the payment was booked in.

    While it is open, `pool_minor` of the version's pool is neither released to its payees nor paid out to them.
    """

    state_table: ClassVar[StateTable] = DISPUTE_STATES

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="disputes")
    state = models.CharField(max_length=20, choices=DISPUTE_STATES.choices, default=DISPUTE_STATES.initial)
    rail = models.CharField(max_length=20)
    reference = models.CharField(max_length=100)
    amount_minor = models.PositiveBigIntegerField()
    booked_minor = models.PositiveBigIntegerField(default=0)
    fee_minor = models.PositiveBigIntegerField(default=0)
    pool_minor = models.PositiveBigIntegerField(default=0)
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rail", "reference"], name="dispute_once")]
        indexes = [models.Index(fields=["order"], condition=Q(state="open"), name="dispute_open")]

    def __str__(self) -> str:
        return f"{self.rail} {self.reference}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.order.currency)


class SideDispute(StatefulModel):
    """Of money that paid no order: what funded a budget, or what no order could take.

    `amount_minor` is in the currency that it was paid in, `booked_minor` and `fee_minor` in the one it was booked in.
    While it is open, a budget neither spends nor gives back so much of what it holds.
    """

    state_table: ClassVar[StateTable] = DISPUTE_STATES

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    funding = models.ForeignKey(SponsorFunding, on_delete=models.PROTECT, null=True, related_name="disputes")
    unapplied = models.ForeignKey(UnappliedPayment, on_delete=models.PROTECT, null=True, related_name="disputes")
    state = models.CharField(max_length=20, choices=DISPUTE_STATES.choices, default=DISPUTE_STATES.initial)
    rail = models.CharField(max_length=20)
    reference = models.CharField(max_length=100)
    amount_minor = models.PositiveBigIntegerField()
    booked_minor = models.PositiveBigIntegerField(default=0)
    fee_minor = models.PositiveBigIntegerField(default=0)
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rail", "reference"], name="side_dispute_once"),
            models.CheckConstraint(
                condition=Q(funding=None, unapplied__isnull=False) | Q(funding__isnull=False, unapplied=None),
                name="side_dispute_is_about_one_thing",
            ),
        ]
        indexes = [models.Index(fields=["funding"], condition=Q(state="open"), name="side_dispute_open")]

    def __str__(self) -> str:
        return f"{self.rail} {self.reference}"

    @property
    def paid(self) -> SponsorFunding | UnappliedPayment:
        """What the bank takes back."""
        found = self.funding or self.unapplied
        if found is None:
            raise ValueError(f"{self} is about nothing")
        return found

    @property
    def currency(self) -> str:
        """Of what was booked."""
        return self.paid.booked_currency
