"""How an invoice becomes owed and is paid: docs.stripe.com/invoicing/integration/workflow-transitions"""

from tests.standin.clock import DAY
from tests.standin.errors import refused
from tests.standin.events import emit
from tests.standin.money import MINIMUM_CHARGE, check_charge_amount
from tests.standin.resources import intents
from tests.standin.resources.billing import change
from tests.standin.routes import Obj
from tests.standin.state import State


def finalize(state: State, invoice: Obj) -> None:
    """Fixed from now on, with a number and a way to pay it."""
    if invoice["status"] != "draft":
        raise refused("invoice_not_editable", f"The invoice is {invoice['status']}, not a draft.")
    customer = state.get("customer", invoice["customer"])
    _use_balance(invoice, customer)
    if invoice["amount_due"]:
        check_charge_amount(invoice["amount_due"], invoice["currency"])
    customer["balance"] = invoice["ending_balance"]
    invoice.update(
        status="open",
        number=f"{customer['invoice_prefix']}-{customer['next_invoice_sequence']:04d}",
        hosted_invoice_url=f"{state.base}/pay/i/{invoice['id']}",
        invoice_pdf=f"{state.base}/pay/i/{invoice['id']}/pdf",
        effective_at=state.now(),
    )
    customer["next_invoice_sequence"] += 1
    invoice["status_transitions"]["finalized_at"] = state.now()
    days = state.notes[invoice["id"]].get("days_until_due")
    if days is not None:
        invoice["due_date"] = state.now() + days * DAY
    if invoice["amount_due"]:
        _request(state, invoice)
    change(state, invoice, "invoice.finalized")
    if not invoice["amount_due"]:
        _paid(state, invoice)


def _use_balance(invoice: Obj, customer: Obj) -> None:
    """docs.stripe.com/billing/customer/balance: a credit is used up, and what is too little to be charged is kept."""
    owed = invoice["total"] + customer["balance"]
    is_too_little = owed < MINIMUM_CHARGE.get(invoice["currency"], 1)
    kept = owed < 0 or (is_too_little and invoice["collection_method"] == "charge_automatically")
    due = 0 if kept else owed
    invoice.update(starting_balance=customer["balance"], ending_balance=owed if kept else 0)
    invoice.update(amount_due=due, amount_remaining=due)


def _request(state: State, invoice: Obj) -> None:
    """docs.stripe.com/invoicing/payments: the payment that is to come, of the whole amount."""
    intent = intents.start(
        state,
        amount=invoice["amount_due"],
        currency=invoice["currency"],
        customer=invoice["customer"],
        description=f"Invoice {invoice['number']}",
    )
    state.make(
        "invoice_payment",
        "inpay",
        amount_requested=invoice["amount_due"],
        currency=invoice["currency"],
        invoice=invoice["id"],
        is_default=True,
        livemode=False,
        payment={"type": "payment_intent", "payment_intent": intent["id"]},
        status="open",
    )


def request_of(state: State, invoice: Obj) -> Obj:
    """Its one payment and the intent behind it."""
    return next(p for p in state.all("invoice_payment") if p["invoice"] == invoice["id"])


def intent_of(state: State, invoice: Obj) -> Obj:
    return state.get("payment_intent", request_of(state, invoice)["payment"]["payment_intent"])


def check_open(invoice: Obj) -> None:
    if invoice["status"] == "paid":
        raise refused("invoice_already_paid", "Invoice is already paid.")
    if invoice["status"] not in ("open", "uncollectible"):
        raise refused("invoice_not_payable", f"The invoice is {invoice['status']}.")


def collect(state: State, invoice: Obj) -> None:
    """The customer pays by card."""
    check_open(invoice)
    intents.succeed(state, intent_of(state, invoice), email=invoice["customer_email"])
    amount = invoice["amount_remaining"]
    payment = request_of(state, invoice)
    payment.update(status="paid", amount_paid=amount)
    payment["status_transitions"]["paid_at"] = state.now()
    invoice["amount_paid"] = amount
    emit(state, "invoice_payment.paid", payment)
    _paid(state, invoice)


def collect_elsewhere(state: State, invoice: Obj) -> None:
    """docs.stripe.com/api/invoices/pay#pay_invoice-paid_out_of_band: no money comes through Stripe."""
    check_open(invoice)
    withdraw_request(state, invoice)
    invoice.update(amount_paid=invoice["amount_remaining"], amount_paid_off_stripe=invoice["amount_remaining"])
    _paid(state, invoice)


def decline(state: State, invoice: Obj) -> None:
    check_open(invoice)
    intents.decline(state, intent_of(state, invoice))
    invoice.update(attempted=True, attempt_count=invoice["attempt_count"] + 1)
    change(state, invoice, "invoice.payment_failed")


def withdraw_request(state: State, invoice: Obj) -> None:
    payment = request_of(state, invoice)
    payment["status"] = "canceled"
    payment["status_transitions"]["canceled_at"] = state.now()
    intents.cancelled(state, intent_of(state, invoice), "void_invoice")


def _paid(state: State, invoice: Obj) -> None:
    invoice.update(status="paid", amount_remaining=0, attempted=True, attempt_count=invoice["attempt_count"] + 1)
    invoice["status_transitions"]["paid_at"] = state.now()
    change(state, invoice, "invoice.paid")
    emit(state, "invoice.payment_succeeded", invoice)


def lower(state: State, invoice: Obj, amount: int) -> None:
    """A credit note before payment: docs.stripe.com/invoicing/integration/programmatic-credit-notes"""
    invoice["pre_payment_credit_notes_amount"] += amount
    invoice["amount_remaining"] -= amount
    invoice["amount_due"] -= amount
    if invoice["amount_remaining"]:
        request_of(state, invoice)["amount_requested"] = invoice["amount_remaining"]
        intent_of(state, invoice)["amount"] = invoice["amount_remaining"]
        emit(state, "invoice.updated", invoice)
        return
    withdraw_request(state, invoice)
    _paid(state, invoice)


def remind(state: State) -> None:
    """docs.stripe.com/api/events/types#event_types-invoice.overdue"""
    for invoice in state.all("invoice"):
        notes = state.notes[invoice["id"]]
        due = invoice["due_date"]
        if invoice["status"] == "open" and due and due < state.now() and not notes.get("overdue"):
            notes["overdue"] = True
            emit(state, "invoice.overdue", invoice)
