"""Customers: docs.stripe.com/api/customers"""

from tests.standin.events import emit
from tests.standin.lists import matching, page
from tests.standin.resources.metadata import metadata
from tests.standin.routes import Call, Obj, route
from tests.standin.state import State

FIELDS = ("address", "description", "email", "name", "phone", "shipping")


@route("POST", "/v1/customers")
def create(state: State, call: Call) -> Obj:
    return make(state, call.params)


def make(state: State, given: Obj) -> Obj:
    customer = state.make(
        "customer",
        "cus",
        **{name: given.get(name) or None for name in FIELDS},
        balance=0,
        currency=None,
        delinquent=False,
        invoice_prefix=state.new_id("I")[2:10].upper(),
        invoice_settings={
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        livemode=False,
        metadata=metadata(given),
        next_invoice_sequence=1,
        preferred_locales=given.get("preferred_locales", []),
        tax_exempt=given.get("tax_exempt") or "none",
    )
    emit(state, "customer.created", customer)
    return customer


@route("GET", "/v1/customers/{customer}")
def retrieve(state: State, call: Call) -> Obj:
    return state.get("customer", call.ids["customer"])


@route("POST", "/v1/customers/{customer}")
def update(state: State, call: Call) -> Obj:
    customer = state.get("customer", call.ids["customer"])
    kept = metadata(call.params, customer["metadata"])
    customer.update({name: call.params[name] or None for name in FIELDS if name in call.params}, metadata=kept)
    emit(state, "customer.updated", customer)
    return customer


@route("GET", "/v1/customers")
def listing(state: State, call: Call) -> Obj:
    return page(call, matching(state.all("customer"), call.params, "email"))
