"""What was sold, paid, given back and divided stays as it was written."""

from typing import ClassVar

from django.db import migrations

from collective.core.db.triggers import CreateTriggers
from payments.triggers import ORDER_GUARDS


class Migration(migrations.Migration):
    dependencies: ClassVar = [("payments", "0003_orders")]
    operations: ClassVar = [CreateTriggers(ORDER_GUARDS)]
