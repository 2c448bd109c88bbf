"""Codes that make a license cheaper, by decision of those who sell it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from collective.accounts.models import Organization, User
from collective.catalog.models import Dataset
from collective.core.domain.money import Money
from collective.core.ids import new_id
from licensing.models import Offer
from payments.domain.coupons import discount


class Coupon(models.Model):
    """Frozen by trigger, but for how often it is in use and when it was ended. Off is a percent or an amount.

    `uses` counts the orders that hold it; one that was cancelled or has expired gives it back.
    """

    # What is paid once, at a price that the publisher says. A subscription has many payments, and who chooses the
    # price themselves needs no coupon.
    MODELS: ClassVar = ("one_off", "tiered", "cost_recovery")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="coupons")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, null=True, related_name="coupons")
    audience = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True, related_name="+")
    code = models.CharField(max_length=40)
    percent = models.PositiveSmallIntegerField(default=0)
    amount_minor = models.PositiveBigIntegerField(default=0)
    currency = models.CharField(max_length=3, blank=True)
    max_uses = models.PositiveIntegerField()
    uses = models.PositiveIntegerField(default=0)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dataset", "code"], name="coupon_code_once"),
            models.CheckConstraint(
                condition=Q(percent__gte=1, percent__lte=100, amount_minor=0, currency="")
                | (Q(percent=0, amount_minor__gt=0) & ~Q(currency="")),
                name="coupon_is_percent_or_amount",
            ),
            models.CheckConstraint(condition=Q(uses__lte=F("max_uses"), max_uses__gte=1), name="coupon_not_overused"),
            models.CheckConstraint(condition=Q(valid_from__lt=F("valid_until")), name="coupon_has_a_time"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def off(self) -> str:
        return f"{self.percent} %" if self.percent else str(Money(self.amount_minor, self.currency))

    def fits(self, offer: Offer) -> bool:
        mine = self.dataset_id == offer.dataset_id and self.offer_id in {None, offer.pk}
        return mine and offer.plan["model"] in self.MODELS and self.currency in {"", offer.currency}

    def discount_on(self, price_minor: int, currency: str) -> int:
        return discount(price_minor, currency, percent=self.percent, amount_minor=self.amount_minor)
