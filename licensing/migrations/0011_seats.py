import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

import collective.core.ids
from collective.core.db.triggers import CreateTriggers, Refusal

KEPT = " OR ".join(
    f"OLD.{name} <> NEW.{name}"
    for name in ("id", "grant_id", "kind", "number", "user_id", "key_id", "assigned_at")
)


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("accounts", "0004_service_keys"),
        ("licensing", "0010_offers"),
    ]

    operations = [
        migrations.AlterField(
            model_name="grantstatusevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("issued", "issued"),
                    ("repinned", "repinned"),
                    ("suspended", "suspended"),
                    ("reinstated", "reinstated"),
                    ("revoked", "revoked"),
                    ("expired", "expired"),
                    ("reissued", "reissued"),
                    ("flagged", "flagged"),
                ],
                max_length=12,
            ),
        ),
        migrations.CreateModel(
            name="Seat",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=collective.core.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(choices=[("person", "person"), ("service", "service key")], max_length=8),
                ),
                ("number", models.PositiveIntegerField(help_text="From 1 to the cap of its kind.")),
                ("key_id", models.CharField(blank=True, max_length=8)),
                ("assigned_at", models.DateTimeField()),
                ("released_at", models.DateTimeField(null=True)),
                (
                    "assigned_by",
                    models.ForeignKey(
                        help_text="Empty: first use.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "grant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seats",
                        to="licensing.licensegrant",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["grant", "kind", "assigned_at"], name="seat_by_grant")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(("released_at", None)), fields=("grant", "kind", "number"), name="seat_one_holder"
                    ),
                    models.UniqueConstraint(
                        condition=Q(("released_at", None)),
                        fields=("grant", "kind", "user", "key_id"),
                        name="seat_once_per_holder",
                    ),
                    models.CheckConstraint(
                        condition=(Q(kind="person") & Q(key_id="")) | (Q(kind="service") & ~Q(key_id="")),
                        name="seat_of_a_person_or_a_key",
                    ),
                ],
            },
        ),
        CreateTriggers(
            [
                Refusal(
                    "licensing_seat",
                    "UPDATE",
                    "a seat is released once, and otherwise stays as it was given",
                    f"OLD.released_at IS NOT NULL OR {KEPT}",
                ),
                Refusal("licensing_seat", "DELETE", "who used a license stays known"),
            ]
        ),
    ]
