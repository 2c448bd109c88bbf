"""Audit events are inserted and never changed or removed, and their end only moves forward: the database refuses."""

from typing import ClassVar

from django.db import migrations

from collective.core.db.triggers import CreateTriggers, Refusal, append_only

GUARDS = [
    *append_only("core_auditevent"),
    Refusal("core_audithead", "DELETE", "the end of the audit trail cannot be removed"),
    Refusal(
        "core_audithead", "UPDATE", "the audit trail grows one event at a time", condition="NEW.seq <> OLD.seq + 1"
    ),
]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("core", "0001_initial")]
    operations: ClassVar = [CreateTriggers(GUARDS)]
