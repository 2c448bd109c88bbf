"""Offers with parameters, plans and an audience; what is exclusive; quotes; named authors; the whole catalog."""

import collective.core.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from collective.core.db.triggers import CreateTriggers, DropTriggers, Refusal
from licensing.domain.hashing import canonical_sha256
from licensing.services.library import load_library
from licensing.triggers import guard_claims, unguard_claims

FROZEN = (
    *("id", "dataset_id", "license_version_id", "price_minor", "currency", "fee_mode", "fee_bps", "from_version"),
    *("attribution", "terms", "terms_sha256", "snapshot", "offer_sha256", "published_by_id", "published_at"),
)
BEFORE = (*FROZEN, "duration_days")
AFTER = (*BEFORE, "audience_id", "scope_sha256")


def offer_guards(columns):
    """Everything but the end of an offer. Null-safe in both dialects."""
    changed = " OR ".join(
        f"(OLD.{name} IS NULL) <> (NEW.{name} IS NULL) OR OLD.{name} <> NEW.{name}" for name in columns
    )
    return [
        Refusal(
            "licensing_offer",
            "UPDATE",
            "an offer never changes; retire it and publish another",
            f"({changed}) OR (OLD.state = 'retired' AND NEW.state <> 'retired')",
        ),
        Refusal("licensing_offer", "DELETE", "an offer stays for ever"),
    ]


def fill_scopes(apps, schema_editor):
    """Offers from before have one too; the guard freezes it right after."""
    for offer in apps.get_model("licensing", "Offer").objects.using(schema_editor.connection.alias).iterator():
        terms = offer.terms
        offer.scope_sha256 = canonical_sha256([terms.get("scope"), (terms.get("legal") or {}).get("exclusivity")])
        offer.save(update_fields=["scope_sha256"])


def load(apps, _schema_editor):
    load_library(models=apps)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_invitations'),
        ('catalog', '0004_derivations'),
        ('licensing', '0009_withdrawal_notices'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        DropTriggers(offer_guards(BEFORE)),
        migrations.CreateModel(
            name='ExclusiveClaim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order_id', models.UUIDField(db_index=True)),
                ('licensee_id', models.UUIDField()),
                ('action', models.CharField(max_length=20)),
                ('field', models.CharField(max_length=20)),
                ('territory', models.CharField(max_length=2)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField(help_text='Empty: without an end.', null=True)),
                ('held_until', models.DateTimeField(help_text='Empty: the license was granted.', null=True)),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('order_id', 'action', 'field', 'territory'), name='exclusive_claim_once_per_order'),
                    models.CheckConstraint(condition=models.Q(('ends_at', None), ('ends_at__gt', models.F('starts_at')), _connector='OR'), name='exclusive_claim_ends_after_start'),
                ],
            },
        ),
        migrations.CreateModel(
            name='QuoteRequest',
            fields=[
                ('id', models.UUIDField(default=collective.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('use', models.TextField(help_text='What the data is wanted for.')),
                ('state', models.CharField(choices=[('open', 'open'), ('answered', 'answered'), ('declined', 'declined')], default='open', max_length=10)),
                ('reason', models.TextField(blank=True)),
                ('asked_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='offer',
            name='offer_one_live_per_license',
        ),
        migrations.AddField(
            model_name='offer',
            name='audience',
            field=models.ForeignKey(help_text='Empty: for everybody.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization'),
        ),
        migrations.AddField(
            model_name='offer',
            name='scope_sha256',
            field=models.CharField(default='', max_length=64),
        ),
        migrations.AddField(
            model_name='provenancesource',
            name='authors',
            field=models.JSONField(help_text='Names to credit, in their order. Empty: nobody is named.', null=True),
        ),
        migrations.AlterField(
            model_name='offer',
            name='price_minor',
            field=models.PositiveBigIntegerField(help_text='What the cheapest buyer pays; the plan is in the terms.'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.UniqueConstraint(condition=models.Q(('audience', None), ('state', 'live')), fields=('dataset', 'license_version', 'scope_sha256'), name='offer_one_live_per_scope'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.UniqueConstraint(condition=models.Q(('audience__isnull', False), ('state', 'live')), fields=('dataset', 'license_version', 'scope_sha256', 'audience'), name='offer_one_live_per_audience'),
        ),
        migrations.AddField(
            model_name='exclusiveclaim',
            name='dataset',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exclusive_claims', to='catalog.dataset'),
        ),
        migrations.AddField(
            model_name='exclusiveclaim',
            name='offer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exclusive_claims', to='licensing.offer'),
        ),
        migrations.AddField(
            model_name='quoterequest',
            name='answer',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='licensing.offer'),
        ),
        migrations.AddField(
            model_name='quoterequest',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='quoterequest',
            name='licensee',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='quote_requests', to='accounts.organization'),
        ),
        migrations.AddField(
            model_name='quoterequest',
            name='offer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='quote_requests', to='licensing.offer'),
        ),
        migrations.AddIndex(
            model_name='exclusiveclaim',
            index=models.Index(fields=['dataset', 'action', 'field', 'territory'], name='exclusive_claim_scope'),
        ),
        migrations.AddConstraint(
            model_name='exclusiveclaim',
            constraint=models.UniqueConstraint(condition=models.Q(('ends_at', None)), fields=('dataset', 'action', 'field', 'territory'), name='exclusive_claim_one_without_end'),
        ),
        migrations.AddConstraint(
            model_name='quoterequest',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('offer', 'licensee'), name='quote_one_open_per_licensee'),
        ),
        migrations.AddConstraint(
            model_name='quoterequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'answered'), _negated=True), ('answer__isnull', False), _connector='OR'), name='quote_answered_with_an_offer'),
        ),
        migrations.RunPython(fill_scopes, migrations.RunPython.noop),
        CreateTriggers(offer_guards(AFTER)),
        migrations.RunPython(guard_claims, unguard_claims),
        migrations.RunPython(load, migrations.RunPython.noop),
    ]
