"""The tax of what was authorized is known when it is captured."""

from django.db import migrations

from collective.core.db.triggers import CreateTriggers, DropTriggers
from payments.triggers.orders import ORDER_UPDATE_WITH_CAPTURE, ORDER_UPDATE_WITH_TAX


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0021_authorizations'),
    ]

    operations = [
        DropTriggers([ORDER_UPDATE_WITH_TAX]),
        CreateTriggers([ORDER_UPDATE_WITH_CAPTURE]),
    ]
