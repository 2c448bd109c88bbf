"""Coupons, and what one took off an order."""

import collective.core.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from collective.core.db.triggers import CreateTriggers
from payments.triggers.sponsoring import COUPON_GUARDS


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_service_keys'),
        ('catalog', '0005_withdrawal_takers'),
        ('licensing', '0014_grant_scope'),
        ('payments', '0015_ways_to_pay'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='order',
            name='discount_minor',
            field=models.PositiveBigIntegerField(null=True),
        ),
        migrations.CreateModel(
            name='Coupon',
            fields=[
                ('id', models.UUIDField(default=collective.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=40)),
                ('percent', models.PositiveSmallIntegerField(default=0)),
                ('amount_minor', models.PositiveBigIntegerField(default=0)),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('max_uses', models.PositiveIntegerField()),
                ('uses', models.PositiveIntegerField(default=0)),
                ('valid_from', models.DateTimeField()),
                ('valid_until', models.DateTimeField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('audience', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
                ('dataset', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='coupons', to='catalog.dataset')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('offer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='coupons', to='licensing.offer')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('dataset', 'code'), name='coupon_code_once'),
                    models.CheckConstraint(condition=models.Q(models.Q(('amount_minor', 0), ('currency', ''), ('percent__gte', 1), ('percent__lte', 100)), models.Q(('amount_minor__gt', 0), ('percent', 0), models.Q(('currency', ''), _negated=True)), _connector='OR'), name='coupon_is_percent_or_amount'),
                    models.CheckConstraint(condition=models.Q(('max_uses__gte', 1), ('uses__lte', models.F('max_uses'))), name='coupon_not_overused'),
                    models.CheckConstraint(condition=models.Q(('valid_from__lt', models.F('valid_until'))), name='coupon_has_a_time'),
                ],
            },
        ),
        migrations.AddField(
            model_name='order',
            name='coupon',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='payments.coupon'),
        ),
        CreateTriggers(COUPON_GUARDS),
    ]
