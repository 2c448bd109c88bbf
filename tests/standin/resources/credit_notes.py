"""Reductions of an invoice that was finalized: docs.stripe.com/invoicing/integration/programmatic-credit-notes"""

from typing import Any

from tests.standin.errors import invalid, refused
from tests.standin.events import emit
from tests.standin.lists import listed, matching, page
from tests.standin.resources import collecting, refunds
from tests.standin.resources.metadata import metadata
from tests.standin.routes import Call, Obj, route
from tests.standin.state import State

WAYS = ("credit_amount", "out_of_band_amount", "refund_amount")


@route("POST", "/v1/credit_notes")
def create(state: State, call: Call) -> Obj:
    given = call.params
    invoice = state.get("invoice", given["invoice"])
    amount = _amount(given)
    _check(state, invoice, amount)
    paid = invoice["status"] == "paid"
    linked = _linked(state, given, invoice) if paid else []
    if paid and sum(given.get(way, 0) for way in WAYS) + sum(r["amount_refunded"] for r in linked) != amount:
        raise invalid("What is refunded, credited or paid elsewhere adds up to the credit note.", param="refund_amount")
    if paid and given.get("refund_amount"):
        charge = state.get("charge", collecting.intent_of(state, invoice)["latest_charge"])
        made = refunds.make(state, charge, given["refund_amount"], reason=None, given={})
        linked.append(_link(made, made["amount"]))
    if paid:
        # See docs.stripe.com/billing/customer/balance: a credit is negative.
        state.get("customer", invoice["customer"])["balance"] -= given.get("credit_amount", 0)
    note = _make(state, given, invoice, amount, linked, paid=paid)
    if paid:
        invoice["post_payment_credit_notes_amount"] += amount
        emit(state, "invoice.updated", invoice)
    else:
        collecting.lower(state, invoice, amount)
    return note


def _amount(given: Obj) -> int:
    lines = given.get("lines", [])
    from_lines = sum(line.get("amount") or line.get("unit_amount", 0) * line.get("quantity", 1) for line in lines)
    amount: int = given.get("amount", from_lines)
    return amount


def _check(state: State, invoice: Obj, amount: int) -> None:
    if invoice["status"] not in ("open", "paid"):
        raise refused("invoice_not_finalized", f"The invoice is {invoice['status']}.")
    noted = sum(note["amount"] for note in state.all("credit_note") if note["invoice"] == invoice["id"])
    if not 0 < amount <= invoice["total"] - noted:
        raise refused(
            "credit_note_amount_too_large", f"{amount} is more than {invoice['total'] - noted}, what is left."
        )


def _linked(state: State, given: Obj, invoice: Obj) -> list[Obj]:
    found = [(state.get("refund", r["refund"]), r.get("amount_refunded")) for r in given.get("refunds", [])]
    intent = collecting.intent_of(state, invoice)["id"]
    if any(refund["payment_intent"] != intent for refund, _ in found):
        raise invalid("The refund is not of this invoice's payment.", param="refunds")
    return [_link(refund, amount or refund["amount"]) for refund, amount in found]


def _link(refund: Obj, amount: int) -> Obj:
    return {"amount_refunded": amount, "refund": refund["id"], "payment_record_refund": None, "type": "refund"}


def _make(state: State, given: Obj, invoice: Obj, amount: int, linked: list[Obj], *, paid: bool) -> Obj:
    after: Any = {"type": "post_payment", "post_payment_amount": amount, "pre_payment_amount": 0}
    before: Any = {"type": "pre_payment", "post_payment_amount": 0, "pre_payment_amount": amount}
    count = sum(note["invoice"] == invoice["id"] for note in state.all("credit_note")) + 1
    note = state.make(
        "credit_note",
        "cn",
        **(after if paid else before),
        amount=amount,
        currency=invoice["currency"],
        customer=invoice["customer"],
        invoice=invoice["id"],
        livemode=False,
        memo=given.get("memo"),
        metadata=metadata(given),
        number=f"{invoice['number']}-CN-{count:02d}",
        out_of_band_amount=given.get("out_of_band_amount"),
        reason=given.get("reason"),
        refunds=linked,
        status="issued",
        subtotal=amount,
        total=amount,
    )
    note["pdf"] = f"{state.base}/pay/cn/{note['id']}/pdf"
    note["lines"] = listed([], f"/v1/credit_notes/{note['id']}/lines")
    emit(state, "credit_note.created", note)
    return note


@route("GET", "/v1/credit_notes/{id}")
def retrieve(state: State, call: Call) -> Obj:
    return state.get("credit_note", call.ids["id"])


@route("GET", "/v1/credit_notes")
def listing(state: State, call: Call) -> Obj:
    return page(call, matching(state.all("credit_note"), call.params, "customer", "invoice"))
