"""Refunds: docs.stripe.com/refunds"""

from tests.standin.errors import invalid, refused
from tests.standin.events import emit
from tests.standin.ledger import book, converted
from tests.standin.lists import matching, page
from tests.standin.money import check_step
from tests.standin.resources.metadata import metadata
from tests.standin.routes import Call, Obj, route
from tests.standin.state import State


@route("POST", "/v1/refunds")
def create(state: State, call: Call) -> Obj:
    charge = _charge(state, call.params)
    left = charge["amount_captured"] - charge["amount_refunded"]
    amount = call.params.get("amount", left)
    _check(state, charge, amount, left)
    check_step(amount, charge["currency"])
    return make(state, charge, amount, reason=call.params.get("reason"), given=metadata(call.params))


def _charge(state: State, params: Obj) -> Obj:
    if ("charge" in params) == ("payment_intent" in params):
        raise invalid("A refund names a charge or a payment_intent.", param="charge")
    if named := params.get("charge"):
        return state.get("charge", named)
    intent = state.get("payment_intent", params["payment_intent"])
    if intent["latest_charge"] is None:
        raise refused("charge_not_found", "The PaymentIntent has no charge.")
    return state.get("charge", intent["latest_charge"])


def _check(state: State, charge: Obj, amount: int, left: int) -> None:
    if not charge["balance_transaction"]:
        raise refused("charge_not_refundable", "The charge was not captured: cancel its PaymentIntent.")
    # See docs.stripe.com/refunds#refund-requests: never more than what is left.
    if left == 0:
        raise refused("charge_already_refunded", f"Charge {charge['id']} has already been refunded.")
    # See docs.stripe.com/disputes/responding#respond: the bank has taken the money back already.
    taken = (d for d in state.all("dispute") if d["charge"] == charge["id"] and not d["is_charge_refundable"])
    if any(dispute["status"] != "won" for dispute in taken):
        raise refused("charge_disputed", f"Charge {charge['id']} has been charged back; cannot issue a refund.")
    if not 0 < amount <= left:
        raise refused("amount_too_large", f"Refund amount ({amount}) is greater than unrefunded amount ({left}).")


def make(state: State, charge: Obj, amount: int, *, reason: str | None, given: dict[str, str]) -> Obj:
    """docs.stripe.com/refunds#refund-fees: Stripe keeps the processing fee."""
    refund = state.make(
        "refund",
        "re",
        amount=amount,
        charge=charge["id"],
        currency=charge["currency"],
        metadata=given,
        payment_intent=charge["payment_intent"],
        reason=reason,
        status="succeeded",
    )
    refund["balance_transaction"] = _move(state, refund, -amount, "refund", "refund")
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
    emit(state, "refund.created", refund)
    emit(state, "charge.refunded", charge)
    # The bank's reference follows: docs.stripe.com/refunds#tracing-refunds
    card = {"type": "refund", "reference": state.new_id("arn"), "reference_status": "available"}
    refund["destination_details"] = {"type": "card", "card": card}
    emit(state, "refund.updated", refund)
    emit(state, "charge.refund.updated", refund)
    return refund


def fail(state: State, refund: Obj) -> None:
    """docs.stripe.com/refunds#failed-refunds: the bank could not take it, the money is back on the balance."""
    if refund["status"] != "succeeded":
        raise refused("refund_unexpected_state", f"The refund is {refund['status']}.")
    back = _move(state, refund, refund["amount"], "refund_failure", "refund_failure")
    refund.update(status="failed", failure_reason="lost_or_stolen_card", failure_balance_transaction=back)
    charge = state.get("charge", refund["charge"])
    charge["amount_refunded"] -= refund["amount"]
    charge["refunded"] = False
    for kind in ("refund.failed", "refund.updated", "charge.refund.updated"):
        emit(state, kind, refund)


def _move(state: State, refund: Obj, amount: int, kind: str, category: str) -> str:
    settled, currency, rate = converted(state, amount, refund["currency"])
    booked = book(
        state,
        kind=kind,
        category=category,
        amount=settled,
        currency=currency,
        source=refund["id"],
        exchange_rate=rate,
    )
    return str(booked["id"])


@route("GET", "/v1/refunds/{refund}")
def retrieve(state: State, call: Call) -> Obj:
    return state.get("refund", call.ids["refund"])


@route("GET", "/v1/refunds")
def listing(state: State, call: Call) -> Obj:
    return page(call, matching(state.all("refund"), call.params, "charge", "payment_intent"))
