"""Subscriptions: docs.stripe.com/api/subscriptions. They begin with a Checkout Session."""

from tests.standin.errors import invalid, refused, unsupported
from tests.standin.events import emit
from tests.standin.lists import matching, page
from tests.standin.noted import only
from tests.standin.resources import proration
from tests.standin.resources.metadata import metadata
from tests.standin.resources.prices import inline_price
from tests.standin.resources.subscribing import invoice_changes, period_end, plan_of, renew
from tests.standin.routes import Call, Obj, route
from tests.standin.state import State

ENDED = ("canceled", "incomplete_expired")


@route("GET", "/v1/subscriptions/{subscription_exposed_id}")
def retrieve(state: State, call: Call) -> Obj:
    return state.get("subscription", call.ids["subscription_exposed_id"])


@route("GET", "/v1/subscriptions")
def listing(state: State, call: Call) -> Obj:
    """docs.stripe.com/api/subscriptions/list: those that were canceled only when they are asked for."""
    wanted = call.params.get("status")
    found = matching(state.all("subscription"), call.params, "customer")
    return page(call, [s for s in found if _has(s, wanted)])


def _has(subscription: Obj, wanted: str | None) -> bool:
    status = subscription["status"]
    return wanted == "all" or (status not in ENDED if wanted is None else status == wanted)


@route("POST", "/v1/subscriptions/{subscription_exposed_id}")
def update(state: State, call: Call) -> Obj:
    subscription = state.get("subscription", call.ids["subscription_exposed_id"])
    if subscription["status"] in ENDED:
        raise refused("resource_missing", "A canceled subscription can only update its cancellation_details.")
    subscription["metadata"] = metadata(call.params, subscription["metadata"])
    subscription["description"] = call.params.get("description", subscription["description"])
    if "items" in call.params:
        _change_items(state, subscription, call.params)
    if "cancel_at_period_end" in call.params:
        _cancel_later(state, subscription, later=call.params["cancel_at_period_end"])
    emit(state, "customer.subscription.updated", subscription)
    return subscription


def _change_items(state: State, subscription: Obj, given: Obj) -> None:
    """Another price or quantity from now on, with the rest of the period settled by `proration_behavior`."""
    behavior = given.get("proration_behavior", "create_prorations")
    for asked in given["items"]:
        only(asked, "id", "price_data", "quantity")
        item = next((i for i in subscription["items"]["data"] if i["id"] == asked.get("id")), None)
        if item is None:
            raise invalid("The item is none of the subscription's.", param="items")
        price = inline_price(state, asked["price_data"]) if "price_data" in asked else item["price"]
        if (price["currency"], price["recurring"]) != (item["price"]["currency"], item["price"]["recurring"]):
            raise unsupported("another currency or another interval")
        _change(
            state, subscription, item, price, asked.get("quantity", item["quantity"]), is_prorated=behavior != "none"
        )
    if behavior == "always_invoice":
        invoice_changes(state, subscription)


def _change(state: State, subscription: Obj, item: Obj, price: Obj, quantity: int, *, is_prorated: bool) -> None:
    if is_prorated:
        proration.note(state, subscription, item, -item["price"]["unit_amount"] * item["quantity"], what="Unused")
    item.update(price=price, plan=plan_of(price), quantity=quantity)
    if is_prorated:
        proration.note(state, subscription, item, price["unit_amount"] * quantity, what="Remaining")


def _cancel_later(state: State, subscription: Obj, *, later: bool) -> None:
    subscription.update(
        cancel_at_period_end=later,
        cancel_at=period_end(subscription) if later else None,
        canceled_at=state.now() if later else None,
    )


@route("DELETE", "/v1/subscriptions/{subscription_exposed_id}")
def cancel(state: State, call: Call) -> Obj:
    """docs.stripe.com/api/subscriptions/cancel: at once, and what was paid is not returned."""
    subscription = state.get("subscription", call.ids["subscription_exposed_id"])
    if subscription["status"] in ENDED:
        raise refused("resource_missing", f"No such subscription: '{subscription['id']}'", status=404)
    _end(state, subscription)
    return subscription


def _end(state: State, subscription: Obj) -> None:
    subscription.update(status="canceled", ended_at=state.now())
    subscription["canceled_at"] = subscription["canceled_at"] or state.now()
    subscription["cancellation_details"] = {"reason": "cancellation_requested", "comment": None, "feedback": None}
    emit(state, "customer.subscription.deleted", subscription)


def turn_periods(state: State) -> None:
    """Each period that has ended brings the invoice of the next, or the end."""
    for subscription in state.all("subscription"):
        while subscription["status"] not in ENDED and period_end(subscription) <= state.now():
            if subscription["cancel_at_period_end"]:
                _end(state, subscription)
            else:
                renew(state, subscription)
