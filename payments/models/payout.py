"""How payees are paid, and every transfer to them, from the promise to what came back of it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from collective.accounts.models import Organization, User
from collective.core.domain.money import Money
from collective.core.ids import new_id
from collective.core.states import StatefulModel, StateTable
from payments.domain.states import PAYOUT_ACCOUNT_STATES, TRANSFER_REVERSAL_STATES, TRANSFER_STATES


class PayoutAccount(StatefulModel):
    """A payee on the rail. Committed before the rail is asked; its id is the key of that call.

    `missing` are the rail's own names of what it still has to know. `destination` is a hash of where the rail sends the
    payee's money on to; transfers wait for a while after another one took its place at `destination_changed_at`.
    """

    state_table: ClassVar[StateTable] = PAYOUT_ACCOUNT_STATES

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    payee = models.OneToOneField(Organization, on_delete=models.PROTECT, related_name="payout_account")
    rail = models.CharField(max_length=20)
    reference = models.CharField(max_length=100, blank=True)
    state = models.CharField(
        max_length=20, choices=PAYOUT_ACCOUNT_STATES.choices, default=PAYOUT_ACCOUNT_STATES.initial
    )
    country = models.CharField(max_length=2)
    missing = models.JSONField(default=list)
    destination = models.CharField(max_length=64, blank=True)
    destination_changed_at = models.DateTimeField(null=True)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rail", "reference"], condition=~Q(reference=""), name="payout_account_reference_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.rail} {self.reference or self.pk}"


class PayoutRun(models.Model):
    """One per week: `slot` counts them from the epoch."""

    slot = models.PositiveIntegerField(primary_key=True)
    started_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d}"


class TransferIntent(StatefulModel):
    """Committed with its reservation before the rail is asked; its id is the key of the call.

    `reference` is the rail's name for the transfer, `refusal` why there is none.
    """

    state_table: ClassVar[StateTable] = TRANSFER_STATES

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    run = models.ForeignKey(PayoutRun, on_delete=models.PROTECT, related_name="transfers")
    payee = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="transfers")
    account = models.ForeignKey(PayoutAccount, on_delete=models.PROTECT, related_name="transfers")
    currency = models.CharField(max_length=3)
    amount_minor = models.PositiveBigIntegerField()
    state = models.CharField(max_length=20, choices=TRANSFER_STATES.choices, default=TRANSFER_STATES.initial)
    reference = models.CharField(max_length=100, blank=True)
    refusal = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "payee", "currency"], name="transfer_once_per_run"),
            models.UniqueConstraint(
                fields=["account", "reference"], condition=~Q(reference=""), name="transfer_reference_once"
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="transfer_moves_something"),
        ]
        indexes = [
            models.Index(fields=["created_at"], condition=Q(state="reserved"), name="transfer_waiting"),
            models.Index(fields=["payee", "-created_at"], name="transfer_of_payee"),
        ]

    def __str__(self) -> str:
        return f"{self.payee} {self.amount}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)


class TransferReversal(StatefulModel):
    """A part of a transfer that is asked back for a debt; its id is the key of the call. Booked only when it came."""

    state_table: ClassVar[StateTable] = TRANSFER_REVERSAL_STATES

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    transfer = models.ForeignKey(TransferIntent, on_delete=models.PROTECT, related_name="reversals")
    amount_minor = models.PositiveBigIntegerField()
    state = models.CharField(
        max_length=20, choices=TRANSFER_REVERSAL_STATES.choices, default=TRANSFER_REVERSAL_STATES.initial
    )
    reference = models.CharField(max_length=100, blank=True)
    refusal = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["transfer"], condition=Q(state="reserved"), name="transfer_reversal_one_at_a_time"
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="transfer_reversal_moves_something"),
        ]

    def __str__(self) -> str:
        return f"{self.transfer_id} {self.amount_minor:+d}"
