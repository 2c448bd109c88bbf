"""Validation piece by piece; prepared objects that are shards already."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def one_piece_per_file(apps: Apps, schema: BaseDatabaseSchemaEditor) -> None:
    """What was prepared before: each file was one piece. Without a record list, no version takes it over uncopied."""
    piece, prepared = apps.get_model("ingestion", "Piece"), apps.get_model("ingestion", "PreparedObject")
    for each in prepared.objects.select_related("upload", "report").order_by("part_number"):
        each.piece, _ = piece.objects.get_or_create(
            report=each.report,
            file_number=each.file_number,
            number=0,
            defaults={
                "upload": each.upload,
                "begin": 0,
                "end": each.upload.size,
                "bytes_read": each.upload.size,
                "done_at": each.report.finished_at,
            },
        )
        each.piece.rows += each.rows
        each.piece.save()
        each.save()
    if schema.connection.vendor == "postgresql":  # or it alters no table whose foreign keys it has yet to check
        schema.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [("ingestion", "0003_uploads")]

    operations = [
        migrations.CreateModel(
            name="Piece",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file_number", models.PositiveIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("begin", models.PositiveBigIntegerField()),
                ("end", models.PositiveBigIntegerField()),
                ("rows", models.PositiveBigIntegerField(default=0)),
                ("bytes_read", models.PositiveBigIntegerField(default=0)),
                ("problems", models.JSONField(default=list)),
                ("problem_count", models.PositiveIntegerField(default=0)),
                ("warnings", models.JSONField(default=list)),
                ("findings", models.JSONField(default=list)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pieces",
                        to="ingestion.validationreport",
                    ),
                ),
                (
                    "upload",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ingestion.upload"
                    ),
                ),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=["report", "file_number", "number"], name="piece_once"),
                    models.CheckConstraint(
                        condition=models.Q(begin__lte=models.F("end")), name="piece_begins_before_it_ends"
                    ),
                ],
            },
        ),
        migrations.AddField("validationreport", "remaining", models.PositiveIntegerField(default=0)),
        migrations.AddField("validationreport", "findings", models.JSONField(default=list)),
        migrations.RemoveConstraint("preparedobject", "prepared_part_once"),
        migrations.AddField(
            "preparedobject",
            "piece",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="prepared",
                to="ingestion.piece",
            ),
        ),
        migrations.RunPython(one_piece_per_file, migrations.RunPython.noop),
        migrations.AlterField(
            "preparedobject",
            "piece",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="prepared", to="ingestion.piece"
            ),
        ),
        migrations.RemoveField("preparedobject", "report"),
        migrations.RemoveField("preparedobject", "upload"),
        migrations.RemoveField("preparedobject", "file_number"),
        migrations.RemoveField("preparedobject", "warnings"),
        migrations.AddField("preparedobject", "git_sha1", models.CharField(default="", max_length=40), False),
        migrations.AddField("preparedobject", "records_sha256", models.CharField(default="", max_length=64), False),
        migrations.AddField("preparedobject", "records_root", models.CharField(default="", max_length=64), False),
        migrations.AddField("preparedobject", "row_groups", models.PositiveIntegerField(default=0), False),
        migrations.AddField("preparedobject", "preview", models.JSONField(default=list)),
        migrations.AddConstraint(
            model_name="preparedobject",
            constraint=models.UniqueConstraint(fields=["piece", "part_number"], name="prepared_part_once"),
        ),
        migrations.RemoveConstraint("shardbuild", "shard_build_done_is_whole"),
        migrations.RenameField("shardbuild", "leaves_sha256", "records_sha256"),
        migrations.AddField(
            "shardbuild", "records_root", models.CharField(blank=True, max_length=64, default=""), False
        ),
        migrations.AddConstraint(
            model_name="shardbuild",
            constraint=models.CheckConstraint(
                condition=models.Q(("shard", None))
                | models.Q(("git_sha1", ""), _negated=True) & models.Q(("records_sha256", ""), _negated=True),
                name="shard_build_done_is_whole",
            ),
        ),
    ]
