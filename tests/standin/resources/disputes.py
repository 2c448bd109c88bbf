"""Disputes: docs.stripe.com/disputes/how-disputes-work"""

from typing import Any

from tests.standin.clock import DAY
from tests.standin.errors import refused
from tests.standin.events import emit
from tests.standin.ledger import book, converted
from tests.standin.lists import matching, page
from tests.standin.resources.metadata import metadata
from tests.standin.routes import Call, Obj, route
from tests.standin.state import State

# See docs.stripe.com/disputes/responding#deadlines: 7 to 21 days, by the card's network.
ANSWER_WITHIN = 9 * DAY
OPEN = ("needs_response", "under_review", "warning_needs_response", "warning_under_review")


def start(state: State, charge: Obj, *, amount: int | None, inquiry: bool) -> Obj:
    """`amount`: all that is left when None. An inquiry moves no money.

    docs.stripe.com/disputes/how-disputes-work#inquiries
    """
    left = charge["amount_captured"] - charge["amount_refunded"]
    disputed = left if amount is None else amount
    if not 0 < disputed <= left:
        raise refused("amount_too_large", f"{disputed} is disputed of {left}.")
    dispute = state.make(
        "dispute",
        "du",
        amount=disputed,
        balance_transactions=[],
        charge=charge["id"],
        currency=charge["currency"],
        enhanced_eligibility_types=[],
        evidence_details={
            "due_by": state.now() + ANSWER_WITHIN,
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        is_charge_refundable=inquiry,
        livemode=False,
        metadata={},
        payment_intent=charge["payment_intent"],
        reason="fraudulent",
        status="warning_needs_response" if inquiry else "needs_response",
    )
    charge["disputed"] = True
    emit(state, "charge.dispute.created", dispute)
    if not inquiry:
        _withdraw(state, dispute)
    return dispute


def escalate(state: State, dispute: Obj) -> None:
    """An inquiry becomes a dispute, with the same id."""
    if not dispute["status"].startswith("warning_"):
        raise refused("dispute_unexpected_state", f"The dispute is {dispute['status']}.")
    dispute.update(status="needs_response", is_charge_refundable=False)
    _withdraw(state, dispute)
    emit(state, "charge.dispute.updated", dispute)


def _withdraw(state: State, dispute: Obj) -> None:
    """docs.stripe.com/disputes/how-disputes-work: at once the bank takes the amount, and Stripe its fee."""
    _move(state, dispute, -dispute["amount"], "dispute", fee=state.settings.dispute_fee)
    emit(state, "charge.dispute.funds_withdrawn", dispute)


def win(state: State, dispute: Obj) -> None:
    """The amount comes back, the fee does not: docs.stripe.com/disputes/how-disputes-work#dispute-fees"""
    inquiry = _end(dispute)
    dispute["status"] = "warning_closed" if inquiry else "won"
    if not inquiry:
        _move(state, dispute, dispute["amount"], "dispute_reversal")
        emit(state, "charge.dispute.funds_reinstated", dispute)
    emit(state, "charge.dispute.closed", dispute)


def lose(state: State, dispute: Obj) -> None:
    inquiry = _end(dispute)
    dispute["status"] = "warning_closed" if inquiry else "lost"
    emit(state, "charge.dispute.closed", dispute)


def _end(dispute: Obj) -> bool:
    if dispute["status"] not in OPEN:
        raise refused("dispute_unexpected_state", f"The dispute is {dispute['status']}.")
    return bool(dispute["status"].startswith("warning_"))


def _move(state: State, dispute: Obj, amount: int, category: str, **more: Any) -> None:
    settled, currency, rate = converted(state, amount, dispute["currency"])
    booked = book(
        state,
        kind="adjustment",
        category=category,
        amount=settled,
        currency=currency,
        source=dispute["id"],
        exchange_rate=rate,
        **more,
    )
    dispute["balance_transactions"].append(booked)


@route("GET", "/v1/disputes/{dispute}")
def retrieve(state: State, call: Call) -> Obj:
    return state.get("dispute", call.ids["dispute"])


@route("GET", "/v1/disputes")
def listing(state: State, call: Call) -> Obj:
    return page(call, matching(state.all("dispute"), call.params, "charge", "payment_intent"))


@route("POST", "/v1/disputes/{dispute}")
def update(state: State, call: Call) -> Obj:
    """docs.stripe.com/disputes/api#update-a-dispute: evidence is staged, or submitted once."""
    dispute = state.get("dispute", call.ids["dispute"])
    if dispute["status"] not in ("needs_response", "warning_needs_response"):
        raise refused("dispute_unexpected_state", f"The dispute is {dispute['status']}.")
    dispute["metadata"] = metadata(call.params, dispute["metadata"])
    evidence = call.params.get("evidence") or {}
    dispute["evidence"].update(evidence)
    details = dispute["evidence_details"]
    details["has_evidence"] = details["has_evidence"] or bool(evidence)
    if call.params.get("submit", True) and details["has_evidence"]:
        dispute["status"] = dispute["status"].replace("needs_response", "under_review")
        details.update(submission_count=1, submission_method="manual")
    emit(state, "charge.dispute.updated", dispute)
    return dispute


@route("POST", "/v1/disputes/{dispute}/close")
def close(state: State, call: Call) -> Obj:
    """docs.stripe.com/api/disputes/close: given up, which is lost."""
    dispute = state.get("dispute", call.ids["dispute"])
    lose(state, dispute)
    return dispute
