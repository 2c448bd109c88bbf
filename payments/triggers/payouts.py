# ruff: noqa: S608 - table names are constants of this package
"""The guards of what was promised to payees and sent to them."""

from collective.core.db.triggers import Refusal, append_only
from payments.triggers.guard import Guard, Rule, frozen

TRANSFER, REVERSAL = "payments_transferintent", "payments_transferreversal"
_TRANSFER = ("id", "run_id", "payee_id", "account_id", "currency", "amount_minor", "created_at")
_ASKED_BACK = f"SELECT COALESCE(SUM(r.amount_minor), 0) FROM {REVERSAL} r WHERE r.transfer_id = NEW.transfer_id"
_WHOLE = f"SELECT t.amount_minor FROM {TRANSFER} t WHERE t.id = NEW.transfer_id"

PAYOUT_GUARDS = [
    Guard(
        "payments_payoutaccount",
        "UPDATE",
        (
            frozen("a payout account keeps whose it is", "id", "payee_id", "rail", "opened_by_id", "opened_at"),
            Rule.both(
                "a payout account keeps its name on the rail",
                "OLD.reference <> '' AND NEW.reference <> OLD.reference",
            ),
        ),
    ),
    Refusal("payments_payoutaccount", "DELETE", "a payout account is kept for ever"),
    *append_only("payments_payoutrun"),
    Guard(TRANSFER, "UPDATE", (frozen("a transfer keeps what was promised", *_TRANSFER),)),
    Refusal(TRANSFER, "DELETE", "a transfer is kept for ever"),
    Guard(
        REVERSAL,
        "INSERT",
        (
            Rule.both(
                "no more comes back than was sent",
                f"NEW.amount_minor + ({_ASKED_BACK} AND r.state <> 'refused') > ({_WHOLE})",
            ),
        ),
    ),
    Guard(
        REVERSAL,
        "UPDATE",
        (frozen("a reversal keeps what was asked", "id", "transfer_id", "amount_minor", "created_at"),),
    ),
    Refusal(REVERSAL, "DELETE", "a reversal is kept for ever"),
]
