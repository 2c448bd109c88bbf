"""What the database itself refuses, for the migrations."""

from payments.triggers.ledger import LEDGER_GUARDS, LEDGER_TABLES
from payments.triggers.orders import ORDER_GUARDS
from payments.triggers.payouts import (
    PAYOUT_GUARDS,
)
from payments.triggers.statements import (
    STATEMENT_GUARDS,
    STATEMENT_TABLES,
)
from payments.triggers.truncate import (
    RefuseTruncate,
)

__all__ = [
    "LEDGER_GUARDS",
    "LEDGER_TABLES",
    "ORDER_GUARDS",
    "PAYOUT_GUARDS",
    "STATEMENT_GUARDS",
    "STATEMENT_TABLES",
    "RefuseTruncate",
]
