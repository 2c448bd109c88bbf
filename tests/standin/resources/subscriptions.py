"""Subscriptions: docs.stripe.com/api/subscriptions. They begin with a Checkout Session."""

from tests.standin.errors import invalid, refused
from tests.standin.events import emit
from tests.standin.lists import equal, page
from tests.standin.resources.metadata import metadata
from tests.standin.resources.subscribing import period_end, renew
from tests.standin.routes import Call, Obj, route
from tests.standin.state import State

UPDATES = ("cancel_at_period_end", "description", "expand", "metadata")
ENDED = ("canceled", "incomplete_expired")


@route("GET", "/v1/subscriptions/{subscription_exposed_id}")
def retrieve(state: State, call: Call) -> Obj:
    return state.get("subscription", call.ids["subscription_exposed_id"])


@route("GET", "/v1/subscriptions")
def listing(state: State, call: Call) -> Obj:
    """docs.stripe.com/api/subscriptions/list: those that were canceled only when they are asked for."""
    wanted = call.params.get("status")
    found = [s for s in state.all("subscription") if equal(s, call.params, "customer")]
    return page(call, [s for s in found if _has(s, wanted)])


def _has(subscription: Obj, wanted: str | None) -> bool:
    status = subscription["status"]
    return wanted == "all" or (status not in ENDED if wanted is None else status == wanted)


@route("POST", "/v1/subscriptions/{subscription_exposed_id}")
def update(state: State, call: Call) -> Obj:
    subscription = state.get("subscription", call.ids["subscription_exposed_id"])
    if unknown := set(call.params) - set(UPDATES):
        raise invalid(f"The stand-in does not change {', '.join(sorted(unknown))} of a subscription.")
    if subscription["status"] in ENDED:
        raise refused("resource_missing", "A canceled subscription can only update its cancellation_details.")
    subscription["metadata"] = metadata(call.params, subscription["metadata"])
    subscription["description"] = call.params.get("description", subscription["description"])
    if "cancel_at_period_end" in call.params:
        _cancel_later(state, subscription, later=call.params["cancel_at_period_end"])
    emit(state, "customer.subscription.updated", subscription)
    return subscription


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
