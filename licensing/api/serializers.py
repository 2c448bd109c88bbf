"""What licensing reads and writes as JSON. Reading and writing are separate classes."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.conf import settings
from rest_framework import serializers

from collective.core.api import StrictSerializer
from collective.core.domain.money import CURRENCIES
from licensing.domain.declarations import Consent, Declaration, Source
from licensing.models import LicenseGrant, LicenseVersion, Offer, Seat
from licensing.models.rights import PEOPLE, RIGHTS_ROLES, SOURCE_KINDS

YEARS_100 = 36_500


class LicenseOutput(serializers.ModelSerializer[LicenseVersion]):
    license_id = serializers.CharField(help_text="SPDX id or LicenseRef.")
    name = serializers.CharField(source="template.name")
    summary = serializers.CharField(source="template.summary")
    canonical_url = serializers.CharField(source="template.canonical_url")
    plain_words = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()

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
            "plain_words",
        )

    def get_plain_words(self, row: LicenseVersion) -> dict[str, Any]:
        return asdict(row.plain_words)

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


class OfferOutput(serializers.ModelSerializer[Offer]):
    dataset = serializers.CharField(source="dataset.repo_id")
    license = LicenseOutput(source="license_version")
    price = serializers.CharField(source="price.decimal", help_text="As people write it.")
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

    def get_plain_words(self, row: Offer) -> dict[str, Any]:
        return asdict(row.plain_words)


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
    service_accounts = serializers.IntegerField(allow_null=True, help_text="How many service keys; null is any number.")
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


class ConsentInput(StrictSerializer):
    notice_sha256 = serializers.CharField(max_length=64, help_text="Of the notice that was shown.")
    answers = serializers.DictField(child=serializers.BooleanField(), help_text="Action code → yes or no.")
    commercial = serializers.BooleanField(default=False)
    people = serializers.ChoiceField(choices=PEOPLE, default="self")


class AttestationInput(StrictSerializer):
    statement_sha256 = serializers.CharField(max_length=64, help_text="Of the statement that is signed.")
    signer_name = serializers.CharField(max_length=150)


class DeclarationInput(StrictSerializer):
    source = SourceInput()  # type: ignore[assignment]  # the name of a field here, of an option in the base class
    consent = ConsentInput()
    attestation = AttestationInput()

    def declaration(self) -> Declaration:
        """Precondition: `is_valid`."""
        given = self.validated_data
        source = dict(given["source"])
        return Declaration(
            source=Source(license_id=source.pop("license"), **source),
            consent=Consent(**given["consent"]),
            **given["attestation"],
        )


class WithdrawalInput(StrictSerializer):
    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
