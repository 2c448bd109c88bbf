"""A subscription from its Checkout Session, and the invoice of each of its periods.

docs.stripe.com/billing/subscriptions/overview
"""

from tests.standin.contract import skeleton
from tests.standin.events import emit
from tests.standin.lists import listed
from tests.standin.resources import billing, collecting, proration
from tests.standin.resources.metadata import metadata
from tests.standin.resources.periods import after
from tests.standin.resources.prices import product_name
from tests.standin.routes import Obj
from tests.standin.state import State


def subscribe(state: State, session: Obj, customer: Obj) -> Obj:
    """Paid at once by card, which is kept for the periods to come."""
    notes = state.notes[session["id"]]
    wanted = notes["subscription"]
    subscription = state.make(
        "subscription",
        "sub",
        automatic_tax={"enabled": session["automatic_tax"]["enabled"]},
        billing_cycle_anchor=state.now(),
        billing_mode={"type": "flexible"},
        billing_schedules=[],
        cancel_at_period_end=False,
        collection_method="charge_automatically",
        currency=session["currency"],
        customer=customer["id"],
        default_payment_method=state.new_id("pm"),
        description=wanted.get("description"),
        discounts=[],
        invoice_settings={"issuer": {"type": "self"}},
        livemode=False,
        metadata=metadata(wanted),
        start_date=state.now(),
        status="active",
    )
    items = [_item(state, subscription, line["price"], line["quantity"]) for line in notes["lines"]]
    subscription["items"] = listed(items, f"/v1/subscription_items?subscription={subscription['id']}")
    state.notes[subscription["id"]] = {"coupon": notes["coupon"], "periods": 0, "failing": False}
    emit(state, "customer.subscription.created", subscription)
    invoice_period(state, subscription, reason="subscription_create")
    return subscription


def _item(state: State, subscription: Obj, price: Obj, quantity: int) -> Obj:
    recurring = price["recurring"]
    anchor = subscription["billing_cycle_anchor"]
    return state.make(
        "subscription_item",
        "si",
        current_period_start=anchor,
        current_period_end=after(anchor, recurring["interval"], recurring["interval_count"], 1),
        discounts=[],
        metadata={},
        plan=plan_of(price),
        price=price,
        quantity=quantity,
        subscription=subscription["id"],
    )


def plan_of(price: Obj) -> Obj:
    """The price, under the name that it had once."""
    recurring = price["recurring"]
    return skeleton(
        "plan",
        id=price["id"],
        active=price["active"],
        amount=price["unit_amount"],
        amount_decimal=price["unit_amount_decimal"],
        billing_scheme="per_unit",
        created=price["created"],
        currency=price["currency"],
        interval=recurring["interval"],
        interval_count=recurring["interval_count"],
        livemode=False,
        product=price["product"],
        usage_type="licensed",
    )


def invoice_period(state: State, subscription: Obj, *, reason: str) -> Obj:
    """The invoice's own period is the one before; that of its lines is what is paid for."""
    invoice = _draft(state, subscription, reason)
    proration.add_noted(state, invoice, subscription)
    for item in subscription["items"]["data"]:
        _line(state, invoice, subscription, item)
    return _issue(state, subscription, invoice)


def invoice_changes(state: State, subscription: Obj) -> Obj:
    """What was changed is settled now, and not with the next period."""
    invoice = _draft(state, subscription, "subscription_update")
    proration.add_noted(state, invoice, subscription)
    return _issue(state, subscription, invoice)


def _draft(state: State, subscription: Obj, reason: str) -> Obj:
    notes = state.notes[subscription["id"]]
    customer = state.get("customer", subscription["customer"])
    details = {"subscription": subscription["id"], "metadata": dict(subscription["metadata"])}
    return billing.draft(
        state,
        customer,
        currency=subscription["currency"],
        taxed=subscription["automatic_tax"]["enabled"],
        coupon=_coupon(state, subscription),
        auto_advance=True,
        billing_reason=reason,
        collection_method="charge_automatically",
        parent={"type": "subscription_details", "subscription_details": details},
        period_start=notes.get("before", state.now()),
    )


def _issue(state: State, subscription: Obj, invoice: Obj) -> Obj:
    subscription["latest_invoice"] = invoice["id"]
    emit(state, "invoice.created", invoice)
    collecting.finalize(state, invoice)
    if invoice["status"] == "open":
        _charge(state, subscription, invoice)
    return invoice


def _charge(state: State, subscription: Obj, invoice: Obj) -> None:
    """docs.stripe.com/billing/subscriptions/overview#subscription-payment-outcomes"""
    if state.notes[subscription["id"]]["failing"]:
        collecting.decline(state, invoice)
        subscription["status"] = "past_due"
        emit(state, "customer.subscription.updated", subscription)
    else:
        collecting.collect(state, invoice)


def recovered(state: State, subscription: Obj) -> None:
    """What was owed is paid."""
    if subscription["status"] == "past_due":
        subscription["status"] = "active"
        state.notes[subscription["id"]]["failing"] = False
        emit(state, "customer.subscription.updated", subscription)


def _coupon(state: State, subscription: Obj) -> Obj | None:
    """docs.stripe.com/billing/subscriptions/coupons#coupon-duration"""
    coupon: Obj | None = state.notes[subscription["id"]]["coupon"]
    if coupon is None:
        return None
    past = state.notes[subscription["id"]]["periods"]
    if coupon["duration"] == "once":
        return coupon if past == 0 else None
    months = coupon["duration_in_months"]
    ended = months and state.now() >= after(subscription["start_date"], "month", 1, months)
    return None if coupon["duration"] == "repeating" and ended else coupon


def _line(state: State, invoice: Obj, subscription: Obj, item: Obj) -> None:
    price = item["price"]
    details = {"subscription": subscription["id"], "subscription_item": item["id"], "proration": False}
    line = billing.add_line(
        state,
        invoice,
        within=price["tax_behavior"] == "inclusive",
        amount=price["unit_amount"] * item["quantity"],
        description=f"{item['quantity']} × {product_name(state, price)}",
        metadata=dict(subscription["metadata"]),
        parent={"type": "subscription_item_details", "subscription_item_details": details},
        period={"start": item["current_period_start"], "end": item["current_period_end"]},
        pricing=billing.pricing(price),
        quantity=item["quantity"],
        quantity_decimal=str(item["quantity"]),
        subscription=subscription["id"],
    )
    state.notes[item["id"]]["paid_by"] = {"invoice": invoice["id"], "invoice_line_items": [line["id"]]}


def period_end(subscription: Obj) -> int:
    return min(int(item["current_period_end"]) for item in subscription["items"]["data"])


def renew(state: State, subscription: Obj) -> None:
    notes = state.notes[subscription["id"]]
    notes["periods"] += 1
    notes["before"] = subscription["items"]["data"][0]["current_period_start"]
    for item in subscription["items"]["data"]:
        recurring = item["price"]["recurring"]
        interval = (recurring["interval"], recurring["interval_count"])
        item["current_period_start"] = item["current_period_end"]
        item["current_period_end"] = after(subscription["billing_cycle_anchor"], *interval, notes["periods"] + 1)
    emit(state, "customer.subscription.updated", subscription)
    invoice_period(state, subscription, reason="subscription_cycle")
