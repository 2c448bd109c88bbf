"""How an order was accepted, and the salt of what was said of the licensee, frozen with the order."""

from django.db import migrations, models

from collective.core.db.triggers import CreateTriggers, DropTriggers
from payments.triggers.orders import ORDER_DELETE, ORDER_UPDATE_WITH_EVIDENCE, ORDER_UPDATE_WITH_LICENSEE


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0008_sale_periods'),
    ]

    operations = [
        DropTriggers([ORDER_UPDATE_WITH_LICENSEE, ORDER_DELETE]),
        migrations.AddField(
            model_name='order',
            name='accepted_method',
            field=models.CharField(
                choices=[('click', 'on the page'), ('api', 'by a program')], default='click', max_length=10
            ),
        ),
        migrations.AddField(
            model_name='order',
            name='licensee_salt',
            field=models.CharField(blank=True, default='', max_length=32),
        ),
        CreateTriggers([ORDER_UPDATE_WITH_EVIDENCE, ORDER_DELETE]),
    ]
