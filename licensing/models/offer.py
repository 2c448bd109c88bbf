"""A license version, with its parameters filled in and a price, for a dataset."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from collective.accounts.models import Organization
from collective.catalog.models import Dataset
from collective.core.domain.money import CURRENCIES, Money
from collective.core.ids import new_id
from collective.core.states import StatefulModel, StateTable
from licensing.domain.plain import PlainWords, plain_words
from licensing.domain.plans import BY_QUOTE, PERIOD_DAYS
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
    audience = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, related_name="+", help_text="Empty: for everybody."
    )
    price_minor = models.PositiveBigIntegerField(help_text="What the cheapest buyer pays; the plan is in the terms.")
    currency = models.CharField(max_length=3, choices=[(code, code) for code in sorted(CURRENCIES)])
    fee_mode = models.CharField(max_length=10, choices=FEE_MODES, default="added")
    fee_bps = models.PositiveSmallIntegerField()
    from_version = models.CharField(max_length=30, help_text="The first version it covers, as in 1.0.0.")
    duration_days = models.PositiveIntegerField(null=True, help_text="Empty: without an end.")
    attribution = models.CharField(max_length=300)
    # Two offers of one license with different scopes are two things that a buyer chooses between.
    scope_sha256 = models.CharField(max_length=64, default="")
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
                fields=["dataset", "license_version", "scope_sha256"],
                condition=Q(state="live", audience=None),
                name="offer_one_live_per_scope",
            ),
            models.UniqueConstraint(
                fields=["dataset", "license_version", "scope_sha256", "audience"],
                condition=Q(state="live", audience__isnull=False),
                name="offer_one_live_per_audience",
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
        """For everybody who may have it at all."""
        return bool(self.plan["model"] == "free")

    @property
    def plan(self) -> dict[str, Any]:
        """The price as the terms write it."""
        return dict(self.terms["price"])

    @property
    def names_present_text(self) -> bool:
        """False from the moment when the license has newer words: new buyers accept those, under a new offer."""
        return self.license_version.state == "published"

    @property
    def is_sold_here(self) -> bool:
        """False where the publisher has to be asked for a price first."""
        return self.plan["model"] not in BY_QUOTE

    def period_from(self, moment: datetime) -> tuple[datetime, datetime | None]:
        """From when to when a license concluded at `moment` holds.

        A subscription: one period and the days of grace, and never beyond the offer's own end.
        """
        time, plan = self.terms["time"], self.plan
        start = max(moment, datetime.fromisoformat(time["from"])) if time["from"] else moment
        end = datetime.fromisoformat(time["to"]) if time["to"] else None
        if plan["model"] == "subscription":
            paid_until = start + timedelta(days=PERIOD_DAYS[plan["period"]] + plan["grace_days"])
            return start, min(paid_until, end or paid_until)
        if end:
            return start, end
        return start, start + timedelta(days=self.duration_days) if self.duration_days else None

    @property
    def terms_view(self) -> Terms:
        return terms_view(self.license_version.license_id, self.terms)

    @property
    def plain_words(self) -> PlainWords:
        return plain_words(self.terms)
