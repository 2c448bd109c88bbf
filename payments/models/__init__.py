"""The rows of money."""

from payments.models.approval import Approval
from payments.models.attempt import PaymentAttempt
from payments.models.coupon import Coupon
from payments.models.dispute import Dispute, SideDispute
from payments.models.event import RailEvent
from payments.models.finance import FinanceTask
from payments.models.freeze import PayoutFreeze
from payments.models.invoice import Invoice
from payments.models.ledger import Account, Entry, Journal, Seal
from payments.models.order import Order, Payment
from payments.models.payout import PayoutAccount, PayoutRun, TransferIntent, TransferReversal
from payments.models.period import SalePeriod
from payments.models.reconciliation import ReconDiff, ReconRun
from payments.models.refund import Refund, RefundFailure, RefundRequest
from payments.models.settlement import ReleasedPart, Settlement, SettlementLine, SettlementPosting
from payments.models.simulated import SimulatedMovement, SimulatedRecipient
from payments.models.sponsoring import SponsorApproval, SponsoredOrder, SponsorFunding, SponsorReturn, Sponsorship
from payments.models.statement import Statement, StatementPeriod
from payments.models.subscription import Renewal, Subscription
from payments.models.unapplied import UnappliedPayment

__all__ = [
    "Account",
    "Approval",
    "Coupon",
    "Dispute",
    "Entry",
    "FinanceTask",
    "Invoice",
    "Journal",
    "Order",
    "Payment",
    "PaymentAttempt",
    "PayoutAccount",
    "PayoutFreeze",
    "PayoutRun",
    "RailEvent",
    "ReconDiff",
    "ReconRun",
    "Refund",
    "RefundFailure",
    "RefundRequest",
    "ReleasedPart",
    "Renewal",
    "SalePeriod",
    "Seal",
    "Settlement",
    "SettlementLine",
    "SettlementPosting",
    "SideDispute",
    "SimulatedMovement",
    "SimulatedRecipient",
    "SponsorApproval",
    "SponsorFunding",
    "SponsorReturn",
    "SponsoredOrder",
    "Sponsorship",
    "Statement",
    "StatementPeriod",
    "Subscription",
    "TransferIntent",
    "TransferReversal",
    "UnappliedPayment",
]
