import collective.core.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from collective.core.db.triggers import CreateTriggers, Refusal

KEPT = " OR ".join(
    f"OLD.{name} <> NEW.{name}"
    for name in (
        *("id", "token_sha256", "user_id", "key_id", "version_id", "manifest_sha256", "action", "size"),
        *("opened_at", "expires_at"),
    )
)
OTHER_GRANT = "(OLD.grant_id IS NULL) <> (NEW.grant_id IS NULL) OR OLD.grant_id <> NEW.grant_id"
LESS = "NEW.bytes_given < OLD.bytes_given OR NEW.byte_budget < OLD.byte_budget"


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0005_withdrawal_takers'),
        ('licensing', '0014_grant_scope'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DownloadSession',
            fields=[
                ('id', models.UUIDField(default=collective.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('token_sha256', models.CharField(max_length=64, unique=True)),
                ('key_id', models.CharField(blank=True, help_text='Empty: asked for by somebody signed in.', max_length=8)),
                ('manifest_sha256', models.CharField(max_length=64)),
                ('action', models.CharField(blank=True, help_text='What the files are for, if that was said.', max_length=30)),
                ('size', models.PositiveBigIntegerField(help_text='Bytes of all its files, once.')),
                ('byte_budget', models.PositiveBigIntegerField()),
                ('bytes_given', models.PositiveBigIntegerField(default=0)),
                ('whole_until', models.DateTimeField(help_text='Until when the addresses of all files that were given last work.')),
                ('opened_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('superseded_at', models.DateTimeField(help_text='Since when a later session is given out in its place.', null=True)),
                ('ip', models.GenericIPAddressField(null=True)),
                ('user_agent', models.CharField(blank=True, max_length=300)),
                ('grant', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='download_sessions', to='licensing.licensegrant')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.datasetversion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('grant__isnull', False), ('superseded_at', None)), fields=('user', 'key_id', 'grant', 'version', 'action'), name='session_one_of_a_licensee'), models.UniqueConstraint(condition=models.Q(('grant', None), ('superseded_at', None)), fields=('user', 'key_id', 'version', 'action'), name='session_one_of_a_steward'), models.CheckConstraint(condition=models.Q(('bytes_given__lte', models.F('byte_budget'))), name='session_within_its_budget'), models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('opened_at'))), name='session_ends_after_its_start')],
            },
        ),
        migrations.CreateModel(
            name="SessionFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(max_length=64)),
                ("given_until", models.DateTimeField()),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="licensing.downloadsession",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("session", "sha256"), name="session_file_once")
                ],
            },
        ),
        CreateTriggers(
            [
                Refusal(
                    "licensing_downloadsession",
                    "UPDATE",
                    "a session keeps what it was opened for, and counts upwards",
                    f"{KEPT} OR {OTHER_GRANT} OR {LESS}",
                )
            ]
        ),
    ]
