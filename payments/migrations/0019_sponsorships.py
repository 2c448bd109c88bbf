"""Budgets for the licenses of researchers."""

import collective.core.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from collective.core.db.triggers import CreateTriggers
from payments.triggers.sponsoring import SPONSOR_GUARDS


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_service_keys'),
        ('catalog', '0005_withdrawal_takers'),
        ('licensing', '0014_grant_scope'),
        ('payments', '0018_approvals'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SponsorApproval',
            fields=[
                ('id', models.UUIDField(default=collective.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('requested', 'requested'), ('approved', 'approved'), ('refused', 'refused'), ('withdrawn', 'withdrawn')], default='requested', max_length=20)),
                ('words', models.TextField(blank=True)),
                ('reason', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('changed_at', models.DateTimeField(auto_now=True)),
                ('researcher', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sponsor_approvals', to='accounts.organization')),
            ],
        ),
        migrations.CreateModel(
            name='Sponsorship',
            fields=[
                ('id', models.UUIDField(default=collective.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=150)),
                ('about', models.TextField(blank=True, help_text="For whom and for what, in the sponsor's words.")),
                ('currency', models.CharField(max_length=3)),
                ('most_minor', models.PositiveBigIntegerField(null=True)),
                ('until', models.DateTimeField()),
                ('state', models.CharField(choices=[('open', 'open'), ('closed', 'closed')], default='open', max_length=20)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('datasets', models.ManyToManyField(related_name='+', to='catalog.dataset')),
                ('licenses', models.ManyToManyField(related_name='+', to='licensing.licensetemplate')),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('publishers', models.ManyToManyField(related_name='+', to='accounts.organization')),
                ('sponsor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sponsorships', to='accounts.organization')),
            ],
            options={
                'indexes': [
                    models.Index(condition=models.Q(('state', 'open')), fields=['until'], name='sponsorship_open'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('state', 'open')), models.Q(('state', 'open'), _negated=True), _connector='OR'), name='sponsorship_closed'),
                ],
            },
        ),
        migrations.CreateModel(
            name='SponsorFunding',
            fields=[
                ('id', models.UUIDField(default=collective.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('reserved', 'reserved'), ('open', 'open'), ('paid', 'paid'), ('ended', 'ended')], default='reserved', max_length=20)),
                ('amount_minor', models.PositiveBigIntegerField()),
                ('rail', models.CharField(max_length=20)),
                ('reference', models.CharField(blank=True, max_length=255)),
                ('url', models.TextField(blank=True)),
                ('payment', models.CharField(blank=True, max_length=100)),
                ('booked_minor', models.PositiveBigIntegerField(default=0)),
                ('booked_currency', models.CharField(blank=True, max_length=3)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('paid_at', models.DateTimeField(null=True)),
                ('journal', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='funding', to='payments.journal')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sponsorship', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='fundings', to='payments.sponsorship')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0)), name='funding_is_something'),
                    models.CheckConstraint(condition=models.Q(models.Q(('journal__isnull', False), ('state', 'paid')), models.Q(models.Q(('state', 'paid'), _negated=True), ('journal', None)), _connector='OR'), name='funding_paid_is_booked'),
                    models.UniqueConstraint(condition=models.Q(('reference', ''), _negated=True), fields=('rail', 'reference'), name='funding_reference_once'),
                    models.UniqueConstraint(condition=models.Q(('payment', ''), _negated=True), fields=('rail', 'payment'), name='funding_payment_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='SponsoredOrder',
            fields=[
                ('order', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='sponsored', serialize=False, to='payments.order')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('approval', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='spent', to='payments.sponsorapproval')),
                ('sponsorship', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='spent', to='payments.sponsorship')),
            ],
        ),
        migrations.AddField(
            model_name='sponsorapproval',
            name='sponsorship',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='payments.sponsorship'),
        ),
        migrations.CreateModel(
            name='SponsorReturn',
            fields=[
                ('id', models.UUIDField(default=collective.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('reserved', 'reserved'), ('done', 'done'), ('refused', 'refused'), ('failed', 'failed')], default='reserved', max_length=20)),
                ('amount_minor', models.PositiveBigIntegerField()),
                ('booked_minor', models.PositiveBigIntegerField()),
                ('reference', models.CharField(blank=True, max_length=100)),
                ('refusal', models.CharField(blank=True, max_length=300)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('funding', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='returns', to='payments.sponsorfunding')),
                ('journal', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sponsor_return', to='payments.journal')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0)), name='sponsor_return_is_something'), models.CheckConstraint(condition=models.Q(models.Q(('journal__isnull', False), ('state__in', ['done', 'failed'])), models.Q(('state__in', ['reserved', 'refused']), ('journal', None)), _connector='OR'), name='sponsor_return_done_is_booked'), models.UniqueConstraint(condition=models.Q(('reference', ''), _negated=True), fields=('reference',), name='sponsor_return_reference_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='sponsorapproval',
            constraint=models.UniqueConstraint(fields=('sponsorship', 'researcher'), name='approval_once'),
        ),
        CreateTriggers(SPONSOR_GUARDS),
    ]
