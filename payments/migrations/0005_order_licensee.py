"""What a buyer says of the licensee, frozen with the order."""

from django.db import migrations, models

from collective.core.db.triggers import CreateTriggers, DropTriggers
from payments.triggers.orders import ORDER_DELETE, ORDER_UPDATE, ORDER_UPDATE_WITH_LICENSEE


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0004_order_guards'),
    ]

    operations = [
        DropTriggers([ORDER_UPDATE, ORDER_DELETE]),
        migrations.AddField(
            model_name='order',
            name='licensee_country',
            field=models.CharField(blank=True, default='', max_length=2),
        ),
        migrations.AddField(
            model_name='order',
            name='licensee_evidence',
            field=models.CharField(blank=True, default='', max_length=500),
        ),
        migrations.AddField(
            model_name='order',
            name='licensee_type',
            field=models.CharField(blank=True, default='', max_length=20),
        ),
        CreateTriggers([ORDER_UPDATE_WITH_LICENSEE, ORDER_DELETE]),
    ]
