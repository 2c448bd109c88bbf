"""The ledger's guards, in SQL: what no code of ours, and nobody with a database prompt, gets around unnoticed.

SQLite's REPLACE deletes the row in its way without firing DELETE triggers, so every guarded table refuses an INSERT
over an existing row there. SQLite also stores text or fractions in an integer column, so amounts are typed by hand.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.migrations.operations.base import Operation

from collective.core.db.triggers import Refusal, append_only

ACCOUNT, JOURNAL, ENTRY, SEAL = "payments_account", "payments_journal", "payments_entry", "payments_seal"
LEDGER_TABLES = [ACCOUNT, JOURNAL, ENTRY, SEAL]


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
        return [
            f"CREATE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {checks} RETURN NEW; END $$",
            f"CREATE TRIGGER {self.name} BEFORE {self.when} ON {self.table} FOR EACH ROW EXECUTE FUNCTION {self.name}()",
        ]

    def drop_sql(self, vendor: str) -> list[str]:
        return drop_trigger(vendor, self.name, self.table)


@dataclass(frozen=True)
class AddToBalance:
    """Every entry moves its account; nothing else does."""

    table: str = ENTRY
    name: str = "payments_entry_moves_balance"

    def create_sql(self, vendor: str) -> list[str]:
        move = f"UPDATE {ACCOUNT} SET balance = balance + NEW.amount, version = version + 1 WHERE id = NEW.account_id;"
        if vendor == "sqlite":
            return [f"CREATE TRIGGER {self.name} AFTER INSERT ON {ENTRY} FOR EACH ROW BEGIN {move} END"]
        return [
            f"CREATE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {move} RETURN NULL; END $$",
            f"CREATE TRIGGER {self.name} AFTER INSERT ON {ENTRY} FOR EACH ROW EXECUTE FUNCTION {self.name}()",
        ]

    def drop_sql(self, vendor: str) -> list[str]:
        return drop_trigger(vendor, self.name, ENTRY)


def drop_trigger(vendor: str, name: str, table: str) -> list[str]:
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {name}"]
    return [f"DROP TRIGGER IF EXISTS {name} ON {table}", f"DROP FUNCTION IF EXISTS {name}()"]


def _no_replace(table: str, *keys: str) -> Rule:
    same = " OR ".join(f"({key})" for key in keys)
    return Rule(f"{table} rows are never replaced", f"EXISTS (SELECT 1 FROM {table} old WHERE {same})", "")  # noqa: S608 - constants


def frozen(message: str, *columns: str) -> Rule:
    """These columns never change, nulls included."""
    return Rule(
        message,
        " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in columns),
        " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in columns),
    )


_ENTRIES = f"SELECT COUNT(*) FROM {ENTRY} e WHERE e.journal_id = NEW.journal_id"
_SUM = f"SELECT SUM(e.amount) FROM {ENTRY} e WHERE e.journal_id = NEW.journal_id"
_ACCOUNT_SUM = f"COALESCE((SELECT SUM(e.amount) FROM {ENTRY} e WHERE e.account_id = OLD.id), 0)"
_ACCOUNT_COUNT = f"(SELECT COUNT(*) FROM {ENTRY} e WHERE e.account_id = OLD.id)"
_FROZEN = ("id", "code", "currency", "kind", "owner_id", "may_go_debit", "may_go_credit")

LEDGER_GUARDS = [
    Guard(
        ACCOUNT,
        "INSERT",
        (
            Rule.both("an account starts at zero", "NEW.balance <> 0 OR NEW.version <> 0"),
            _no_replace(ACCOUNT, "old.id = NEW.id", "old.code = NEW.code AND old.currency = NEW.currency"),
        ),
    ),
    Guard(
        ACCOUNT,
        "UPDATE",
        (
            frozen("an account never changes what it is", *_FROZEN),
            # PostgreSQL knows that a trigger is at work; SQLite has to add up.
            Rule(
                "a balance changes only through entries",
                f"NEW.balance <> {_ACCOUNT_SUM} OR NEW.version <> {_ACCOUNT_COUNT}",
                "pg_trigger_depth() < 2",
            ),
        ),
    ),
    Guard(
        JOURNAL,
        "INSERT",
        (
            Rule.both(
                "a journal reverses one of its own currency",
                f"NEW.reverses_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {JOURNAL} j "  # noqa: S608 - constants
                "WHERE j.id = NEW.reverses_id AND j.currency = NEW.currency)",
            ),
            _no_replace(JOURNAL, "old.id = NEW.id", "old.key = NEW.key", "old.reverses_id = NEW.reverses_id"),
        ),
    ),
    Guard(
        ENTRY,
        "INSERT",
        (
            Rule("an amount is a whole number", "typeof(NEW.amount) <> 'integer'", ""),
            Rule.both(
                "the journal is sealed",
                f"EXISTS (SELECT 1 FROM {SEAL} s WHERE s.journal_id = NEW.journal_id)",  # noqa: S608 - constants
            ),
            Rule.both(
                "journal and account have one currency",
                f"NOT EXISTS (SELECT 1 FROM {JOURNAL} j JOIN {ACCOUNT} a ON a.currency = j.currency "  # noqa: S608 - constants
                "WHERE j.id = NEW.journal_id AND a.id = NEW.account_id)",
            ),
            _no_replace(ENTRY, "old.id = NEW.id", "old.journal_id = NEW.journal_id AND old.seq = NEW.seq"),
        ),
    ),
    AddToBalance(),
    Guard(
        SEAL,
        "INSERT",
        (
            Rule.both("a journal has at least two entries", f"({_ENTRIES}) < 2"),
            Rule.both("the entries of a journal sum to zero", f"({_SUM}) <> 0"),
            Rule.both(
                "a journal has the entries it declared",
                f"({_ENTRIES}) <> COALESCE((SELECT j.n FROM {JOURNAL} j WHERE j.id = NEW.journal_id), 0)",  # noqa: S608 - constants
            ),
            _no_replace(SEAL, "old.journal_id = NEW.journal_id"),
        ),
    ),
    Refusal(ACCOUNT, "DELETE", "an account is kept for ever"),
    *append_only(JOURNAL),
    *append_only(ENTRY),
    *append_only(SEAL),
]

# Everything but the state, when it was settled, and the address that moves to licensing with the grant.
_ORDER_SNAPSHOT = (
    *("id", "buyer_id", "licensee_id", "seller_id", "client_ref", "offer_id", "offer_sha256", "version_id"),
    *("split_sha256", "dataset_title", "license_name", "licensee_name", "seller_name"),
    *("currency", "fee_mode", "fee_bps", "price_minor", "fee_minor", "tax_minor", "pool_minor", "total_minor"),
    *("accepted_text_sha256", "accepted_at", "created_at", "expires_at"),
)
_SETTLEMENT_FACTS = (
    *("id", "pool_id", "version_id", "n", "currency", "net_minor", "before_minor", "total_weight"),
    *("after_entry_id", "to_entry_id", "created_at", "release_at"),
)

ORDER_GUARDS = [
    Guard("payments_order", "UPDATE", (frozen("an order keeps what was agreed", *_ORDER_SNAPSHOT),)),
    Refusal("payments_order", "DELETE", "an order is kept for ever"),
    Guard("payments_settlement", "UPDATE", (frozen("a settlement keeps what it divided", *_SETTLEMENT_FACTS),)),
    Refusal("payments_settlement", "DELETE", "a settlement is kept for ever"),
    *append_only("payments_payment"),
    *append_only("payments_refund"),
    *append_only("payments_settlementline"),
    *append_only("payments_settlementposting"),
]


class RefuseTruncate(Operation):
    """TRUNCATE goes round row triggers, on PostgreSQL; SQLite has no such statement."""

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


def truncate_guards(tables: Iterable[str]) -> list[tuple[str, str]]:
    return [(f"guard_{table}_truncate", table) for table in tables]


def missing_truncate_guards() -> list[str]:
    """Names of the guards that PostgreSQL has no longer."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        present = {row[0] for row in cursor.fetchall()}
    return [name for name, _ in truncate_guards(LEDGER_TABLES) if name not in present]
