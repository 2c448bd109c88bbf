"""What a refund for removed records was for stands in its request."""

from django.db import migrations

from collective.core.db.triggers import CreateTriggers, ForgetTriggers, append_only

BACK = append_only("payments_refund")
BOOKS = append_only("payments_simulatedmovement")


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0011_simulated_books'),
    ]

    operations = [
        ForgetTriggers(append_only("payments_removalrefund")),
        migrations.DeleteModel(
            name='RemovalRefund',
        ),
        CreateTriggers([*BACK, *BOOKS]),
    ]
