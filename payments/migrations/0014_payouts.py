import collective.core.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from collective.core.db.triggers import CreateTriggers
from payments.triggers import PAYOUT_GUARDS


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_service_keys'),
        ('payments', '0013_statements'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PayoutRun',
            fields=[
                ('slot', models.PositiveIntegerField(primary_key=True, serialize=False)),
                ('started_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='SimulatedRecipient',
            fields=[
                ('reference', models.CharField(max_length=100, primary_key=True, serialize=False)),
                ('country', models.CharField(max_length=2)),
                ('presses', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='PayoutAccount',
            fields=[
                ('id', models.UUIDField(default=collective.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('rail', models.CharField(max_length=20)),
                ('reference', models.CharField(blank=True, max_length=100)),
                ('state', models.CharField(choices=[('none', 'none'), ('incomplete', 'incomplete'), ('active', 'active'), ('restricted', 'restricted')], default='none', max_length=20)),
                ('country', models.CharField(max_length=2)),
                ('missing', models.JSONField(default=list)),
                ('destination', models.CharField(blank=True, max_length=64)),
                ('destination_changed_at', models.DateTimeField(null=True)),
                ('opened_at', models.DateTimeField(auto_now_add=True)),
                ('read_at', models.DateTimeField(null=True)),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('payee', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='payout_account', to='accounts.organization')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('reference', ''), _negated=True), fields=('rail', 'reference'), name='payout_account_reference_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='TransferIntent',
            fields=[
                ('id', models.UUIDField(default=collective.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('currency', models.CharField(max_length=3)),
                ('amount_minor', models.PositiveBigIntegerField()),
                ('state', models.CharField(choices=[('reserved', 'reserved'), ('sent', 'sent'), ('failed', 'failed'), ('reversed', 'reversed')], default='reserved', max_length=20)),
                ('reference', models.CharField(blank=True, max_length=100)),
                ('refusal', models.CharField(blank=True, max_length=300)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('settled_at', models.DateTimeField(null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transfers', to='payments.payoutaccount')),
                ('payee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transfers', to='accounts.organization')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transfers', to='payments.payoutrun')),
            ],
            options={
                'indexes': [
                    models.Index(condition=models.Q(('state', 'reserved')), fields=['created_at'], name='transfer_waiting'),
                    models.Index(fields=['payee', '-created_at'], name='transfer_of_payee'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('run', 'payee', 'currency'), name='transfer_once_per_run'),
                    models.UniqueConstraint(condition=models.Q(('reference', ''), _negated=True), fields=('account', 'reference'), name='transfer_reference_once'),
                    models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0)), name='transfer_moves_something'),
                ],
            },
        ),
        migrations.CreateModel(
            name='TransferReversal',
            fields=[
                ('id', models.UUIDField(default=collective.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('amount_minor', models.PositiveBigIntegerField()),
                ('state', models.CharField(choices=[('reserved', 'reserved'), ('done', 'done'), ('refused', 'refused')], default='reserved', max_length=20)),
                ('reference', models.CharField(blank=True, max_length=100)),
                ('refusal', models.CharField(blank=True, max_length=300)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('transfer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reversals', to='payments.transferintent')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('state', 'reserved')), fields=('transfer',), name='transfer_reversal_one_at_a_time'),
                    models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0)), name='transfer_reversal_moves_something'),
                ],
            },
        ),
        CreateTriggers(PAYOUT_GUARDS),
    ]
