"""A night of reconciliation, for tests."""

from datetime import timedelta

import time_machine
from django.db import connection
from django.utils import timezone

from payments.models import Journal, ReconDiff, ReconRun
from payments.services.reconciling import reconcile
from tests.services.flush import guards_lifted


def night(later: timedelta = timedelta(hours=2)) -> ReconRun:
    """Late enough that what was done before has settled."""
    with time_machine.travel(timezone.now() + later, tick=True):
        return reconcile()


def open_differences() -> list[tuple[str, str, int, int]]:
    """Kind, reference, and what the ledger and the rail say."""
    rows = ReconDiff.objects.filter(resolved_by=None).order_by("kind", "reference")
    return list(rows.values_list("kind", "reference", "ledger_minor", "rail_minor"))


def remove_journal(journal: Journal) -> None:
    """As somebody with the database's password might."""
    with guards_lifted(), connection.cursor() as cursor:
        for table, column in (("entry", "journal_id"), ("seal", "journal_id"), ("journal", "id")):
            key = Journal._meta.pk.get_db_prep_value(journal.pk, connection)
            cursor.execute(f"DELETE FROM payments_{table} WHERE {column} = %s", [key])  # noqa: S608 - constants
