"""Invoices: docs.stripe.com/api/invoices"""

from tests.standin.clock import DAY
from tests.standin.errors import invalid, refused
from tests.standin.events import emit
from tests.standin.lists import matching, page
from tests.standin.resources import billing, collecting, invoice_items
from tests.standin.resources.coupons import coupon_of
from tests.standin.resources.metadata import metadata
from tests.standin.routes import Call, Obj, route
from tests.standin.state import State

MOST_CUSTOM_FIELDS = 4


@route("POST", "/v1/invoices")
def create(state: State, call: Call) -> Obj:
    given = call.params
    customer = state.get("customer", given.get("customer", ""))
    _check(given)
    taxed = given.get("automatic_tax", {}).get("enabled", False)
    if taxed and not (customer["address"] or {}).get("country"):
        # See docs.stripe.com/tax/customer-locations: whose place nobody knows cannot be taxed.
        raise refused("customer_tax_location_invalid", "The customer's location isn't recognized.")
    currency = given.get("currency", state.settings.currencies.default).lower()
    due = given.get("due_date")
    invoice = billing.draft(
        state,
        customer,
        currency=currency,
        taxed=taxed,
        coupon=coupon_of(state, given),
        auto_advance=given.get("auto_advance", False),
        collection_method=given.get("collection_method", "charge_automatically"),
        custom_fields=given.get("custom_fields") or None,
        description=given.get("description"),
        due_date=due or (state.now() + given["days_until_due"] * DAY if "days_until_due" in given else None),
        footer=given.get("footer"),
        metadata=metadata(given),
    )
    state.notes[invoice["id"]]["days_until_due"] = given.get("days_until_due")
    if given.get("pending_invoice_items_behavior") == "include":
        for item in invoice_items.pending(state, customer["id"], currency):
            invoice_items.put(state, item, invoice)
    emit(state, "invoice.created", invoice)
    return invoice


def _check(given: Obj) -> None:
    sent = given.get("collection_method") == "send_invoice"
    if sent != ("days_until_due" in given or "due_date" in given):
        raise invalid("send_invoice, and only it, needs days_until_due or due_date.", param="days_until_due")
    fields = given.get("custom_fields") or []
    too_long = any(len(field["name"]) > 40 or len(field["value"]) > 140 for field in fields)
    if len(fields) > MOST_CUSTOM_FIELDS or too_long:
        raise invalid("Up to 4 custom fields: names of 40, values of 140 characters.", param="custom_fields")


def _of(state: State, call: Call) -> Obj:
    return state.get("invoice", call.ids["invoice"])


@route("GET", "/v1/invoices/{invoice}")
def retrieve(state: State, call: Call) -> Obj:
    return _of(state, call)


@route("GET", "/v1/invoices")
def listing(state: State, call: Call) -> Obj:
    names = ("collection_method", "customer", "status")
    found = matching(state.all("invoice"), call.params, *names)
    wanted = call.params.get("subscription")
    return page(call, [invoice for invoice in found if wanted is None or subscription_of(invoice) == wanted])


def subscription_of(invoice: Obj) -> str | None:
    return invoice["parent"]["subscription_details"]["subscription"] if invoice["parent"] else None


@route("POST", "/v1/invoices/{invoice}")
def update(state: State, call: Call) -> Obj:
    invoice = _of(state, call)
    invoice["metadata"] = metadata(call.params, invoice["metadata"])
    changes: Obj = {
        name: call.params[name] for name in ("custom_fields", "description", "footer") if name in call.params
    }
    if changes and invoice["status"] != "draft":
        raise refused("invoice_not_editable", f"The invoice is {invoice['status']}, not a draft.")
    invoice.update(changes)
    emit(state, "invoice.updated", invoice)
    return invoice


@route("POST", "/v1/invoices/{invoice}/finalize")
def finalize(state: State, call: Call) -> Obj:
    invoice = _of(state, call)
    collecting.finalize(state, invoice)
    return invoice


@route("POST", "/v1/invoices/{invoice}/send")
def send(state: State, call: Call) -> Obj:
    """docs.stripe.com/api/invoices/send: a draft is finalized first."""
    invoice = _of(state, call)
    if invoice["collection_method"] != "send_invoice" or not invoice["customer_email"]:
        raise refused("invoice_not_sendable", "Only invoices with send_invoice, to a customer with an email, are sent.")
    if invoice["status"] == "draft":
        collecting.finalize(state, invoice)
    if invoice["status"] not in ("open", "paid"):
        raise refused("invoice_not_sendable", f"The invoice is {invoice['status']}.")
    emit(state, "invoice.sent", invoice)
    return invoice


@route("POST", "/v1/invoices/{invoice}/pay")
def pay(state: State, call: Call) -> Obj:
    invoice = _of(state, call)
    if invoice["status"] == "draft":
        collecting.finalize(state, invoice)
    if call.params.get("paid_out_of_band"):
        collecting.collect_elsewhere(state, invoice)
        return invoice
    raise refused("invoice_payment_intent_requires_action", "No card is kept: the customer pays on the hosted page.")


@route("POST", "/v1/invoices/{invoice}/void")
def void(state: State, call: Call) -> Obj:
    """docs.stripe.com/invoicing/overview#void: only what is owed can be; it is as if it had never been."""
    invoice = _of(state, call)
    collecting.check_open(invoice)
    collecting.withdraw_request(state, invoice)
    invoice.update(status="void")
    invoice["status_transitions"]["voided_at"] = state.now()
    billing.change(state, invoice, "invoice.voided")
    return invoice


@route("POST", "/v1/invoices/{invoice}/mark_uncollectible")
def mark_uncollectible(state: State, call: Call) -> Obj:
    invoice = _of(state, call)
    if invoice["status"] != "open":
        raise refused("invoice_not_open", f"The invoice is {invoice['status']}.")
    invoice.update(status="uncollectible")
    invoice["status_transitions"]["marked_uncollectible_at"] = state.now()
    billing.change(state, invoice, "invoice.marked_uncollectible")
    return invoice


@route("GET", "/v1/invoice_payments/{invoice_payment}")
def retrieve_payment(state: State, call: Call) -> Obj:
    return state.get("invoice_payment", call.ids["invoice_payment"])


@route("GET", "/v1/invoice_payments")
def list_payments(state: State, call: Call) -> Obj:
    """docs.stripe.com/api/invoice-payment/list: which payments paid an invoice, and which invoice a payment paid."""
    found = matching(state.all("invoice_payment"), call.params, "invoice", "status")
    wanted = call.params.get("payment", {}).get("payment_intent")
    return page(call, [p for p in found if wanted is None or p["payment"]["payment_intent"] == wanted])
