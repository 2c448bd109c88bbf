"""Products, and prices that a request brings along. docs.stripe.com/products-prices/how-products-and-prices-work"""

from tests.standin.errors import invalid
from tests.standin.resources.metadata import metadata
from tests.standin.routes import Call, Obj, route
from tests.standin.state import State


def inline_price(state: State, data: Obj) -> Obj:
    """The price, with its product, that `price_data` describes."""
    if data.get("unit_amount") is None or data["unit_amount"] < 0:
        raise invalid("price_data needs a unit_amount of 0 or more.", param="unit_amount")
    recurring = data.get("recurring")
    price: Obj = state.make(
        "price",
        "price",
        active=False,
        billing_scheme="per_unit",
        currency=data["currency"].lower(),
        livemode=False,
        metadata={},
        product=_product(state, data),
        recurring=_recurring(recurring) if recurring else None,
        tax_behavior=data.get("tax_behavior", "unspecified"),
        type="recurring" if recurring else "one_time",
        unit_amount=data["unit_amount"],
        unit_amount_decimal=str(data["unit_amount"]),
    )
    return price


def _recurring(recurring: Obj) -> Obj:
    return {
        "interval": recurring["interval"],
        "interval_count": recurring.get("interval_count", 1),
        "meter": None,
        "trial_period_days": None,
        "usage_type": "licensed",
    }


@route("POST", "/v1/products")
def create_product(state: State, call: Call) -> Obj:
    return _make_product(state, call.params, active=True)


@route("GET", "/v1/products/{id}")
def retrieve_product(state: State, call: Call) -> Obj:
    return state.get("product", call.ids["id"])


def _product(state: State, data: Obj) -> str:
    if named := data.get("product"):
        return str(state.get("product", named)["id"])
    described = data.get("product_data")
    if not described:
        raise invalid("price_data needs product_data or a product.", param="product_data")
    return str(_make_product(state, described, active=False)["id"])


def _make_product(state: State, given: Obj, *, active: bool) -> Obj:
    return state.make(
        "product",
        "prod",
        active=active,
        description=given.get("description"),
        images=given.get("images", []),
        livemode=False,
        marketing_features=[],
        metadata=metadata(given),
        name=given["name"],
        tax_code=given.get("tax_code"),
        type="service",
        updated=state.now(),
    )


def product_name(state: State, price: Obj) -> str:
    return str(state.get("product", price["product"])["name"])
