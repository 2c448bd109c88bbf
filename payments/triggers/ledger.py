# ruff: noqa: S608 - table and column names are constants of this package
"""The ledger's guards: what no code of ours, and nobody with a database prompt, gets around unnoticed."""

from dataclasses import dataclass

from collective.core.db.triggers import Refusal, append_only
from payments.triggers.guard import Guard, Rule, drop_trigger, frozen, never_replaced

ACCOUNT, JOURNAL, ENTRY, SEAL = "payments_account", "payments_journal", "payments_entry", "payments_seal"
LEDGER_TABLES = [ACCOUNT, JOURNAL, ENTRY, SEAL]


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
            never_replaced(ACCOUNT, "old.id = NEW.id", "old.code = NEW.code AND old.currency = NEW.currency"),
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
                f"NEW.reverses_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {JOURNAL} j "
                "WHERE j.id = NEW.reverses_id AND j.currency = NEW.currency)",
            ),
            never_replaced(JOURNAL, "old.id = NEW.id", "old.key = NEW.key", "old.reverses_id = NEW.reverses_id"),
        ),
    ),
    Guard(
        ENTRY,
        "INSERT",
        (
            # SQLite stores text and fractions in an integer column.
            Rule("an amount is a whole number", "typeof(NEW.amount) <> 'integer'", ""),
            Rule.both(
                "the journal is sealed",
                f"EXISTS (SELECT 1 FROM {SEAL} s WHERE s.journal_id = NEW.journal_id)",
            ),
            Rule.both(
                "journal and account have one currency",
                f"NOT EXISTS (SELECT 1 FROM {JOURNAL} j JOIN {ACCOUNT} a ON a.currency = j.currency "
                "WHERE j.id = NEW.journal_id AND a.id = NEW.account_id)",
            ),
            never_replaced(ENTRY, "old.id = NEW.id", "old.journal_id = NEW.journal_id AND old.seq = NEW.seq"),
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
                f"({_ENTRIES}) <> COALESCE((SELECT j.n FROM {JOURNAL} j WHERE j.id = NEW.journal_id), 0)",
            ),
            never_replaced(SEAL, "old.journal_id = NEW.journal_id"),
        ),
    ),
    Refusal(ACCOUNT, "DELETE", "an account is kept for ever"),
    *append_only(JOURNAL),
    *append_only(ENTRY),
    *append_only(SEAL),
]
