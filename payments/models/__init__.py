"""The rows of money."""

from payments.models.freeze import PayoutFreeze
from payments.models.ledger import Account, Entry, Journal, Seal
from payments.models.order import Order, Payment, Refund
from payments.models.period import SalePeriod
from payments.models.removal import RemovalRefund
from payments.models.settlement import Settlement, SettlementLine, SettlementPosting
from payments.models.statement import Statement, StatementPeriod

__all__ = [
    "Account",
    "Entry",
    "Journal",
    "Order",
    "Payment",
    "PayoutFreeze",
    "Refund",
    "RemovalRefund",
    "SalePeriod",
    "Seal",
    "Settlement",
    "SettlementLine",
    "SettlementPosting",
    "Statement",
    "StatementPeriod",
]
