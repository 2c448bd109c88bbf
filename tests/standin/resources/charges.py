"""Charges: docs.stripe.com/api/charges"""

from typing import Any

from tests.standin.events import emit
from tests.standin.ledger import book, converted
from tests.standin.lists import matching, page
from tests.standin.money import card_fee
from tests.standin.routes import Call, Obj, route
from tests.standin.state import State


@route("GET", "/v1/charges/{charge}")
def retrieve(state: State, call: Call) -> Obj:
    return state.get("charge", call.ids["charge"])


@route("GET", "/v1/charges")
def listing(state: State, call: Call) -> Obj:
    names = ("customer", "payment_intent", "transfer_group")
    return page(call, matching(state.all("charge"), call.params, *names))


def start(state: State, intent: Obj, *, status: str, captured: bool, email: str | None = None) -> Obj:
    """A charge for all of the intent's amount; nothing moves before `settle`."""
    charge = state.make(
        "charge",
        "ch",
        amount=intent["amount"],
        amount_captured=0,
        amount_refunded=0,
        billing_details={"address": None, "email": email, "name": None, "phone": None, "tax_id": None},
        captured=captured,
        currency=intent["currency"],
        customer=intent["customer"],
        disputed=False,
        livemode=False,
        metadata=dict(intent["metadata"]),
        paid=status == "succeeded",
        payment_intent=intent["id"],
        payment_method=intent["payment_method"],
        payment_method_details={"type": intent["payment_method_types"][0]},
        refunded=False,
        status=status,
        transfer_group=intent["transfer_group"],
    )
    charge["receipt_url"] = f"{state.base}/pay/receipts/{charge['id']}"
    intent["latest_charge"] = charge["id"]
    return charge


def settle(state: State, charge: Obj, amount: int) -> None:
    """The money arrives: less the processing fee, converted if the platform has no balance in its currency."""
    # See docs.stripe.com/payouts#standard-payout-timing: funds become available after the account's delay.
    settled, currency, rate = converted(state, amount, charge["currency"])
    booked = book(
        state,
        kind="charge",
        category="charge",
        amount=settled,
        currency=currency,
        fee=card_fee(settled),
        source=charge["id"],
        available_on=state.now() + state.settings.funds_after,
        exchange_rate=rate,
    )
    changes = {"captured": True, "amount_captured": amount, "balance_transaction": booked["id"]}
    charge.update(changes, status="succeeded", paid=True)


def fail(state: State, charge: Obj, code: str) -> None:
    charge.update(status="failed", paid=False, failure_code=code, failure_message="The payment was declined.")
    emit(state, "charge.failed", charge)


def settlement(state: State, charge: Obj) -> Any:
    """Its balance transaction; None before it is captured."""
    booked = charge["balance_transaction"]
    return state.get("balance_transaction", booked) if booked else None
