"""A recipient's own money on its way to their bank: docs.stripe.com/connect/payouts-connected-accounts"""

from tests.standin.errors import refused
from tests.standin.events import emit
from tests.standin.routes import Obj
from tests.standin.state import State


def pay_out(state: State, account: str) -> list[Obj]:
    """Everything that the account has, one payout per currency."""
    balances = [(currency, sum_of) for (owner, currency), sum_of in state.connected.items() if owner == account]
    return [_make(state, account, amount, currency) for currency, amount in balances if amount > 0]


def _make(state: State, account: str, amount: int, currency: str) -> Obj:
    payout = state.make(
        "payout",
        "po",
        amount=amount,
        arrival_date=state.now(),
        automatic=True,
        currency=currency,
        livemode=False,
        metadata={},
        method="standard",
        reconciliation_status="not_applicable",
        source_type="card",
        status="paid",
        type="bank_account",
    )
    state.notes[payout["id"]]["account"] = account
    state.connected[account, currency] -= amount
    for kind in ("payout.created", "payout.paid"):
        emit(state, kind, payout, account=account)
    return payout


def fail(state: State, payout: Obj) -> None:
    """docs.stripe.com/payouts#payout-failures: the bank sends it back to the account's balance."""
    if payout["status"] != "paid":
        raise refused("payout_unexpected_state", f"The payout is {payout['status']}.")
    account = state.notes[payout["id"]]["account"]
    payout.update(status="failed", failure_code="account_closed", failure_message="The bank account has been closed.")
    state.connected[account, payout["currency"]] += payout["amount"]
    emit(state, "payout.failed", payout, account=account)
