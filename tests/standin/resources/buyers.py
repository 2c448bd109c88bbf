"""What a buyer does on the hosted page: docs.stripe.com/checkout/fulfillment"""

from tests.standin.errors import refused
from tests.standin.events import emit
from tests.standin.resources import customers, intents, subscribing
from tests.standin.resources.coupons import redeem
from tests.standin.routes import Obj
from tests.standin.state import State

DEFAULT_EMAIL, NAME = "buyer@example.org", "A Buyer"


def pay(state: State, session: Obj) -> Obj:
    """By card; or the money of a delayed payment arrives. With manual capture it is only authorized."""
    if session["status"] == "complete" and session["payment_status"] == "unpaid":
        return _arrive(state, session)
    _begin(state, session)
    if session["mode"] == "subscription":
        _subscribe(state, session)
    elif session["amount_total"]:
        _pay_by_card(state, session)
    _complete(state, session)
    return session


def _pay_by_card(state: State, session: Obj) -> None:
    intent, email = _intent(state, session), _email(session)
    if intent["capture_method"] == "manual":
        # See docs.stripe.com/api/checkout/sessions/object: not in the account yet, so it stays unpaid.
        intents.authorize(state, intent, email=email)
    else:
        intents.succeed(state, intent, email=email)
        session["payment_status"] = "paid"


def _subscribe(state: State, session: Obj) -> None:
    _make_customer(state, session)
    subscription = subscribing.subscribe(state, session, state.get("customer", session["customer"]))
    session.update(subscription=subscription["id"], invoice=subscription["latest_invoice"], payment_status="paid")


def _make_customer(state: State, session: Obj) -> None:
    if session["customer"] is None and session["customer_creation"] == "always":
        session["customer"] = customers.make(state, {"email": _email(session), "name": NAME})["id"]


def pay_late(state: State, session: Obj) -> Obj:
    """By a method whose answer takes days: the session completes unpaid."""
    _begin(state, session)
    if session["mode"] != "payment":
        raise refused("mode_not_supported", "Only single payments come late here.")
    intents.process(state, _intent(state, session, method="sepa_debit"), email=_email(session))
    _complete(state, session)
    return session


def _arrive(state: State, session: Obj) -> Obj:
    intent = state.get("payment_intent", session["payment_intent"])
    if intent["status"] != "processing":
        raise refused("payment_intent_unexpected_state", f"The PaymentIntent is {intent['status']}.")
    intents.succeed(state, intent)
    session["payment_status"] = "paid"
    emit(state, "checkout.session.async_payment_succeeded", session)
    return session


def fail(state: State, session: Obj) -> Obj:
    """The card is declined and the page stays open; or a delayed payment does not arrive."""
    late = session["status"] == "complete" and session["payment_status"] == "unpaid"
    if late:
        intents.decline(state, state.get("payment_intent", session["payment_intent"]))
        emit(state, "checkout.session.async_payment_failed", session)
        return session
    _begin(state, session)
    intents.decline(state, _intent(state, session))
    return session


def _begin(state: State, session: Obj) -> None:
    if session["status"] != "open":
        raise refused("session_not_open", f"The session is {session['status']}.")


def _intent(state: State, session: Obj, *, method: str = "card") -> Obj:
    """One per session, made when the buyer pays: docs.stripe.com/upgrades#2022-08-01"""
    _make_customer(state, session)
    if session["payment_intent"]:
        return state.get("payment_intent", session["payment_intent"])
    wanted = state.notes[session["id"]]["intent"]
    intent = intents.start(
        state,
        amount=session["amount_total"],
        currency=session["currency"],
        method=method,
        customer=session["customer"],
        metadata=dict(wanted.get("metadata", {})),
        transfer_group=wanted.get("transfer_group"),
        description=wanted.get("description"),
        capture_method=wanted.get("capture_method", "automatic_async"),
    )
    session["payment_intent"] = intent["id"]
    return intent


def _complete(state: State, session: Obj) -> None:
    _make_customer(state, session)
    details: Obj = {"email": _email(session), "address": None, "business_name": None, "individual_name": None}
    details |= {"name": NAME, "phone": None, "tax_exempt": "none", "tax_ids": []}
    session.update(status="complete", url=None, customer_details=details)
    if coupon := state.notes[session["id"]]["coupon"]:
        redeem(state, coupon)
    emit(state, "checkout.session.completed", session)


def _email(session: Obj) -> str:
    return str(session["customer_email"] or DEFAULT_EMAIL)
