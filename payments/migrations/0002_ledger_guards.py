"""The ledger's protection, from its first row on."""

from typing import ClassVar

from django.db import migrations

from collective.core.db.triggers import CreateTriggers
from payments.triggers import LEDGER_GUARDS, LEDGER_TABLES, RefuseTruncate


class Migration(migrations.Migration):
    dependencies: ClassVar = [("payments", "0001_initial")]
    operations: ClassVar = [CreateTriggers(LEDGER_GUARDS), RefuseTruncate(LEDGER_TABLES)]
