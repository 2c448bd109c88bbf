"""A license version, with its parameters filled in and a price, for a dataset."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from collective.catalog.models import Dataset
from collective.core.domain.money import CURRENCIES, Money
from collective.core.ids import new_id
from collective.core.states import StatefulModel, StateTable
from licensing.domain.plain import PlainWords, plain_words
from licensing.domain.states import OFFER_STATES
from licensing.domain.terms import Terms, terms_view
from licensing.models.license import LicenseVersion


class Offer(StatefulModel):
    """Immutable but for its end. `offer_sha256` is the RFC 8785 hash of `snapshot`, which says everything below."""

    state_table: ClassVar[StateTable] = OFFER_STATES
    FEE_MODES: ClassVar = [("added", "added to the price"), ("included", "included in the price")]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="offers")
    license_version = models.ForeignKey(LicenseVersion, on_delete=models.PROTECT, related_name="offers")
    state = models.CharField(max_length=10, choices=OFFER_STATES.choices, default=OFFER_STATES.initial)
    price_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3, choices=[(code, code) for code in sorted(CURRENCIES)])
    fee_mode = models.CharField(max_length=10, choices=FEE_MODES, default="added")
    fee_bps = models.PositiveSmallIntegerField()
    from_version = models.CharField(max_length=30, help_text="The first version it covers, as in 1.0.0.")
    duration_days = models.PositiveIntegerField(null=True, help_text="Empty: without an end.")
    attribution = models.CharField(max_length=300)
    terms = models.JSONField()
    terms_sha256 = models.CharField(max_length=64)
    snapshot = models.JSONField()
    offer_sha256 = models.CharField(max_length=64, unique=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dataset", "license_version"], condition=Q(state="live"), name="offer_one_live_per_license"
            ),
            models.CheckConstraint(condition=Q(fee_bps__lte=10_000), name="offer_fee_at_most_all"),
        ]

    def __str__(self) -> str:
        return f"{self.license_version} · {self.price}"

    @property
    def price(self) -> Money:
        return Money(self.price_minor, self.currency)

    @property
    def is_free(self) -> bool:
        return self.price_minor == 0

    @property
    def terms_view(self) -> Terms:
        return terms_view(self.license_version.license_id, self.terms)

    @property
    def plain_words(self) -> PlainWords:
        return plain_words(self.terms_view)
