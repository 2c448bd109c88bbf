"""A balance on its way to a bank: a recipient's own (docs.stripe.com/connect/payouts-connected-accounts), or the
platform's (docs.stripe.com/payouts).
"""

from tests.standin.errors import missing, refused
from tests.standin.events import emit
from tests.standin.ledger import book
from tests.standin.routes import Call, Obj, route
from tests.standin.state import State


def pay_out(state: State, account: str) -> list[Obj]:
    """Everything that the account has, one payout per currency."""
    balances = [(currency, sum_of) for (owner, currency), sum_of in state.connected.items() if owner == account]
    return [_make(state, account, amount, currency) for currency, amount in balances if amount > 0]


def pay_platform(state: State, amount: int, currency: str) -> Obj:
    """From the platform's balance; the balance has it no more from this moment on."""
    payout = _payout(state, amount, currency)
    booked = book(state, kind="payout", category="payout", amount=-amount, currency=currency, source=payout["id"])
    payout["balance_transaction"] = booked["id"]
    for kind in ("payout.created", "payout.paid"):
        emit(state, kind, payout)
    return payout


def _make(state: State, account: str, amount: int, currency: str) -> Obj:
    payout = _payout(state, amount, currency)
    state.notes[payout["id"]]["account"] = account
    state.connected[account, currency] -= amount
    for kind in ("payout.created", "payout.paid"):
        emit(state, kind, payout, account=account)
    return payout


def _payout(state: State, amount: int, currency: str) -> Obj:
    return state.make(
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


def fail(state: State, payout: Obj) -> None:
    """docs.stripe.com/payouts#payout-failures: the bank sends it back to the account's balance."""
    if payout["status"] != "paid":
        raise refused("payout_unexpected_state", f"The payout is {payout['status']}.")
    payout.update(status="failed", failure_code="account_closed", failure_message="The bank account has been closed.")
    account = state.notes[payout["id"]].get("account")
    if account:
        state.connected[account, payout["currency"]] += payout["amount"]
    else:
        _back(state, payout)
    emit(state, "payout.failed", payout, account=account)


def _back(state: State, payout: Obj) -> None:
    booked = book(
        state,
        kind="payout_failure",
        category="payout_reversal",
        amount=payout["amount"],
        currency=payout["currency"],
        source=payout["id"],
    )
    payout["failure_balance_transaction"] = booked["id"]


@route("GET", "/v1/payouts/{payout}")
def retrieve(state: State, call: Call) -> Obj:
    """A recipient's are seen in their name only."""
    payout = state.get("payout", call.ids["payout"])
    if "account" in state.notes[payout["id"]]:
        raise missing("payout", payout["id"])
    return payout
