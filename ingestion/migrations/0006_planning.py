from django.db import migrations, models

STATES = ["planning", "sharding", "sealing", "done", "failed"]


class Migration(migrations.Migration):
    dependencies = [("ingestion", "0005_layout")]

    operations = [
        migrations.AddField("versionbuild", "layout", models.JSONField(default=dict)),
        migrations.AlterField(
            "versionbuild",
            "state",
            models.CharField(choices=[(state, state) for state in STATES], default="planning", max_length=10),
        ),
    ]
