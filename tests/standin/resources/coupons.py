"""Coupons: docs.stripe.com/billing/subscriptions/coupons"""

from tests.standin.errors import invalid, refused
from tests.standin.events import emit
from tests.standin.lists import page
from tests.standin.resources.metadata import metadata
from tests.standin.routes import Call, Obj, route
from tests.standin.state import State


@route("POST", "/v1/coupons")
def create(state: State, call: Call) -> Obj:
    given = call.params
    if ("percent_off" in given) == ("amount_off" in given):
        raise invalid("A coupon has a percent_off or an amount_off.", param="percent_off")
    if "amount_off" in given and "currency" not in given:
        raise invalid("An amount_off needs a currency.", param="currency")
    if "id" in given and any(coupon["id"] == given["id"] for coupon in state.all("coupon")):
        raise refused("resource_already_exists", f"Coupon already exists: {given['id']}")
    currency = given.get("currency")
    coupon = state.make(
        "coupon",
        "cpn",
        id=given.get("id") or state.new_id("cpn"),
        amount_off=given.get("amount_off"),
        currency=currency and currency.lower(),
        duration=given.get("duration", "once"),
        duration_in_months=given.get("duration_in_months"),
        livemode=False,
        max_redemptions=given.get("max_redemptions"),
        metadata=metadata(given),
        name=given.get("name"),
        percent_off=given.get("percent_off"),
        redeem_by=given.get("redeem_by"),
        times_redeemed=0,
        valid=True,
    )
    emit(state, "coupon.created", coupon)
    return coupon


@route("GET", "/v1/coupons/{coupon}")
def retrieve(state: State, call: Call) -> Obj:
    return state.get("coupon", call.ids["coupon"])


@route("GET", "/v1/coupons")
def listing(state: State, call: Call) -> Obj:
    return page(call, state.all("coupon"))


def coupon_of(state: State, params: Obj) -> Obj | None:
    """The one coupon of a request's `discounts`."""
    discounts = params.get("discounts") or []
    if not discounts:
        return None
    if len(discounts) > 1 or "coupon" not in discounts[0]:
        raise invalid("The stand-in knows one coupon at a time.", param="discounts")
    coupon = state.get("coupon", discounts[0]["coupon"])
    if not coupon["valid"] or (coupon["redeem_by"] and coupon["redeem_by"] < state.now()):
        raise refused("coupon_expired", f"Coupon {coupon['id']} is not valid any more.")
    return coupon


def redeem(state: State, coupon: Obj) -> None:
    coupon["times_redeemed"] += 1
    limit = coupon["max_redemptions"]
    coupon["valid"] = limit is None or coupon["times_redeemed"] < limit
