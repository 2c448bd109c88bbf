"""A licensee may hold one license of a dataset for two scopes."""

from django.db import migrations, models
from django.db.models import OuterRef, Subquery

from collective.core.db.triggers import CreateTriggers, DropTriggers, Refusal

FROZEN = (
    *("id", "agreement_id", "order_id", "dataset_id", "licensee_id", "license_id", "license_version_id", "offer_id"),
    *("version_range", "starts_at", "status_index", "issued_at"),
)
AFTER = (*FROZEN, "scope_sha256")


def grant_guards(columns):
    plain = " OR ".join(f"OLD.{name} <> NEW.{name}" for name in columns)
    changed = f"{plain} OR (OLD.ends_at IS NULL) <> (NEW.ends_at IS NULL) OR OLD.ends_at <> NEW.ends_at"
    return [
        Refusal(
            "licensing_licensegrant",
            "UPDATE",
            "a grant keeps what was agreed",
            f"({changed}) OR (OLD.state IN ('revoked', 'expired') AND NEW.state <> OLD.state)",
        ),
        Refusal("licensing_licensegrant", "DELETE", "a grant stays for ever"),
    ]


def fill(apps, schema_editor):
    grants, offers = (apps.get_model("licensing", name) for name in ("LicenseGrant", "Offer"))
    scope = offers.objects.filter(pk=OuterRef("offer")).values("scope_sha256")[:1]
    grants.objects.using(schema_editor.connection.alias).update(scope_sha256=Subquery(scope))


class Migration(migrations.Migration):
    dependencies = [("licensing", "0013_consent_gaps")]

    operations = [
        DropTriggers(grant_guards(FROZEN)),
        migrations.RemoveConstraint(model_name="licensegrant", name="grant_one_current_per_licensee"),
        migrations.AddField(
            model_name="licensegrant",
            name="scope_sha256",
            field=models.CharField(default="", max_length=64),
        ),
        migrations.AddConstraint(
            model_name="licensegrant",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["active", "suspended"])),
                fields=("dataset", "licensee", "license", "scope_sha256"),
                name="grant_one_current_per_licensee",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        CreateTriggers(grant_guards(AFTER)),
    ]
