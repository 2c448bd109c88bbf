"""Checkout Sessions: docs.stripe.com/payments/checkout/how-checkout-works"""

from tests.standin.clock import DAY
from tests.standin.contract import skeleton
from tests.standin.errors import invalid, refused
from tests.standin.events import emit
from tests.standin.lists import matching, page
from tests.standin.money import check_charge_amount
from tests.standin.noted import only
from tests.standin.resources import intents
from tests.standin.resources.coupons import coupon_of
from tests.standin.resources.metadata import metadata
from tests.standin.resources.prices import inline_price, product_name
from tests.standin.resources.totals import Line, Totals, totals
from tests.standin.routes import Call, Obj, route
from tests.standin.state import State

# docs.stripe.com/api/checkout/sessions/create#create_checkout_session-expires_at
SHORTEST, LONGEST = 30 * 60, DAY
LONGEST_REFERENCE = 200


@route("POST", "/v1/checkout/sessions")
def create(state: State, call: Call) -> Obj:
    given = call.params
    _check(state, given)
    coupon = coupon_of(state, given)
    intent = only(given.get("payment_intent_data", {}), "capture_method", "description", "metadata", "transfer_group")
    subscription = only(given.get("subscription_data", {}), "description", "metadata")
    prices = [inline_price(state, line["price_data"]) for line in given["line_items"]]
    currency = _currency(prices, given)
    amounts = [
        (price["unit_amount"] * line.get("quantity", 1), price["tax_behavior"] == "inclusive")
        for price, line in zip(prices, given["line_items"], strict=True)
    ]
    taxed = given.get("automatic_tax", {}).get("enabled", False)
    sums = totals(amounts, currency=currency, coupon=coupon, taxed=taxed)
    if sums.total:
        check_charge_amount(sums.total, currency)
    session = _made(state, given, sums, currency, coupon)
    lines = [_line(state, *made) for made in zip(prices, given["line_items"], sums.lines, strict=True)]
    state.notes[session["id"]] = {"intent": intent, "subscription": subscription, "lines": lines, "coupon": coupon}
    return session


def _check(state: State, given: Obj) -> None:
    _check_lines(given)
    if given.get("ui_mode", "hosted_page") != "hosted_page" or "success_url" not in given:
        raise invalid("A hosted page needs a success_url.", param="success_url")
    if "customer" in given and "customer_email" in given:
        raise invalid("Give customer or customer_email.", param="customer_email")
    if len(given.get("client_reference_id", "")) > LONGEST_REFERENCE:
        raise invalid("client_reference_id is too long.", param="client_reference_id")
    if "customer" in given:
        state.get("customer", given["customer"])
    expires_at = given.get("expires_at", state.now() + LONGEST)
    # A minute of grace, for the time that a request takes.
    if not state.now() + SHORTEST - 60 <= expires_at <= state.now() + LONGEST + 60:
        raise invalid("expires_at lies between 30 minutes and 24 hours from now.", param="expires_at")


def _check_lines(given: Obj) -> None:
    mode = given.get("mode")
    if mode not in ("payment", "subscription"):
        raise invalid("The stand-in knows the modes payment and subscription.", param="mode")
    lines = given.get("line_items")
    if not lines or not all("price_data" in line for line in lines):
        raise invalid("Line items need price_data.", param="line_items")
    for line in lines:
        only(line, "price_data", "quantity")
    if any(bool(line["price_data"].get("recurring")) != (mode == "subscription") for line in lines):
        raise invalid(f"Prices of mode {mode} do not recur, or must.", param="line_items")
    wrong = "subscription_data" if mode == "payment" else "payment_intent_data"
    if wrong in given:
        raise invalid(f"You can not pass `{wrong}` in `{mode}` mode.", param=wrong)


def _currency(prices: list[Obj], given: Obj) -> str:
    currencies = {price["currency"] for price in prices} | {str(given.get("currency", prices[0]["currency"])).lower()}
    if len(currencies) > 1:
        raise invalid("All prices of a session are in one currency.", param="line_items")
    return str(currencies.pop())


def _made(state: State, given: Obj, sums: Totals, currency: str, coupon: Obj | None) -> Obj:
    taxed = given.get("automatic_tax", {}).get("enabled", False)
    session = state.make(
        "checkout.session",
        "cs_test",
        amount_subtotal=sums.subtotal,
        amount_total=sums.total,
        automatic_tax={
            "enabled": taxed,
            "liability": {"type": "self", "account": None} if taxed else None,
            "provider": "stripe" if taxed else None,
            "status": "complete" if taxed else None,
        },
        cancel_url=given.get("cancel_url"),
        client_reference_id=given.get("client_reference_id"),
        currency=currency,
        custom_fields=[],
        custom_text={
            "after_submit": None,
            "shipping_address": None,
            "submit": None,
            "terms_of_service_acceptance": None,
        },
        customer=given.get("customer"),
        customer_creation=given.get("customer_creation", "if_required" if given["mode"] == "payment" else "always"),
        customer_email=given.get("customer_email"),
        discounts=[{"coupon": coupon["id"], "promotion_code": None}] if coupon else [],
        expires_at=given.get("expires_at", state.now() + LONGEST),
        livemode=False,
        locale=given.get("locale"),
        metadata=metadata(given),
        mode=given["mode"],
        payment_method_types=["card"],
        payment_status="unpaid" if sums.total else "no_payment_required",
        shipping_options=[],
        status="open",
        success_url=given["success_url"],
        total_details={
            "amount_discount": sums.discount,
            "amount_shipping": 0,
            "amount_tax": sums.tax,
            "breakdown": None,
        },
        ui_mode="hosted_page",
    )
    session["url"] = f"{state.base}/pay/c/{session['id']}"
    return session


def _line(state: State, price: Obj, given: Obj, line: Line) -> Obj:
    return skeleton(
        "item",
        id=state.new_id("li"),
        object="item",
        amount_discount=line.discount,
        amount_subtotal=line.amount,
        amount_tax=line.tax,
        amount_total=line.total,
        currency=price["currency"],
        description=product_name(state, price),
        price=price,
        quantity=given.get("quantity", 1),
    )


@route("GET", "/v1/checkout/sessions/{session}")
def retrieve(state: State, call: Call) -> Obj:
    return state.get("checkout.session", call.ids["session"])


@route("GET", "/v1/checkout/sessions")
def listing(state: State, call: Call) -> Obj:
    names = ("customer", "payment_intent", "status", "subscription")
    return page(call, matching(state.all("checkout.session"), call.params, *names))


@route("POST", "/v1/checkout/sessions/{session}/expire")
def expire(state: State, call: Call) -> Obj:
    """docs.stripe.com/api/checkout/sessions/expire: only while it is open."""
    session = state.get("checkout.session", call.ids["session"])
    if session["status"] != "open":
        raise refused("resource_not_open", f"Only open sessions can be expired; this one is {session['status']}.")
    return expired(state, session)


def expired(state: State, session: Obj) -> Obj:
    session.update(status="expired", url=None)
    if session["payment_intent"]:
        intents.cancelled(state, state.get("payment_intent", session["payment_intent"]), "expired")
    emit(state, "checkout.session.expired", session)
    return session


def expire_old_ones(state: State) -> None:
    for session in state.all("checkout.session"):
        if session["status"] == "open" and session["expires_at"] <= state.now():
            expired(state, session)
