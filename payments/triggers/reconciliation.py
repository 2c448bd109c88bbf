"""The guards of what reconciliation found."""

from collective.core.db.triggers import Refusal
from payments.triggers.guard import Guard, frozen

_DIFFERENCE = (
    *("id", "run_id", "rail", "kind", "reference", "currency", "called", "ledger_minor", "rail_minor", "task_id"),
)

RECON_GUARDS = [
    Guard("payments_recondiff", "UPDATE", (frozen("a difference keeps what was found", *_DIFFERENCE),)),
    Refusal("payments_recondiff", "DELETE", "a difference is kept for ever"),
    Refusal("payments_reconrun", "DELETE", "a comparison is kept for ever"),
]
