"""Money that goes back: who asked for it, what it took from where, and when it came to nothing after all."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from collective.accounts.models import User
from collective.core.domain.money import Money
from collective.core.ids import new_id
from collective.core.states import StatefulModel, StateTable
from payments.domain.states import REFUND_REQUEST_STATES
from payments.models.ledger import Journal
from payments.models.order import Order


class RefundRequest(StatefulModel):
    """Committed before the rail is asked; its amount counts as gone from then on. `reference` is the caller's key.

    `borne_by`: the sale gives back what it got (pool), or the marketplace pays the contributors' part itself (loss).
    """

    state_table: ClassVar[StateTable] = REFUND_REQUEST_STATES
    BEARERS: ClassVar = [("pool", "those who shared it"), ("loss", "the marketplace")]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="refund_requests")
    state = models.CharField(
        max_length=20, choices=REFUND_REQUEST_STATES.choices, default=REFUND_REQUEST_STATES.initial
    )
    reference = models.CharField(max_length=100, unique=True)
    amount_minor = models.PositiveBigIntegerField()
    reason = models.TextField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    borne_by = models.CharField(max_length=10, choices=BEARERS, default="pool")
    # For a share of records that withdrawals removed.
    removed_records = models.PositiveBigIntegerField(null=True)
    whole_records = models.PositiveBigIntegerField(null=True)
    threshold_bps = models.PositiveIntegerField(null=True)
    refusal = models.CharField(max_length=300, blank=True, help_text="Why the rail did not do it.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="refund_request_has_a_reason"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="refund_request_asks_for_something"),
            models.CheckConstraint(
                condition=Q(borne_by="pool", removed_records=None)
                | Q(
                    borne_by="loss",
                    removed_records__lte=F("whole_records"),
                    removed_records__gt=F("whole_records") * F("threshold_bps") / 10_000,
                ),
                name="refund_request_for_removal_is_above_threshold",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.order.currency)


class RefundQuerySet(models.QuerySet["Refund"]):
    def standing(self) -> Self:
        """Those that did not come to nothing."""
        return self.filter(failure=None)


class Refund(models.Model):
    """Money that went back, and from where, in the currency that the payment was booked in.

    `amount_minor` is what the buyer got, in the order's currency; the three parts sum to `booked_minor`. `kind`: given
    by us, given at the rail by somebody (outside), or taken by the buyer's bank (dispute).
    """

    KINDS: ClassVar = [("refund", "given back"), ("outside", "given back at the rail"), ("dispute", "lost dispute")]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="refunds")
    request = models.OneToOneField(RefundRequest, on_delete=models.PROTECT, null=True, related_name="refund")
    kind = models.CharField(max_length=10, choices=KINDS, default="refund")
    borne_by = models.CharField(max_length=10, choices=RefundRequest.BEARERS, default="pool")
    reference = models.CharField(max_length=100, unique=True)
    amount_minor = models.PositiveBigIntegerField()
    booked_minor = models.PositiveBigIntegerField()
    tax_minor = models.PositiveBigIntegerField()
    fee_minor = models.PositiveBigIntegerField()
    pool_minor = models.PositiveBigIntegerField()
    reason = models.TextField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    journal = models.OneToOneField(Journal, on_delete=models.PROTECT, related_name="refund")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = RefundQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(booked_minor=F("tax_minor") + F("fee_minor") + F("pool_minor"), amount_minor__gt=0),
                name="refund_parts_are_amount",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="refund_has_a_reason"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.order.currency)


class RefundFailure(models.Model):
    """Append-only. The rail gave the money back to us: everything is as before the refund."""

    refund = models.OneToOneField(Refund, on_delete=models.PROTECT, primary_key=True, related_name="failure")
    journal = models.OneToOneField(Journal, on_delete=models.PROTECT, related_name="refund_failure")
    failed_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.refund} failed"
