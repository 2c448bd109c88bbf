"""What changes in the middle of a period: docs.stripe.com/billing/subscriptions/prorations"""

from typing import Any

from tests.standin.contract import skeleton
from tests.standin.events import emit
from tests.standin.resources import billing
from tests.standin.resources.prices import product_name
from tests.standin.routes import Obj
from tests.standin.state import State


def note(state: State, subscription: Obj, item: Obj, amount: int, *, what: str) -> None:
    """What is left of the period, of this amount for the whole of it. Negative: it was paid and is not used."""
    start, end = item["current_period_start"], item["current_period_end"]
    left, whole = max(0, end - state.now()), end - start
    share = (abs(amount) * left + whole // 2) // whole
    price = item["price"]
    details = {"subscription": subscription["id"], "subscription_item": item["id"]}
    made = state.add(
        skeleton(
            "invoiceitem",
            id=state.new_id("ii"),
            amount=share if amount >= 0 else -share,
            currency=subscription["currency"],
            customer=subscription["customer"],
            date=state.now(),
            description=f"{what} time on {product_name(state, price)}",
            livemode=False,
            metadata=dict(subscription["metadata"]),
            parent={"type": "subscription_details", "subscription_details": details},
            period={"start": state.now(), "end": end},
            pricing=billing.pricing(price),
            proration=True,
            quantity=item["quantity"],
            quantity_decimal=str(item["quantity"]),
        )
    )
    state.notes[made["id"]] = {
        "within": price["tax_behavior"] == "inclusive",
        "credited": state.notes[item["id"]].get("paid_by") if amount < 0 else None,
    }
    emit(state, "invoiceitem.created", made)


def add_noted(state: State, invoice: Obj, subscription: Obj) -> None:
    """Everything that waits for the next invoice of the subscription."""
    for item in state.all("invoiceitem"):
        details = (item["parent"] or {}).get("subscription_details") or {}
        if item["invoice"] is None and details.get("subscription") == subscription["id"]:
            _add(state, invoice, item, details)


def _add(state: State, invoice: Obj, item: Obj, details: Obj) -> None:
    notes = state.notes[item["id"]]
    item["invoice"] = invoice["id"]
    parent: dict[str, Any] = {
        **details,
        "invoice_item": item["id"],
        "proration": True,
        # Which line of which invoice it takes back.
        "proration_details": {"credited_items": notes["credited"]},
    }
    billing.add_line(
        state,
        invoice,
        within=notes["within"],
        amount=item["amount"],
        description=item["description"],
        metadata=dict(item["metadata"]),
        parent={"type": "subscription_item_details", "subscription_item_details": parent},
        period=item["period"],
        pricing=item["pricing"],
        quantity=item["quantity"],
        quantity_decimal=item["quantity_decimal"],
        subscription=details["subscription"],
    )
