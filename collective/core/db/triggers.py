"""Triggers as migration operations. SQLite and PostgreSQL say the same thing in their own words.

SQLite loses triggers when Django rebuilds a table: a migration that alters a guarded table must drop its triggers
first and create them again; `invariants.missing_triggers` compares names with what the registry expects.
"""

from dataclasses import dataclass
from typing import Any, Literal

from django.db import connection
from django.db.migrations.operations.base import Operation

When = Literal["UPDATE", "DELETE", "INSERT"]
_expected: dict[str, str] = {}
# Beside what is expected, as migrations are imported in any order.
_forgotten: set[str] = set()


@dataclass(frozen=True)
class Refusal:
    """Refuse `when` on `table` with `message`, if `condition` (SQL over OLD and NEW, true in both dialects) holds."""

    table: str
    when: When
    message: str
    condition: str = ""
    suffix: str = ""

    @property
    def name(self) -> str:
        return f"refuse_{self.table}_{self.when.lower()}{self.suffix}"

    def create_sql(self, vendor: str) -> list[str]:
        text = self.message.replace("'", "''")
        if vendor == "sqlite":
            when = f" WHEN {self.condition}" if self.condition else ""
            return [
                (
                    f"CREATE TRIGGER {self.name} BEFORE {self.when} ON {self.table} FOR EACH ROW{when} "
                    f"BEGIN SELECT RAISE(ABORT, '{text}'); END"
                )
            ]
        when = f" WHEN ({self.condition})" if self.condition else ""
        return [
            (
                f"CREATE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{text}' USING ERRCODE = 'check_violation'; END $$"
            ),
            (
                f"CREATE TRIGGER {self.name} BEFORE {self.when} ON {self.table} FOR EACH ROW{when} "
                f"EXECUTE FUNCTION {self.name}()"
            ),
        ]

    def drop_sql(self, vendor: str) -> list[str]:
        if vendor == "sqlite":
            return [f"DROP TRIGGER IF EXISTS {self.name}"]
        return [f"DROP TRIGGER IF EXISTS {self.name} ON {self.table}", f"DROP FUNCTION IF EXISTS {self.name}()"]


def append_only(table: str) -> list[Refusal]:
    """Rows are inserted and never changed or removed."""
    return [Refusal(table, when, f"{table} is append-only") for when in ("UPDATE", "DELETE")]


class CreateTriggers(Operation):
    """Create the triggers of `refusals` (and, on PostgreSQL, refuse TRUNCATE of their tables)."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, refusals: list[Any]) -> None:
        self.refusals = refusals
        _expected.update({refusal.name: refusal.table for refusal in refusals})

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Triggers are no part of the models' state."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for refusal in self.refusals:
            for statement in refusal.create_sql(schema_editor.connection.vendor):
                schema_editor.execute(statement)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for refusal in self.refusals:
            for statement in refusal.drop_sql(schema_editor.connection.vendor):
                schema_editor.execute(statement)

    def describe(self) -> str:
        return f"Create {len(self.refusals)} triggers"


class DropTriggers(CreateTriggers):
    """Before a guarded table is altered: SQLite loses its triggers then. `CreateTriggers` brings them back after."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        super().database_backwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        super().database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Drop {len(self.refusals)} triggers for a moment"


class ForgetTriggers(DropTriggers):
    """For good: their table goes, or is guarded no more."""

    def __init__(self, refusals: list[Any]) -> None:
        super().__init__(refusals)
        _forgotten.update(refusal.name for refusal in refusals)

    def describe(self) -> str:
        return f"Drop {len(self.refusals)} triggers"


def missing_triggers() -> list[str]:
    """Names of triggers that the loaded migrations created and the database has no longer."""
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {row[0] for row in cursor.fetchall()}
    return sorted(set(_expected) - _forgotten - present)
