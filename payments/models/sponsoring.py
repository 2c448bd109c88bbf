"""Budgets from which organizations pay the licenses of researchers, and how the money got there and back."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from collective.accounts.models import Organization, User
from collective.catalog.models import Dataset
from collective.core.domain.money import Money
from collective.core.ids import new_id
from collective.core.states import StatefulModel, StateTable
from licensing.models import LicenseTemplate, Offer
from payments.domain import chart
from payments.domain.states import FUNDING_STATES, SPONSOR_APPROVAL_STATES, SPONSOR_RETURN_STATES, SPONSORSHIP_STATES
from payments.models.ledger import Journal
from payments.models.order import Order


class Sponsorship(StatefulModel):
    """What it is for is frozen by trigger. No datasets, publishers or licenses named: any. The money is in the ledger.

    `most_minor` is the most for one license, all included; null: whatever the budget holds.
    """

    state_table: ClassVar[StateTable] = SPONSORSHIP_STATES

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sponsor = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="sponsorships")
    title = models.CharField(max_length=150)
    about = models.TextField(blank=True, help_text="For whom and for what, in the sponsor's words.")
    currency = models.CharField(max_length=3)
    most_minor = models.PositiveBigIntegerField(null=True)
    datasets = models.ManyToManyField(Dataset, related_name="+")
    publishers = models.ManyToManyField(Organization, related_name="+")
    licenses = models.ManyToManyField(LicenseTemplate, related_name="+")
    until = models.DateTimeField()
    state = models.CharField(max_length=20, choices=SPONSORSHIP_STATES.choices, default=SPONSORSHIP_STATES.initial)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None) | ~Q(state="open"), name="sponsorship_closed"
            )
        ]
        indexes = [models.Index(fields=["until"], condition=Q(state="open"), name="sponsorship_open")]

    def __str__(self) -> str:
        return self.title

    @property
    def account(self) -> str:
        return chart.sponsor_code(self.pk)

    @property
    def most(self) -> Money | None:
        return None if self.most_minor is None else Money(self.most_minor, self.currency)

    def fits(self, offer: Offer) -> bool:
        dataset = offer.dataset
        wanted = (
            (self.datasets, dataset.pk),
            (self.publishers, dataset.organization_id),
            (self.licenses, offer.license_version.template_id),
        )
        return self.currency == offer.currency and all(
            not named.exists() or named.filter(pk=key).exists() for named, key in wanted
        )


class SponsorFunding(StatefulModel):
    """Money on its way into a budget. Committed before the rail is asked; its id is the key of the call.

    `reference` is the rail's page, `payment` the payment itself; `booked_minor` what it was worth when it arrived.
    """

    state_table: ClassVar[StateTable] = FUNDING_STATES

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sponsorship = models.ForeignKey(Sponsorship, on_delete=models.PROTECT, related_name="fundings")
    state = models.CharField(max_length=20, choices=FUNDING_STATES.choices, default=FUNDING_STATES.initial)
    amount_minor = models.PositiveBigIntegerField()
    rail = models.CharField(max_length=20)
    reference = models.CharField(max_length=255, blank=True)
    url = models.TextField(blank=True)
    payment = models.CharField(max_length=100, blank=True)
    booked_minor = models.PositiveBigIntegerField(default=0)
    booked_currency = models.CharField(max_length=3, blank=True)
    journal = models.OneToOneField(Journal, on_delete=models.PROTECT, null=True, related_name="funding")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    paid_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="funding_is_something"),
            models.CheckConstraint(
                condition=Q(state="paid", journal__isnull=False) | (~Q(state="paid") & Q(journal=None)),
                name="funding_paid_is_booked",
            ),
            models.UniqueConstraint(
                fields=["rail", "reference"], condition=~Q(reference=""), name="funding_reference_once"
            ),
            models.UniqueConstraint(fields=["rail", "payment"], condition=~Q(payment=""), name="funding_payment_once"),
        ]

    def __str__(self) -> str:
        return f"{self.rail} {self.reference or self.pk}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.sponsorship.currency)

    @property
    def is_usable(self) -> bool:
        """What arrived is what was asked for; anything else goes back."""
        asked = (self.amount_minor, self.sponsorship.currency)
        return (self.booked_minor, self.booked_currency) == asked


class SponsorApproval(StatefulModel):
    """Whose licenses a budget may pay. `words` are theirs, about their project; `reason` is the sponsor's."""

    state_table: ClassVar[StateTable] = SPONSOR_APPROVAL_STATES

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sponsorship = models.ForeignKey(Sponsorship, on_delete=models.PROTECT, related_name="approvals")
    researcher = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="sponsor_approvals")
    state = models.CharField(
        max_length=20, choices=SPONSOR_APPROVAL_STATES.choices, default=SPONSOR_APPROVAL_STATES.initial
    )
    words = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sponsorship", "researcher"], name="approval_once"),
        ]

    def __str__(self) -> str:
        return f"{self.researcher} in {self.sponsorship}"


class SponsoredOrder(models.Model):
    """Append-only. This order was paid from this budget."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT, primary_key=True, related_name="sponsored")
    sponsorship = models.ForeignKey(Sponsorship, on_delete=models.PROTECT, related_name="spent")
    approval = models.ForeignKey(SponsorApproval, on_delete=models.PROTECT, related_name="spent")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.order} by {self.sponsorship}"


class SponsorReturn(StatefulModel):
    """What goes back to who funded. Committed before the rail is asked; its id is the key of the call.

    `amount_minor` is in the sponsorship's currency; `booked_minor` what the budget gives, as it was booked.
    """

    state_table: ClassVar[StateTable] = SPONSOR_RETURN_STATES

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    funding = models.ForeignKey(SponsorFunding, on_delete=models.PROTECT, related_name="returns")
    state = models.CharField(
        max_length=20, choices=SPONSOR_RETURN_STATES.choices, default=SPONSOR_RETURN_STATES.initial
    )
    amount_minor = models.PositiveBigIntegerField()
    booked_minor = models.PositiveBigIntegerField()
    reference = models.CharField(max_length=100, blank=True)
    journal = models.OneToOneField(Journal, on_delete=models.PROTECT, null=True, related_name="sponsor_return")
    refusal = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="sponsor_return_is_something"),
            models.CheckConstraint(
                condition=Q(state__in=["done", "failed"], journal__isnull=False)
                | (Q(state__in=["reserved", "refused"]) & Q(journal=None)),
                name="sponsor_return_done_is_booked",
            ),
            models.UniqueConstraint(
                fields=["reference"], condition=~Q(reference=""), name="sponsor_return_reference_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} of {self.funding}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.funding.sponsorship.currency)
