"""TRUNCATE goes round row triggers, on PostgreSQL; SQLite has no such statement."""

from typing import Any

from django.db import connection
from django.db.migrations.operations.base import Operation

from payments.triggers.guard import drop_trigger
from payments.triggers.ledger import LEDGER_TABLES
from payments.triggers.statements import STATEMENT_TABLES


class RefuseTruncate(Operation):
    reduces_to_sql = True
    reversible = True

    def __init__(self, tables: list[str]) -> None:
        self.tables = tables

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Triggers are no part of the models' state."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            for name, table in truncate_guards(self.tables):
                schema_editor.execute(
                    f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                    f"RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'check_violation'; END $$"
                )
                schema_editor.execute(
                    f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
                )

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            for name, table in truncate_guards(self.tables):
                for statement in drop_trigger("postgresql", name, table):
                    schema_editor.execute(statement)

    def describe(self) -> str:
        return f"Refuse TRUNCATE of {len(self.tables)} tables"


def truncate_guards(tables: list[str]) -> list[tuple[str, str]]:
    return [(f"guard_{table}_truncate", table) for table in tables]


def missing_truncate_guards() -> list[str]:
    """Names of the guards that PostgreSQL has no longer."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        present = {row[0] for row in cursor.fetchall()}
    return [name for name, _ in truncate_guards([*LEDGER_TABLES, *STATEMENT_TABLES]) if name not in present]
