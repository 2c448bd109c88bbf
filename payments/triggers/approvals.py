"""The guards of what needs two people."""

from collective.core.db.triggers import Refusal
from payments.triggers.guard import Guard, Rule, frozen

_ASKED = (
    *("id", "subject", "kind", "order_id", "currency", "amount_minor", "reason", "plan", "asked_by_id", "asked_at"),
)

APPROVAL_GUARDS = [
    Guard(
        "payments_approval",
        "UPDATE",
        (
            frozen("an approval keeps what was asked", *_ASKED),
            Rule.both("a decision is final", "OLD.state <> 'waiting'"),
        ),
    ),
    Refusal("payments_approval", "DELETE", "an approval is kept for ever"),
]
