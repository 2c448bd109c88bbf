"""The record of a stream names the bytes that were sent."""

from django.db import migrations, models
from django.db.models import F, Q

from collective.core.db.triggers import CreateTriggers, DropTriggers, append_only

# SQLite writes the table anew for a constraint, which would leave the triggers behind.
GUARDS = append_only("licensing_accessrecord")


class Migration(migrations.Migration):
    dependencies = [("licensing", "0015_download_sessions")]

    operations = [
        DropTriggers(GUARDS),
        migrations.AddField(
            model_name="accessrecord",
            name="first_byte",
            field=models.PositiveBigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="accessrecord",
            name="last_byte",
            field=models.PositiveBigIntegerField(null=True),
        ),
        migrations.AddConstraint(
            model_name="accessrecord",
            constraint=models.CheckConstraint(
                condition=Q(first_byte__isnull=True, last_byte__isnull=True)
                | Q(first_byte__isnull=False, last_byte__isnull=False)
                & Q(first_byte__lte=F("last_byte"), last_byte__lt=F("size")),
                name="access_range_within_the_file",
            ),
        ),
        CreateTriggers(GUARDS),
    ]
