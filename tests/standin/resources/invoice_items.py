"""What an invoice by hand is for: docs.stripe.com/api/invoiceitems"""

from tests.standin.contract import skeleton
from tests.standin.errors import invalid, refused
from tests.standin.events import emit
from tests.standin.lists import matching, page
from tests.standin.money import check_step
from tests.standin.resources import billing
from tests.standin.resources.metadata import metadata
from tests.standin.resources.prices import inline_price, product_name
from tests.standin.routes import Call, Obj, route
from tests.standin.state import State


@route("POST", "/v1/invoiceitems")
def create(state: State, call: Call) -> Obj:
    """Without an invoice it waits for the customer's next one that includes what is pending."""
    given = call.params
    customer = state.get("customer", given.get("customer", ""))
    invoice = state.get("invoice", given["invoice"]) if "invoice" in given else None
    if invoice and invoice["status"] != "draft":
        raise refused("invoice_not_editable", f"The invoice is {invoice['status']}, not a draft.")
    price = inline_price(state, given["price_data"]) if "price_data" in given else None
    currency = price["currency"] if price else given.get("currency", "").lower()
    if not currency or (invoice and invoice["currency"] != currency):
        raise invalid("The item needs the currency of its invoice.", param="currency")
    item = _make(state, given, customer, currency, price)
    if invoice:
        put(state, item, invoice)
    emit(state, "invoiceitem.created", item)
    return item


def _make(state: State, given: Obj, customer: Obj, currency: str, price: Obj | None) -> Obj:
    quantity = given.get("quantity", 1)
    if price is None and "amount" not in given:
        raise invalid("The item needs an amount or price_data.", param="amount")
    amount = price["unit_amount"] * quantity if price else given["amount"]
    check_step(amount, currency)
    item = state.add(
        skeleton(
            "invoiceitem",
            id=state.new_id("ii"),
            amount=amount,
            currency=currency,
            customer=customer["id"],
            date=state.now(),
            description=given.get("description") or (product_name(state, price) if price else None),
            discountable=True,
            livemode=False,
            metadata=metadata(given),
            period=given.get("period") or {"start": state.now(), "end": state.now()},
            pricing=billing.pricing(price) if price else None,
            proration=False,
            quantity=quantity,
            quantity_decimal=str(quantity),
        )
    )
    behavior = price["tax_behavior"] if price else given.get("tax_behavior")
    state.notes[item["id"]] = {"within": behavior == "inclusive"}
    return item


def put(state: State, item: Obj, invoice: Obj) -> None:
    item["invoice"] = invoice["id"]
    details = {"invoice_item": item["id"], "proration": item["proration"]}
    billing.add_line(
        state,
        invoice,
        within=state.notes[item["id"]]["within"],
        amount=item["amount"],
        description=item["description"],
        metadata=dict(item["metadata"]),
        parent={"type": "invoice_item_details", "invoice_item_details": details},
        period=item["period"],
        pricing=item["pricing"],
        quantity=item["quantity"],
        quantity_decimal=item["quantity_decimal"],
    )


def pending(state: State, customer: str, currency: str) -> list[Obj]:
    """Those of a subscription wait for its own next invoice."""
    items = (item for item in state.all("invoiceitem") if item["invoice"] is None and item["parent"] is None)
    return [item for item in items if (item["customer"], item["currency"]) == (customer, currency)]


@route("GET", "/v1/invoiceitems/{invoiceitem}")
def retrieve(state: State, call: Call) -> Obj:
    return state.get("invoiceitem", call.ids["invoiceitem"])


@route("GET", "/v1/invoiceitems")
def listing(state: State, call: Call) -> Obj:
    return page(call, matching(state.all("invoiceitem"), call.params, "customer", "invoice"))
