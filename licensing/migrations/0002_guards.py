"""What the database itself refuses: changing what was published, offered, agreed, granted, answered or delivered."""

from django.db import migrations

from collective.core.db.triggers import CreateTriggers, Refusal, append_only


def changed(*columns: str, nullable: tuple[str, ...] = ()) -> str:
    """SQL that is true when one of the columns differs; both engines read it the same way."""
    plain = [f"OLD.{name} <> NEW.{name}" for name in columns]
    careful = [
        f"(OLD.{name} IS NULL AND NEW.{name} IS NOT NULL) OR (OLD.{name} IS NOT NULL AND NEW.{name} IS NULL) "
        f"OR OLD.{name} <> NEW.{name}"
        for name in nullable
    ]
    return "(" + " OR ".join(plain + careful) + ")"


LICENSE = changed(
    "id",
    "template_id",
    "version",
    "language",
    "text",
    "text_sha256",
    "terms",
    "terms_sha256",
    "created_at",
    "published_at",
)
OFFER = changed(
    "id",
    "dataset_id",
    "license_version_id",
    "price_minor",
    "currency",
    "fee_mode",
    "fee_bps",
    "from_version",
    "attribution",
    "terms",
    "terms_sha256",
    "snapshot",
    "offer_sha256",
    "published_by_id",
    "published_at",
    nullable=("duration_days",),
)
GRANT = changed(
    "id",
    "agreement_id",
    "order_id",
    "dataset_id",
    "licensee_id",
    "license_id",
    "license_version_id",
    "offer_id",
    "version_range",
    "starts_at",
    "status_index",
    "issued_at",
    nullable=("ends_at",),
)


class Migration(migrations.Migration):
    dependencies = [("licensing", "0001_initial")]

    operations = [
        CreateTriggers(
            [
                Refusal(
                    "licensing_licenseversion",
                    "UPDATE",
                    "a published license never changes",
                    f"OLD.state <> 'draft' AND ({LICENSE} OR NEW.state = 'draft' "
                    "OR (OLD.state = 'retired' AND NEW.state <> 'retired'))",
                ),
                Refusal(
                    "licensing_licenseversion",
                    "DELETE",
                    "a published license stays for ever",
                    "OLD.state <> 'draft'",
                ),
                Refusal(
                    "licensing_offer",
                    "UPDATE",
                    "an offer never changes; retire it and publish another",
                    f"{OFFER} OR (OLD.state = 'retired' AND NEW.state <> 'retired')",
                ),
                Refusal("licensing_offer", "DELETE", "an offer stays for ever"),
                Refusal(
                    "licensing_licensegrant",
                    "UPDATE",
                    "a grant keeps what was agreed",
                    f"{GRANT} OR (OLD.state IN ('revoked', 'expired') AND NEW.state <> OLD.state)",
                ),
                Refusal("licensing_licensegrant", "DELETE", "a grant stays for ever"),
                Refusal(
                    "licensing_signingkey",
                    "UPDATE",
                    "a signing key keeps its public half",
                    "OLD.kid <> NEW.kid OR OLD.public_x <> NEW.public_x "
                    "OR (OLD.state = 'compromised' AND NEW.state <> 'compromised')",
                ),
                Refusal(
                    "licensing_signingkey",
                    "DELETE",
                    "a signing key stays, so that old grants can be verified",
                ),
                Refusal(
                    "licensing_agreementevidence",
                    "UPDATE",
                    "evidence is kept or deleted, never changed",
                ),
                *append_only("licensing_agreement"),
                *append_only("licensing_grantstatusevent"),
                *append_only("licensing_consentnotice"),
                *append_only("licensing_consentevent"),
                *append_only("licensing_provenancesource"),
                *append_only("licensing_attestationstatement"),
                *append_only("licensing_attestation"),
                *append_only("licensing_accessrecord"),
            ]
        )
    ]
