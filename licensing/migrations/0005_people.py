"""People under pseudonyms, who is in which records, and consent events about a person instead of an account.

The events that contributors left are about the person of their account from now on.
"""

from typing import Any

import collective.core.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from collective.core.db.triggers import CreateTriggers, DropTriggers, Refusal, append_only

GUARDED = [*append_only("licensing_consentnotice"), *append_only("licensing_consentevent")]
NEW = [
    *append_only("licensing_recordsubject"),
    *append_only("licensing_subjectrecord"),
    *append_only("licensing_evidence"),
    *append_only("licensing_consentimport"),
    Refusal(
        "licensing_person",
        "UPDATE",
        "a person keeps the account that it was linked to",
        "OLD.account_id IS NOT NULL AND (NEW.account_id IS NULL OR NEW.account_id <> OLD.account_id)",
    ),
    Refusal("licensing_person", "DELETE", "a person stays; only its identity is erased"),
]


def name_people(apps: Any, schema_editor: Any) -> None:
    events = apps.get_model("licensing", "ConsentEvent").objects
    people = apps.get_model("licensing", "Person").objects
    for account in events.order_by().values_list("account", flat=True).distinct():
        events.filter(account=account).update(person=people.create(account_id=account))
    if schema_editor.connection.vendor == "postgresql":
        # Or the next change of the table is refused, for the checks of the foreign keys that are still to come.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def name_accounts(apps: Any, schema_editor: Any) -> None:
    for event in apps.get_model("licensing", "ConsentEvent").objects.select_related("person").iterator():
        apps.get_model("licensing", "ConsentEvent").objects.filter(pk=event.pk).update(account=event.person.account_id)
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_invitations'),
        ('catalog', '0004_derivations'),
        ('licensing', '0004_withdrawals'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        DropTriggers(GUARDED),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.UUIDField(default=collective.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('reference_mac', models.CharField(blank=True, max_length=64)),
                ('country', models.CharField(blank=True, help_text='Whose age of majority counts.', max_length=2)),
                ('birth_sealed', models.TextField(blank=True)),
                ('of_age_at', models.DateTimeField(help_text='When it was noticed that a minor came of age.', null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='persons', to=settings.AUTH_USER_MODEL)),
                ('provider', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('provider', None)), fields=('account',), name='person_own_once'),
                    models.UniqueConstraint(condition=models.Q(('provider__isnull', False)), fields=('provider', 'reference_mac'), name='person_reference_once'),
                    models.CheckConstraint(condition=models.Q(models.Q(('account__isnull', False), ('provider', None), ('reference_mac', '')), models.Q(('provider__isnull', False), models.Q(('reference_mac', ''), _negated=True)), _connector='OR'), name='person_is_somebodys'),
                ],
            },
        ),
        migrations.CreateModel(
            name='SubjectRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('record_id', models.CharField(max_length=32)),
            ],
        ),
        migrations.AddField(
            model_name='consentevent',
            name='assessment',
            field=models.TextField(blank=True, help_text='Why the interest is legitimate.'),
        ),
        migrations.AddField(
            model_name='consentevent',
            name='given_on',
            field=models.DateField(help_text='When the person answered, if that was not here.', null=True),
        ),
        migrations.AddField(
            model_name='consentevent',
            name='special_category',
            field=models.CharField(blank=True, choices=[('biometric', 'voice or face, used to identify a person'), ('health', 'health'), ('origin', 'racial or ethnic origin'), ('belief', 'political opinion, religion or belief'), ('union', 'membership of a trade union'), ('sexuality', 'sex life or sexual orientation'), ('genetic', 'genetic data')], max_length=20),
        ),
        migrations.AddField(
            model_name='consentnotice',
            name='grace_days',
            field=models.PositiveIntegerField(default=30),
        ),
        migrations.AddField(
            model_name='consentnotice',
            name='purposes',
            field=models.JSONField(default=list),
        ),
        migrations.AlterField(
            model_name='consentevent',
            name='actor',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='consentevent',
            name='basis',
            field=models.CharField(choices=[('consent_6_1_a', 'consent (GDPR Article 6(1)(a))'), ('contract_6_1_b', 'a contract with the person (Article 6(1)(b))'), ('interest_6_1_f', 'legitimate interest, with an assessment (Article 6(1)(f))'), ('no_personal_data', 'no personal data')], default='consent_6_1_a', max_length=20),
        ),
        migrations.CreateModel(
            name='ConsentImport',
            fields=[
                ('id', models.UUIDField(default=collective.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('file_sha256', models.CharField(max_length=64)),
                ('rows', models.PositiveIntegerField()),
                ('people', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
                ('actor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contribution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consent_imports', to='catalog.contribution')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('contribution', 'file_sha256'), name='consent_import_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('id', models.UUIDField(default=collective.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('signed_form_scan', 'a scan of a signed form'), ('recording', "a recording of the person's answer"), ('electronic', 'an answer given in a form on a screen'), ('contract', 'a contract'), ('guardian_form', 'a form signed by the guardian')], max_length=20)),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.PositiveBigIntegerField(null=True)),
                ('storage_key', models.CharField(blank=True, max_length=200)),
                ('added_at', models.DateTimeField()),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contribution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='catalog.contribution')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('contribution', 'kind', 'sha256'), name='evidence_once'),
                ],
            },
        ),
        migrations.AddField(
            model_name='consentevent',
            name='evidence',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='licensing.evidence'),
        ),
        migrations.CreateModel(
            name='PersonIdentity',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='identity', serialize=False, to='licensing.person')),
                ('sealed', models.TextField()),
                ('changed_at', models.DateTimeField(auto_now=True)),
            ],
        ),
        migrations.AddField(
            model_name='consentevent',
            name='guardian',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='licensing.person'),
        ),
        migrations.RenameField(model_name='consentevent', old_name='person', new_name='account'),
        migrations.AlterField(
            model_name='consentevent',
            name='account',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='consentevent',
            name='person',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='consent_events', to='licensing.person'),
        ),
        migrations.RunPython(name_people, name_accounts),
        migrations.RemoveField(model_name='consentevent', name='account'),
        migrations.AlterField(
            model_name='consentevent',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consent_events', to='licensing.person'),
        ),
        migrations.CreateModel(
            name='RecordSubject',
            fields=[
                ('id', models.UUIDField(default=collective.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('role', models.CharField(choices=[('speaker', 'speaks'), ('author', 'wrote or made it'), ('depicted', 'is shown')], max_length=10)),
                ('is_whole', models.BooleanField()),
                ('record_count', models.PositiveIntegerField(help_text='Empty: all of them.', null=True)),
                ('contribution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='subjects', to='catalog.contribution')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='subjects', to='licensing.person')),
            ],
            options={
                'indexes': [
                    models.Index(fields=['contribution', 'person'], name='subject_of_contribution'),
                ],
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('is_whole', True)), fields=('contribution', 'person', 'role'), name='subject_whole_once'),
                    models.CheckConstraint(condition=models.Q(models.Q(('is_whole', True), ('record_count', None)), models.Q(('is_whole', False), ('record_count__gt', 0)), _connector='OR'), name='subject_counts_its_records'),
                ],
            },
        ),
        migrations.AddField(
            model_name='consentevent',
            name='subject',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='consent_events', to='licensing.recordsubject'),
        ),
        migrations.AddConstraint(
            model_name='consentevent',
            constraint=models.CheckConstraint(condition=models.Q(('special_category', ''), ('basis', 'consent_6_1_a'), _connector='OR'), name='consent_special_is_explicit'),
        ),
        migrations.AddConstraint(
            model_name='consentevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('basis', 'interest_6_1_f'), _negated=True), models.Q(('assessment', ''), _negated=True), _connector='OR'), name='consent_interest_is_assessed'),
        ),
        migrations.AddConstraint(
            model_name='consentevent',
            constraint=models.CheckConstraint(condition=models.Q(('guardian', None), ('evidence__isnull', False), _connector='OR'), name='consent_guardian_has_evidence'),
        ),
        migrations.AddField(
            model_name='subjectrecord',
            name='subject',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='records', to='licensing.recordsubject'),
        ),
        migrations.AddConstraint(
            model_name='subjectrecord',
            constraint=models.UniqueConstraint(fields=('subject', 'record_id'), name='subject_record_once'),
        ),
        CreateTriggers(GUARDED),
        CreateTriggers(NEW),
    ]
