"""What payments reads and writes as JSON. Amounts are integer minor units beside their currency."""

from dataclasses import fields
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from collective.accounts.models import Organization
from collective.core.addresses import address_of, full_address
from collective.core.api import StrictSerializer
from licensing.selectors import grant_of_order
from payments.gateways.rails import pay_url
from payments.models import Invoice, Order
from payments.services import Choice


class OrderInput(StrictSerializer):
    """`offer_sha256` is the offer that was read; `accepted` says that its license text is accepted. No prices.

    `text_sha256` is the text that was read, from `GET /offers/{id}/terms`; left out, it is the one the offer names.
    """

    offer_id = serializers.UUIDField()
    offer_sha256 = serializers.RegexField(r"^[0-9a-f]{64}$")
    licensee_id = serializers.UUIDField(required=False, help_text="Your personal organization when left out.")
    client_ref = serializers.CharField(max_length=200)
    accepted = serializers.BooleanField()
    amount_minor = serializers.IntegerField(
        min_value=0, max_value=10**12, required=False, help_text="Where the buyer chooses the price, and nowhere else."
    )
    seen_total_minor = serializers.IntegerField(
        min_value=0,
        required=False,
        help_text="The total that you saw; 409 when it is another one now, or when a tiered price was not named.",
    )
    licensee_type = serializers.ChoiceField(
        choices=Organization.KINDS, required=False, help_text="What the licensee is, where the price depends on it."
    )
    licensee_country = serializers.CharField(max_length=2, required=False, help_text="ISO 3166-1, two letters.")
    licensee_evidence = serializers.CharField(
        max_length=500, required=False, help_text="How that can be checked. Its hash goes into the license."
    )
    text_sha256 = serializers.RegexField(
        r"^[0-9a-f]{64}$", required=False, help_text="The language variant of the license text that you accept."
    )
    language = serializers.CharField(max_length=35, required=False, help_text="BCP 47, of the text that you read.")
    by_invoice = serializers.BooleanField(
        required=False, help_text="For an organization: an invoice with days to pay it, instead of a payment page."
    )
    po_number = serializers.CharField(max_length=60, required=False, help_text="Printed on the invoice.")

    coupon = serializers.CharField(
        max_length=60, required=False, help_text="A code. It makes the price smaller: name `seen_total_minor` with it."
    )

    sponsorship_id = serializers.UUIDField(
        required=False, help_text="The budget that pays, where the licensee is approved for it. Settled at once."
    )

    def choice(self) -> Choice:
        """Precondition: `is_valid`."""
        names = {each.name for each in fields(Choice)}
        return Choice(**{name: value for name, value in self.validated_data.items() if name in names})


class InvoiceOutput(serializers.ModelSerializer[Invoice]):
    class Meta:
        model = Invoice
        fields = ("state", "number", "po_number", "issued_at", "due_at", "url")


class OrderOutput(serializers.ModelSerializer[Order]):
    dataset = serializers.CharField(source="version.dataset.repo_id")
    version = serializers.CharField(source="version.number")
    licensee = serializers.CharField(source="licensee.slug")
    coupon_code = serializers.CharField(source="coupon.code", default="", read_only=True)
    grant_id = serializers.SerializerMethodField()
    payment_url = serializers.SerializerMethodField(
        help_text="Where a person pays; empty when there is nothing to pay."
    )
    url = serializers.SerializerMethodField()
    invoice = serializers.SerializerMethodField()

    class Meta:
        model = Order
        fields = (
            *("id", "state", "client_ref", "dataset", "version", "licensee", "offer_id", "offer_sha256"),
            *(
                "licensee_type",
                "licensee_country",
                "license_name",
                "accepted_text_sha256",
                "accepted_at",
                "split_sha256",
            ),
            *("currency", "price_minor", "fee_minor", "fee_mode", "fee_bps", "tax_minor", "pool_minor", "total_minor"),
            *("coupon_code", "discount_minor"),
            *("created_at", "expires_at", "settled_at", "grant_id", "payment_url", "url", "invoice"),
        )

    def get_grant_id(self, order: Order) -> str | None:
        grant = grant_of_order(order.pk)
        return str(grant.pk) if grant else None

    def get_payment_url(self, order: Order) -> str:
        where = pay_url(order) if order.state == "awaiting_payment" else ""
        return full_address(where) if where else ""

    @extend_schema_field(InvoiceOutput(allow_null=True))
    def get_invoice(self, order: Order) -> dict[str, Any] | None:
        invoice = getattr(order, "invoice", None)
        return InvoiceOutput(invoice).data if invoice else None

    def get_url(self, order: Order) -> str:
        return address_of("payments:order", order_id=order.pk)


class PurseOutput(serializers.Serializer[Any]):
    payee = serializers.CharField(source="payee.slug")
    currency = serializers.CharField()
    earned_minor = serializers.IntegerField()
    held_minor = serializers.IntegerField(help_text="In the hold: not payable yet.")
    payable_minor = serializers.IntegerField()
    in_transit_minor = serializers.IntegerField(help_text="On the way to the payee.")
    paid_minor = serializers.IntegerField(help_text="Has left, less what came back.")
    other_minor = serializers.IntegerField(help_text="Neither earned nor paid, such as a debt that was written off.")
    owed_minor = serializers.IntegerField(help_text="To be repaid from the next earnings, after a late refund.")
    next_release_at = serializers.DateTimeField(allow_null=True)


class EarningsOutput(serializers.Serializer[Any]):
    hold_days = serializers.IntegerField()
    earnings = PurseOutput(many=True)


class SoldItemOutput(serializers.Serializer[Any]):
    kind = serializers.CharField(help_text="The event: sale, refund, …")
    at = serializers.DateTimeField()
    amount_minor = serializers.IntegerField()
    license = serializers.CharField(source="license_name")
    licensee = serializers.CharField(help_text="Empty when a private person bought it.")


class LineOutput(serializers.Serializer[Any]):
    """`amount_minor` = exact share of `net_minor` by `weight / total_weight`, less `before_minor`."""

    id = serializers.IntegerField(source="row.pk")
    payee = serializers.CharField(source="row.payee.slug")
    dataset = serializers.CharField(source="row.settlement.version.dataset.repo_id")
    version = serializers.CharField(source="row.settlement.version.number")
    currency = serializers.CharField(source="row.settlement.currency")
    pool_minor = serializers.IntegerField(source="row.settlement.amount_minor", help_text="Divided by this settlement.")
    net_minor = serializers.IntegerField(source="row.settlement.net_minor", help_text="Divided by all until now.")
    weight = serializers.IntegerField(source="row.weight")
    total_weight = serializers.IntegerField(source="row.settlement.total_weight")
    before_minor = serializers.IntegerField(source="row.before_minor")
    amount_minor = serializers.IntegerField(source="row.amount_minor")
    settled_at = serializers.DateTimeField(source="row.settlement.created_at")
    release_at = serializers.DateTimeField(source="row.settlement.release_at")
    released_at = serializers.DateTimeField(source="row.settlement.released_at", allow_null=True)
    sales = SoldItemOutput(source="items", many=True)
