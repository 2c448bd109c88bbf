# ruff: noqa: S608 - table and column names are constants of this package
"""The guards of statements: nothing that was issued changes, and nothing is added to an issue that is closed."""

from collective.core.db.triggers import Refusal, append_only
from payments.triggers.guard import Guard, Rule, frozen, never_replaced

PERIOD, STATEMENT = "payments_statementperiod", "payments_statement"
STATEMENT_TABLES = [PERIOD, STATEMENT]

STATEMENT_GUARDS = [
    Guard(
        PERIOD,
        "INSERT",
        (
            never_replaced(
                PERIOD,
                "old.id = NEW.id",
                "old.month = NEW.month AND old.currency = NEW.currency "
                "AND (old.revision = NEW.revision OR old.issued_at IS NULL)",
            ),
        ),
    ),
    Guard(
        PERIOD,
        "UPDATE",
        (
            frozen(
                "an issue of statements keeps what it is about",
                *("id", "month", "currency", "revision", "entry_count", "created_at"),
            ),
            Rule.both("statements are issued once", "OLD.issued_at IS NOT NULL"),
        ),
    ),
    Refusal(PERIOD, "DELETE", "an issue of statements is kept for ever"),
    Guard(
        STATEMENT,
        "INSERT",
        (
            Rule.both(
                "these statements were issued already",
                f"EXISTS (SELECT 1 FROM {PERIOD} p WHERE p.id = NEW.period_id AND p.issued_at IS NOT NULL)",
            ),
            never_replaced(
                STATEMENT,
                "old.id = NEW.id",
                "old.number = NEW.number",
                "old.corrects_id = NEW.corrects_id",
                "old.period_id = NEW.period_id AND (old.payee_id = NEW.payee_id OR old.position = NEW.position)",
            ),
        ),
    ),
    *append_only(STATEMENT),
]
