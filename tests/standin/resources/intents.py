"""PaymentIntents as Checkout and invoices make them: docs.stripe.com/payments/paymentintents/lifecycle"""

from typing import Any

from stripe import Charge

from tests.standin.clock import DAY
from tests.standin.contract import skeleton
from tests.standin.errors import invalid, refused
from tests.standin.events import emit
from tests.standin.lists import matching, page
from tests.standin.resources import charges
from tests.standin.routes import Call, Obj, route
from tests.standin.state import State

# docs.stripe.com/payments/place-a-hold-on-a-payment-method#authorization-validity-windows
AUTHORIZED_FOR = 7 * DAY
OPEN = ("requires_payment_method", "requires_confirmation", "requires_action", "requires_capture", "processing")


@route("GET", "/v1/payment_intents/{intent}")
def retrieve(state: State, call: Call) -> Obj:
    return state.get("payment_intent", call.ids["intent"])


@route("GET", "/v1/payment_intents")
def listing(state: State, call: Call) -> Obj:
    return page(call, matching(state.all("payment_intent"), call.params, "customer"))


@route("POST", "/v1/payment_intents/{intent}/capture")
def capture(state: State, call: Call) -> Obj:
    """docs.stripe.com/api/payment_intents/capture: once, at most what was authorized; the rest is released."""
    intent = state.get("payment_intent", call.ids["intent"])
    if intent["status"] != "requires_capture":
        raise refused(
            "payment_intent_unexpected_state",
            f"This PaymentIntent could not be captured because it has a status of {intent['status']}.",
        )
    asked = call.params.get("amount_to_capture")
    amount = intent["amount_capturable"] if asked is None else asked
    if not 0 < amount <= intent["amount_capturable"]:
        raise invalid("The amount to capture is more than what was authorized.", param="amount_to_capture")
    charge = state.get("charge", intent["latest_charge"])
    charges.settle(state, charge, amount)
    intent.update(status="succeeded", amount_received=amount, amount_capturable=0)
    for session in (s for s in state.all("checkout.session") if s["payment_intent"] == intent["id"]):
        session["payment_status"] = "paid"
    emit(state, "charge.captured", charge)
    emit(state, "payment_intent.succeeded", intent)
    return intent


@route("POST", "/v1/payment_intents/{intent}/cancel")
def cancel(state: State, call: Call) -> Obj:
    """docs.stripe.com/api/payment_intents/cancel"""
    intent = state.get("payment_intent", call.ids["intent"])
    if intent["status"] not in OPEN or intent["status"] == "processing":
        raise refused(
            "payment_intent_unexpected_state",
            f"You cannot cancel this PaymentIntent because it has a status of {intent['status']}.",
        )
    return cancelled(state, intent, call.params.get("cancellation_reason"))


def cancelled(state: State, intent: Obj, reason: str | None) -> Obj:
    """An authorization is released without a refund: docs.stripe.com/refunds#cancel-payment"""
    intent.update(status="canceled", canceled_at=state.now(), cancellation_reason=reason, amount_capturable=0)
    emit(state, "payment_intent.canceled", intent)
    return intent


def expire_authorizations(state: State) -> None:
    for intent in (intent for intent in state.all("payment_intent") if intent["status"] == "requires_capture"):
        charge = state.get("charge", intent["latest_charge"])
        if charge["created"] + AUTHORIZED_FOR <= state.now():
            emit(state, "charge.expired", charge)
            cancelled(state, intent, "automatic")


def start(state: State, *, amount: int, currency: str, method: str = "card", **more: Any) -> Obj:
    """`more`: customer, metadata, transfer_group, capture_method, description."""
    intent = state.make(
        "payment_intent",
        "pi",
        **{
            "amount": amount,
            "amount_capturable": 0,
            "amount_received": 0,
            "capture_method": "automatic_async",
            "confirmation_method": "automatic",
            "currency": currency,
            "livemode": False,
            "metadata": {},
            "payment_method": state.new_id("pm"),
            "payment_method_types": [method],
            "status": "requires_payment_method",
            **more,
        },
    )
    intent["client_secret"] = f"{intent['id']}_secret_{state.new_id('s')}"
    emit(state, "payment_intent.created", intent)
    return intent


def succeed(state: State, intent: Obj, *, email: str | None = None) -> Obj:
    """Paid at once, or at last when it was processing."""
    pending = intent["latest_charge"]
    charge = (
        state.get("charge", pending)
        if pending and intent["status"] == "processing"
        else charges.start(state, intent, status="succeeded", captured=True, email=email)
    )
    charges.settle(state, charge, intent["amount"])
    intent.update(status="succeeded", amount_received=intent["amount"])
    emit(state, "charge.succeeded", charge)
    emit(state, "payment_intent.succeeded", intent)
    return charge


def authorize(state: State, intent: Obj, *, email: str | None = None) -> None:
    charge = charges.start(state, intent, status="succeeded", captured=False, email=email)
    until = charge["created"] + AUTHORIZED_FOR
    charge["payment_method_details"]["card"] = skeleton(Charge.PaymentMethodDetails.Card, capture_before=until)
    intent.update(status="requires_capture", amount_capturable=intent["amount"])
    emit(state, "charge.succeeded", charge)
    emit(state, "payment_intent.amount_capturable_updated", intent)


def process(state: State, intent: Obj, *, email: str | None = None) -> None:
    """docs.stripe.com/payments/payment-methods#payment-notification: whether it was paid is known days later."""
    charge = charges.start(state, intent, status="pending", captured=True, email=email)
    intent["status"] = "processing"
    emit(state, "charge.pending", charge)
    emit(state, "payment_intent.processing", intent)


def decline(state: State, intent: Obj) -> None:
    pending = intent["status"] == "processing"
    charge = (
        state.get("charge", intent["latest_charge"])
        if pending
        else charges.start(state, intent, status="failed", captured=False)
    )
    charges.fail(state, charge, "insufficient_funds" if pending else "card_declined")
    error = {"type": "card_error", "code": charge["failure_code"], "message": charge["failure_message"]}
    intent.update(status="requires_payment_method", last_payment_error=error)
    emit(state, "payment_intent.payment_failed", intent)
