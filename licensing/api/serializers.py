"""What licensing reads and writes as JSON. Reading and writing are separate classes."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from rest_framework import serializers

from collective.core.api import StrictSerializer
from collective.core.domain.money import CURRENCIES
from licensing.domain.declarations import Consent, Declaration, Source
from licensing.domain.plain import PlainWords
from licensing.domain.plans import prices_by_kind
from licensing.models import LicenseGrant, LicenseVersion, Offer, QuoteRequest, Seat
from licensing.models.rights import PEOPLE, RIGHTS_ROLES, SOURCE_KINDS

YEARS_100 = 36_500


def words_json(words: PlainWords) -> dict[str, Any]:
    """Sentences in English, by their headings."""
    lists = ("may", "must", "may_not", "also", "price")
    return {name: [str(each) for each in getattr(words, name)] for name in lists} | {"only_for": str(words.only_for)}


class LicenseOutput(serializers.ModelSerializer[LicenseVersion]):
    license_id = serializers.CharField(help_text="SPDX id or LicenseRef.")
    name = serializers.CharField(source="template.name")
    summary = serializers.CharField(source="template.summary")
    canonical_url = serializers.CharField(source="template.canonical_url")
    plain_words = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()
    variants = serializers.SerializerMethodField(help_text="The same text in each language: language, text_sha256.")
    warning = serializers.CharField(help_text="What to know before choosing it; mostly empty.")

    class Meta:
        model = LicenseVersion
        fields: Sequence[str] = (
            "id",
            "license_id",
            "version",
            "name",
            "summary",
            "language",
            "state",
            "text_sha256",
            "terms",
            "terms_sha256",
            "canonical_url",
            "url",
            "variants",
            "warning",
            "plain_words",
        )

    def get_plain_words(self, row: LicenseVersion) -> dict[str, Any]:
        return words_json(row.plain_words)

    def get_variants(self, row: LicenseVersion) -> list[dict[str, str]]:
        return [
            {"language": each.language, "text_sha256": each.text_sha256} for each in row.variants().order_by("language")
        ]

    def get_url(self, row: LicenseVersion) -> str:
        return f"{settings.SITE_URL}/licenses/sha256/{row.text_sha256}/"


class LicenseTextOutput(LicenseOutput):
    text = serializers.CharField(source="readable_text")

    class Meta(LicenseOutput.Meta):
        fields = [*LicenseOutput.Meta.fields, "text"]


class OfferInput(StrictSerializer):
    license_version = serializers.UUIDField(help_text="From GET /licenses.")
    price_minor = serializers.IntegerField(min_value=0, max_value=10**12, help_text="In minor units; 0 is free.")
    currency = serializers.ChoiceField(choices=sorted(CURRENCIES))
    fee_mode = serializers.ChoiceField(choices=Offer.FEE_MODES, default="added")
    duration_days = serializers.IntegerField(min_value=1, max_value=YEARS_100, required=False, allow_null=True)
    attribution = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    parameters = serializers.JSONField(
        required=False, help_text="The part of the license's terms that you set, in the same shape."
    )
    plan = serializers.JSONField(
        required=False,
        help_text='Beside the amount: {"model": "subscription", "period": "month", "grace_days": 7}, '
        '{"model": "tiered", "tiers": […]}, {"model": "pay_what_you_want", "minimum": "0.00"}, '
        '{"model": "cost_recovery", "statement": "…"}, {"model": "quote"}; "approval_required": true for any.',
    )
    audience = serializers.UUIDField(required=False, help_text="One organization that the offer is for.")

    def options(self) -> dict[str, Any]:
        """As `publish_offer` takes them. Precondition: `is_valid`."""
        given = dict(self.validated_data)
        given["license_version_id"] = given.pop("license_version")
        if "audience" in given:
            given["audience_id"] = given.pop("audience")
        return given


class OfferPreviewOutput(serializers.Serializer[Any]):
    """What an offer would say, and cost each kind of licensee, before it is published."""

    plain_words = serializers.DictField()
    terms = serializers.DictField()
    prices = serializers.DictField(help_text="Kind of licensee → decimal amount; null: no fixed price for them.")


class QuoteAskInput(StrictSerializer):
    licensee_id = serializers.UUIDField(required=False, help_text="Your personal organization when left out.")
    use = serializers.CharField(max_length=5000)


class QuoteAnswerInput(StrictSerializer):
    """The parameters of the offer that was asked about stay, where nothing else is said here."""

    price_minor = serializers.IntegerField(min_value=0, max_value=10**12)
    currency = serializers.ChoiceField(choices=sorted(CURRENCIES))
    duration_days = serializers.IntegerField(min_value=1, max_value=YEARS_100, required=False)
    parameters = serializers.JSONField(required=False)


class QuoteDeclineInput(StrictSerializer):
    reason = serializers.CharField(max_length=2000)


class QuoteOutput(serializers.ModelSerializer[QuoteRequest]):
    dataset = serializers.CharField(source="offer.dataset.repo_id")
    license_id = serializers.CharField(source="offer.license_version.license_id")
    licensee = serializers.SlugField(source="licensee.slug")

    class Meta:
        model = QuoteRequest
        fields = (
            *("id", "offer_id", "dataset", "license_id", "licensee", "use", "state", "answer_id", "reason"),
            *("asked_at", "decided_at"),
        )


class OfferOutput(serializers.ModelSerializer[Offer]):
    dataset = serializers.CharField(source="dataset.repo_id")
    license = LicenseOutput(source="license_version")
    price = serializers.CharField(source="price.decimal", help_text="As people write it.")
    prices = serializers.SerializerMethodField(
        help_text="Kind of licensee → decimal amount, in any country, without the fee; null: no fixed price for them."
    )
    audience = serializers.SlugField(source="audience.slug", allow_null=True, default=None)
    plain_words = serializers.SerializerMethodField()

    class Meta:
        model = Offer
        fields = (
            "id",
            "dataset",
            "license",
            "state",
            "price",
            "price_minor",
            "currency",
            "prices",
            "audience",
            "fee_mode",
            "fee_bps",
            "from_version",
            "duration_days",
            "attribution",
            "terms",
            "terms_sha256",
            "snapshot",
            "offer_sha256",
            "plain_words",
            "published_at",
            "retired_at",
        )

    def get_prices(self, row: Offer) -> dict[str, str | None]:
        return {kind: each.decimal() if each else None for kind, each in prices_by_kind(row.plan).items()}

    def get_plain_words(self, row: Offer) -> dict[str, Any]:
        return words_json(row.plain_words)


class BlockerOutput(serializers.Serializer[Any]):
    contribution = serializers.UUIDField(source="contribution_id")
    title = serializers.CharField()
    code = serializers.CharField()
    reason = serializers.CharField(source="sentence")


class OfferChoiceOutput(serializers.Serializer[Any]):
    license = LicenseOutput()
    live = serializers.BooleanField()
    blockers = BlockerOutput(many=True)


class GrantOutput(serializers.ModelSerializer[LicenseGrant]):
    dataset = serializers.CharField(source="dataset.repo_id")
    licensee = serializers.SlugField(source="licensee.slug")
    license_id = serializers.CharField(source="license.license_id")
    text_sha256 = serializers.CharField(source="license_version.text_sha256")
    pinned_version = serializers.CharField(source="pinned_version.number")
    manifest_sha256 = serializers.CharField(source="pinned_version.manifest_sha256")
    actions = serializers.SerializerMethodField()
    jws_url = serializers.SerializerMethodField()

    class Meta:
        model = LicenseGrant
        fields = (
            "id",
            "urn",
            "dataset",
            "licensee",
            "license_id",
            "text_sha256",
            "state",
            "version_range",
            "pinned_version",
            "manifest_sha256",
            "actions",
            "starts_at",
            "ends_at",
            "issued_at",
            "order_id",
            "jws_url",
        )

    def get_actions(self, row: LicenseGrant) -> list[str]:
        return list(row.offer.terms_view.permitted)

    def get_jws_url(self, row: LicenseGrant) -> str:
        return f"{settings.SITE_URL}/api/v1/grants/{row.pk}/jws"


class SeatInput(StrictSerializer):
    user = serializers.UUIDField(help_text="A member of the licensee.")


class SeatOutput(serializers.ModelSerializer[Seat]):
    user_name = serializers.CharField(source="user.name")

    class Meta:
        model = Seat
        fields = ("id", "kind", "number", "user", "user_name", "key_id", "assigned_by", "assigned_at", "released_at")


class SeatsOutput(serializers.Serializer[Any]):
    seats = serializers.IntegerField(allow_null=True, help_text="How many people at a time; null is any number.")
    service_accounts = serializers.IntegerField(
        allow_null=True,
        help_text="How many service keys; null: each counts as its owner, so any number where people are not counted.",
    )
    held = SeatOutput(many=True, help_text="Released ones too, the newest first.")


class SourceInput(StrictSerializer):
    kind = serializers.ChoiceField(choices=SOURCE_KINDS)
    description = serializers.CharField(max_length=5000)
    rights_role = serializers.ChoiceField(choices=RIGHTS_ROLES)
    license = serializers.CharField(max_length=80, help_text="SPDX id; LicenseRef-DC-OWN-WORK for one's own work.")
    url = serializers.URLField(max_length=500, required=False, allow_blank=True, default="")
    collected_from = serializers.DateField(required=False, allow_null=True, default=None)
    collected_to = serializers.DateField(required=False, allow_null=True, default=None)
    country = serializers.CharField(max_length=2, required=False, allow_blank=True, default="")
    authors = serializers.ListField(
        child=serializers.CharField(max_length=150), required=False, max_length=200, help_text="Whom to credit by name."
    )


class ConsentInput(StrictSerializer):
    notice_sha256 = serializers.CharField(max_length=64, help_text="Of the notice that was shown.")
    answers = serializers.DictField(child=serializers.BooleanField(), help_text="Action code → yes or no.")
    commercial = serializers.BooleanField(default=False)
    exclusive = serializers.BooleanField(default=False, help_text="One buyer alone may have it for a time.")
    people = serializers.ChoiceField(choices=PEOPLE, default="self")


class AttestationInput(StrictSerializer):
    statement_sha256 = serializers.CharField(max_length=64, help_text="Of the statement that is signed.")
    signer_name = serializers.CharField(max_length=150)


class DeclarationInput(StrictSerializer):
    source = SourceInput()  # type: ignore[assignment]  # the name of a field here, of an option in the base class
    consent = ConsentInput()
    attestation = AttestationInput()
    derived_from = serializers.ListField(
        child=serializers.CharField(max_length=300),
        max_length=50,
        default=list,
        help_text='Versions it was made from, as in "organization/dataset 1.0.0".',
    )

    def declaration(self) -> Declaration:
        """Precondition: `is_valid`."""
        given = self.validated_data
        source = dict(given["source"])
        source["authors"] = tuple(source.get("authors", ()))
        return Declaration(
            source=Source(license_id=source.pop("license"), **source),
            consent=Consent(**given["consent"]),
            **given["attestation"],
            derived_from=tuple(given["derived_from"]),
        )


class WithdrawalInput(StrictSerializer):
    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class RecordsWithdrawalInput(WithdrawalInput):
    record_ids = serializers.ListField(
        child=serializers.RegexField(r"^[0-9a-fA-F]{32}$"), allow_empty=False, max_length=10_000
    )


class RecordsWithdrawalOutput(serializers.Serializer[Any]):
    """`withdrawn` counts what this request took back, without what was taken back before."""

    state = serializers.CharField(help_text="Of the contribution.")
    withdrawn = serializers.IntegerField()
    left = serializers.IntegerField()
