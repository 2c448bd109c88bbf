# ruff: noqa: S608 - table and column names are constants of this package
"""BEFORE triggers whose rules may look at other tables, said once and written for both databases.

SQLite's REPLACE deletes the row in its way without firing DELETE triggers, so every guarded table refuses an INSERT
over an existing row there.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """Refuse with `message` where the SQL condition over NEW and OLD holds. Empty: not needed on that database."""

    message: str
    sqlite: str
    postgresql: str

    @classmethod
    def both(cls, message: str, condition: str) -> "Rule":
        return cls(message, condition, condition)

    def condition(self, vendor: str) -> str:
        return self.sqlite if vendor == "sqlite" else self.postgresql


@dataclass(frozen=True)
class Guard:
    """One BEFORE trigger whose rules may look at other tables."""

    table: str
    when: str
    rules: tuple[Rule, ...]

    @property
    def name(self) -> str:
        return f"guard_{self.table}_{self.when.lower()}"

    def create_sql(self, vendor: str) -> list[str]:
        rules = [(rule.message, rule.condition(vendor)) for rule in self.rules if rule.condition(vendor)]
        if vendor == "sqlite":
            checks = " ".join(f"SELECT RAISE(ABORT, '{message}') WHERE {condition};" for message, condition in rules)
            return [f"CREATE TRIGGER {self.name} BEFORE {self.when} ON {self.table} FOR EACH ROW BEGIN {checks} END"]
        checks = " ".join(
            f"IF {condition} THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation'; END IF;"
            for message, condition in rules
        )
        function = f"{self.name}()"
        return [
            f"CREATE FUNCTION {function} RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {checks} RETURN NEW; END $$",
            f"CREATE TRIGGER {self.name} BEFORE {self.when} ON {self.table} FOR EACH ROW EXECUTE FUNCTION {function}",
        ]

    def drop_sql(self, vendor: str) -> list[str]:
        return drop_trigger(vendor, self.name, self.table)


def drop_trigger(vendor: str, name: str, table: str) -> list[str]:
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {name}"]
    return [f"DROP TRIGGER IF EXISTS {name} ON {table}", f"DROP FUNCTION IF EXISTS {name}()"]


def never_replaced(table: str, *keys: str) -> Rule:
    same = " OR ".join(f"({key})" for key in keys)
    return Rule(f"{table} rows are never replaced", f"EXISTS (SELECT 1 FROM {table} old WHERE {same})", "")


def frozen(message: str, *columns: str) -> Rule:
    """These columns never change, nulls included."""
    return Rule(
        message,
        " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in columns),
        " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in columns),
    )
