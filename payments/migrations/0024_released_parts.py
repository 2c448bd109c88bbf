"""What was released of each share; disputes of money that paid no order."""

import collective.core.ids
import django.db.models.deletion
from django.db import migrations, models

from collective.core.db.triggers import CreateTriggers
from payments.triggers.orders import RELEASE_GUARDS
from payments.triggers.rails import SIDE_DISPUTE_GUARDS

# Until now a settlement was released as a whole: so was each share of it.
RELEASED_BEFORE = """
SELECT entry.id, entry.amount, settlement.released_at
FROM payments_entry entry
JOIN payments_account account ON account.id = entry.account_id
JOIN payments_settlementposting posting ON posting.journal_id = entry.journal_id
JOIN payments_settlement settlement ON settlement.id = posting.settlement_id
WHERE settlement.released_at IS NOT NULL AND account.code LIKE 'c:%:held'
"""


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0022_tax_of_captures'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReleasedPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount_minor', models.BigIntegerField()),
                ('released_at', models.DateTimeField()),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='released_parts', to='payments.entry')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('amount_minor', 0), _negated=True), name='released_part_is_something')],
            },
        ),
        migrations.CreateModel(
            name='SideDispute',
            fields=[
                ('id', models.UUIDField(default=collective.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('inquiry', 'inquiry'), ('open', 'open'), ('won', 'won'), ('lost', 'lost'), ('closed', 'closed')], default='inquiry', max_length=20)),
                ('rail', models.CharField(max_length=20)),
                ('reference', models.CharField(max_length=100)),
                ('amount_minor', models.PositiveBigIntegerField()),
                ('booked_minor', models.PositiveBigIntegerField(default=0)),
                ('fee_minor', models.PositiveBigIntegerField(default=0)),
                ('opened_at', models.DateTimeField(auto_now_add=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('funding', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='disputes', to='payments.sponsorfunding')),
                ('unapplied', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='disputes', to='payments.unappliedpayment')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'open')), fields=['funding'], name='side_dispute_open')],
                'constraints': [models.UniqueConstraint(fields=('rail', 'reference'), name='side_dispute_once'), models.CheckConstraint(condition=models.Q(models.Q(('funding', None), ('unapplied__isnull', False)), models.Q(('funding__isnull', False), ('unapplied', None)), _connector='OR'), name='side_dispute_is_about_one_thing')],
            },
        ),
        migrations.RunSQL(
            f"INSERT INTO payments_releasedpart (entry_id, amount_minor, released_at) {RELEASED_BEFORE}",
            migrations.RunSQL.noop,
        ),
        CreateTriggers([*RELEASE_GUARDS, *SIDE_DISPUTE_GUARDS]),
    ]
