"""Taking a transfer back: docs.stripe.com/connect/separate-charges-and-transfers#reverse-transfers"""

from tests.standin.errors import connected_balance_short, missing, refused
from tests.standin.events import emit
from tests.standin.faults import Fault
from tests.standin.ledger import book
from tests.standin.lists import page
from tests.standin.resources.metadata import metadata
from tests.standin.routes import Call, Obj, route
from tests.standin.state import State


@route("POST", "/v1/transfers/{id}/reversals")
def create(state: State, call: Call) -> Obj:
    transfer = state.get("transfer", call.ids["id"])
    left = transfer["amount"] - transfer["amount_reversed"]
    amount = call.params.get("amount", left)
    if left == 0:
        raise refused("transfer_already_reversed", f"Transfer {transfer['id']} is fully reversed.")
    if not 0 < amount <= left:
        raise refused("amount_too_large", f"Reversal amount ({amount}) is greater than unreversed amount ({left}).")
    account = (transfer["destination"], transfer["currency"])
    short = state.connected[account] < amount
    if short or state.faults.take(Fault.REVERSAL_REFUSED, f"POST {call.path}"):
        raise connected_balance_short()
    return _make(state, call, transfer, amount)


def _make(state: State, call: Call, transfer: Obj, amount: int) -> Obj:
    reversal = state.make(
        "transfer_reversal",
        "trr",
        amount=amount,
        currency=transfer["currency"],
        destination_payment_refund=state.new_id("pyr"),
        metadata=metadata(call.params),
        transfer=transfer["id"],
    )
    booked = book(
        state,
        kind="transfer_refund",
        category="transfer_reversal",
        amount=amount,
        currency=transfer["currency"],
        source=reversal["id"],
    )
    reversal["balance_transaction"] = booked["id"]
    state.connected[transfer["destination"], transfer["currency"]] -= amount
    transfer["amount_reversed"] += amount
    transfer["reversed"] = transfer["amount_reversed"] == transfer["amount"]
    transfer["reversals"]["data"].insert(0, dict(reversal))
    emit(state, "transfer.reversed", transfer)
    return reversal


@route("GET", "/v1/transfers/{transfer}/reversals/{id}")
def retrieve(state: State, call: Call) -> Obj:
    reversal = state.get("transfer_reversal", call.ids["id"])
    if reversal["transfer"] != call.ids["transfer"]:
        raise missing("transfer_reversal", call.ids["id"])
    return reversal


@route("GET", "/v1/transfers/{id}/reversals")
def listing(state: State, call: Call) -> Obj:
    named = state.get("transfer", call.ids["id"])["id"]
    return page(call, [reversal for reversal in state.all("transfer_reversal") if reversal["transfer"] == named])
