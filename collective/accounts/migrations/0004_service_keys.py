from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_invitations")]

    operations = [
        migrations.AddField(
            model_name="apikey",
            name="is_service",
            field=models.BooleanField(
                default=False,
                help_text="Used by a program without a person; counted against the service keys of licenses.",
            ),
        ),
    ]
