"""The guards of what came from a rail and of what was asked of one."""

from collective.core.db.triggers import Refusal, append_only
from payments.triggers.guard import Guard, frozen

_REQUEST = ("id", "order_id", "reference", "amount_minor", "reason", "actor_id", "borne_by", "created_at")
_REMOVED = ("removed_records", "whole_records", "threshold_bps")
_UNAPPLIED = (
    *("id", "order_id", "rail", "reference", "amount_minor", "currency", "booked_minor", "booked_currency"),
    *("why", "journal_id", "received_at"),
)
_DISPUTE = ("id", "order_id", "rail", "reference", "opened_at")

_SIDE_DISPUTE = ("id", "funding_id", "unapplied_id", "rail", "reference", "opened_at")

SIDE_DISPUTE_GUARDS = [
    Guard("payments_sidedispute", "UPDATE", (frozen("a dispute keeps what it is about", *_SIDE_DISPUTE),)),
    Refusal("payments_sidedispute", "DELETE", "a dispute is kept for ever"),
]

RAIL_GUARDS = [
    Guard("payments_refundrequest", "UPDATE", (frozen("a refund keeps what was asked", *_REQUEST, *_REMOVED),)),
    Refusal("payments_refundrequest", "DELETE", "a refund that was asked for is kept for ever"),
    Guard("payments_unappliedpayment", "UPDATE", (frozen("money that arrived keeps its facts", *_UNAPPLIED),)),
    Refusal("payments_unappliedpayment", "DELETE", "money that arrived is kept for ever"),
    Guard("payments_dispute", "UPDATE", (frozen("a dispute keeps whose it is", *_DISPUTE),)),
    Refusal("payments_dispute", "DELETE", "a dispute is kept for ever"),
    Refusal("payments_railevent", "DELETE", "what a rail told us is kept"),
    *append_only("payments_refundfailure"),
    *append_only("payments_simulatedmovement"),
]

_INVOICE = ("id", "order_id", "rail", "po_number", "days", "created_at")

INVOICE_GUARDS = [
    Guard("payments_invoice", "UPDATE", (frozen("an invoice keeps what it was asked for", *_INVOICE),)),
    Refusal("payments_invoice", "DELETE", "an invoice is kept for ever"),
]

_SUBSCRIPTION = ("id", "order_id", "offer_id", "licensee_id", "buyer_id", "rail", "created_at")

SUBSCRIPTION_GUARDS = [
    Guard("payments_subscription", "UPDATE", (frozen("a subscription keeps what was agreed", *_SUBSCRIPTION),)),
    Refusal("payments_subscription", "DELETE", "a subscription is kept for ever"),
    *append_only("payments_renewal"),
]
