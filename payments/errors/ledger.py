"""What the ledger refuses."""

from collective.core.errors import ConflictError


class LedgerConflictError(ConflictError):
    code = "ledger_conflict"
    text = "The journal {key} was posted before with other contents."


class InsufficientFundsError(ConflictError):
    code = "insufficient_funds"
    text = "The account {account} does not hold enough for this."
