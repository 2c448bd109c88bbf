"""The commercial side of a license: what was agreed, what came in, what went back."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from collective.accounts.models import Organization, User
from collective.catalog.models import DatasetVersion
from collective.core.domain.money import Money, currency_of
from collective.core.ids import new_id
from collective.core.states import StatefulModel, StateTable
from licensing.models import Offer
from payments.domain import chart
from payments.domain.conversion import booked_parts
from payments.domain.states import ORDER_STATES
from payments.models.coupon import Coupon
from payments.models.ledger import Journal


class Order(StatefulModel):
    """A snapshot of everything that was on the screen when it was placed; frozen by trigger, but for its state."""

    state_table: ClassVar[StateTable] = ORDER_STATES
    METHODS: ClassVar = [("click", "on the page"), ("api", "by a program")]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    buyer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="orders")
    licensee = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="orders")
    seller = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="sales")
    # The client's own name for this purchase: asked twice, bought once.
    client_ref = models.CharField(max_length=200)
    state = models.CharField(max_length=20, choices=ORDER_STATES.choices, default=ORDER_STATES.initial)

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="orders")
    offer_sha256 = models.CharField(max_length=64)
    version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="orders")
    split_sha256 = models.CharField(max_length=64)
    dataset_title = models.CharField(max_length=200)
    license_name = models.CharField(max_length=150)
    licensee_name = models.CharField(max_length=150)
    seller_name = models.CharField(max_length=150)

    # What the buyer said of the licensee, which may decide the price; a false word is a breach of the license.
    licensee_type = models.CharField(max_length=20, blank=True, default="")
    licensee_country = models.CharField(max_length=2, blank=True, default="")
    licensee_evidence = models.CharField(max_length=500, blank=True, default="")
    # The license carries a hash of it, which a guess cannot be tried against without this.
    licensee_salt = models.CharField(max_length=32, blank=True, default="")

    currency = models.CharField(max_length=3)
    fee_mode = models.CharField(max_length=10)
    fee_bps = models.PositiveSmallIntegerField()
    price_minor = models.PositiveBigIntegerField()
    fee_minor = models.PositiveBigIntegerField()
    tax_minor = models.PositiveBigIntegerField(default=0)
    pool_minor = models.PositiveBigIntegerField(help_text="What the steward and the contributors share.")
    total_minor = models.PositiveBigIntegerField(help_text="What the buyer pays.")
    # Already taken off the price; null without a coupon.
    coupon = models.ForeignKey(Coupon, on_delete=models.PROTECT, null=True, related_name="orders")
    discount_minor = models.PositiveBigIntegerField(null=True)

    accepted_text_sha256 = models.CharField(max_length=64)
    accepted_at = models.DateTimeField()
    accepted_method = models.CharField(max_length=10, choices=METHODS, default="click")
    # Kept until the license is granted; from then on licensing keeps them, and deletes them on schedule.
    accepted_ip = models.GenericIPAddressField(null=True)
    accepted_agent = models.CharField(max_length=300, blank=True)

    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["buyer", "client_ref"], name="order_once_per_client_ref"),
            models.CheckConstraint(
                condition=Q(total_minor=F("pool_minor") + F("fee_minor") + F("tax_minor")), name="order_parts_are_total"
            ),
            models.CheckConstraint(condition=~Q(state="free") | Q(total_minor=0), name="order_free_costs_nothing"),
        ]
        indexes = [
            models.Index(fields=["licensee", "-created_at"], name="order_of_licensee"),
            models.Index(fields=["expires_at"], condition=Q(state="awaiting_payment"), name="order_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.dataset_title} for {self.licensee_name}"

    @property
    def price(self) -> Money:
        return Money(self.price_minor, self.currency)

    @property
    def list_price(self) -> Money:
        """Before the coupon."""
        return Money(self.price_minor + (self.discount_minor or 0), self.currency)

    @property
    def discount(self) -> Money | None:
        return None if self.discount_minor is None else Money(self.discount_minor, self.currency)

    @property
    def fee(self) -> Money:
        return Money(self.fee_minor, self.currency)

    @property
    def tax(self) -> Money:
        return Money(self.tax_minor, self.currency)

    @property
    def pool(self) -> Money:
        return Money(self.pool_minor, self.currency)

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.currency)

    @property
    def pool_account(self) -> str:
        """Where its pool part is: the version's pool, or one of its own until the period that it pays for is over."""
        return chart.period_code(self.pk) if hasattr(self, "period") else chart.pool_code(self.version_id)

    @property
    def parts(self) -> dict[str, int]:
        return {"tax": self.tax_minor, "fee": self.fee_minor, "pool": self.pool_minor}


class Payment(models.Model):
    """Money that came in. `reference` is the rail's own name for it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="payment")
    rail = models.CharField(max_length=20)
    reference = models.CharField(max_length=100)
    amount_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    # What it was worth where it arrived: the amount itself, unless the rail changed it into another currency.
    booked_minor = models.PositiveBigIntegerField()
    booked_currency = models.CharField(max_length=3)
    journal = models.OneToOneField(Journal, on_delete=models.PROTECT, related_name="payment")
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rail", "reference"], name="payment_once")]

    def __str__(self) -> str:
        return f"{self.rail} {self.reference}"

    @property
    def parts(self) -> dict[str, int]:
        """Tax, fee and pool as they were booked."""
        return booked_parts(self.order.parts, self.booked_minor, currency_of(self.booked_currency).charge_step)
