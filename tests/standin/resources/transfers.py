"""Transfers to recipients: docs.stripe.com/connect/separate-charges-and-transfers"""

from tests.standin.errors import invalid, refused
from tests.standin.events import emit
from tests.standin.ledger import book, release_funds
from tests.standin.lists import listed, matching, page
from tests.standin.resources import accounts, charges
from tests.standin.resources.metadata import metadata
from tests.standin.routes import Call, Obj, route
from tests.standin.state import State


@route("POST", "/v1/transfers")
def create(state: State, call: Call) -> Obj:
    given = call.params
    amount, currency = given.get("amount", 0), given["currency"].lower()
    if amount <= 0:
        raise invalid("A transfer needs an amount of at least 1.", param="amount")
    account = accounts.get(state, given["destination"])
    _check_capability(account)
    source = given.get("source_transaction")
    available_on = state.now()
    if source is None:
        _check_available(state, amount, currency)
    else:
        available_on = _check_source(state, state.get("charge", source), amount, currency)
    return _make(state, given, amount, currency, available_on)


def _check_capability(account: Obj) -> None:
    # docs.stripe.com/connect/account-capabilities#transfers
    if accounts.capability(account) != "active":
        raise refused(
            "insufficient_capabilities_for_transfer",
            "Your destination account needs to have the stripe_balance.stripe_transfers capability enabled.",
        )


def _check_available(state: State, amount: int, currency: str) -> None:
    # docs.stripe.com/connect/separate-charges-and-transfers#transfer-availability
    release_funds(state)
    if state.available.get(currency, 0) < amount:
        raise refused("balance_insufficient", "You have insufficient available funds in your Stripe account.")


def _check_source(state: State, charge: Obj, amount: int, currency: str) -> int:
    """docs.stripe.com/connect/separate-charges-and-transfers#transfer-availability: in the currency of the charge's
    balance transaction, never more than the charge in all, and when its funds are there. Gives that moment."""
    booked = charges.settlement(state, charge)
    if booked is None:
        raise refused("source_transaction_not_captured", "The source transaction has not been captured.")
    if booked["currency"] != currency:
        raise invalid(f"The currency must be {booked['currency']}, that of the source's settlement.", param="currency")
    used = sum(t["amount"] for t in state.all("transfer") if t["source_transaction"] == charge["id"])
    if used + amount > booked["amount"]:
        raise refused("balance_insufficient", "Transfers from a charge cannot exceed its amount.")
    return max(state.now(), int(booked["available_on"]))


def _make(state: State, given: Obj, amount: int, currency: str, available_on: int) -> Obj:
    source = given.get("source_transaction")
    transfer = state.make(
        "transfer",
        "tr",
        amount=amount,
        amount_reversed=0,
        currency=currency,
        description=given.get("description"),
        destination=given["destination"],
        destination_payment=state.new_id("py"),
        metadata=metadata(given),
        reversed=False,
        source_transaction=source,
        source_type="card",
        transfer_group=given.get("transfer_group") or (source and state.get("charge", source)["transfer_group"]),
    )
    transfer["reversals"] = listed([], f"/v1/transfers/{transfer['id']}/reversals")
    booked = book(
        state,
        kind="transfer",
        category="transfer",
        amount=-amount,
        currency=currency,
        source=transfer["id"],
        available_on=available_on,
    )
    transfer["balance_transaction"] = booked["id"]
    state.connected[transfer["destination"], currency] += amount
    emit(state, "transfer.created", transfer)
    return transfer


@route("GET", "/v1/transfers/{transfer}")
def retrieve(state: State, call: Call) -> Obj:
    return state.get("transfer", call.ids["transfer"])


@route("POST", "/v1/transfers/{transfer}")
def update(state: State, call: Call) -> Obj:
    transfer = state.get("transfer", call.ids["transfer"])
    transfer["metadata"] = metadata(call.params, transfer["metadata"])
    transfer["description"] = call.params.get("description", transfer["description"])
    emit(state, "transfer.updated", transfer)
    return transfer


@route("GET", "/v1/transfers")
def listing(state: State, call: Call) -> Obj:
    return page(call, matching(state.all("transfer"), call.params, "destination", "transfer_group"))
