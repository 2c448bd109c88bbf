"""The rows of money."""

from payments.models.ledger import Account, Entry, Journal, Seal

__all__ = ["Account", "Entry", "Journal", "Seal"]
