"""Invoices and credit notes, through Stripe's own client."""

from typing import Any

import pytest
from stripe import InvalidRequestError, StripeClient

from tests.contract.standin.asking import available, event_types
from tests.standin.clock import DAY
from tests.standin.standin import Standin


def owed(stripe: StripeClient, *, amount: int = 100000, **more: Any) -> str:
    """The id of a draft with one item."""
    about: Any = {"email": "office@lab.example", "name": "A Lab", "address": {"country": "DE"}}
    customer = stripe.v1.customers.create(about).id
    given: Any = {"customer": customer, "currency": "usd", "collection_method": "send_invoice", "days_until_due": 30}
    given |= {"custom_fields": [{"name": "PO", "value": "4711"}], **more}
    invoice = stripe.v1.invoices.create(given)
    item: Any = {"customer": customer, "invoice": invoice.id, "amount": amount, "currency": "usd", "description": "v3"}
    stripe.v1.invoice_items.create(item)
    return invoice.id


def test_an_invoice_from_draft_to_paid(stripe: StripeClient, standin: Standin) -> None:
    invoice = owed(stripe, metadata={"order": "1"})
    draft = stripe.v1.invoices.retrieve(invoice)
    assert (draft.status, draft.total, draft.number, draft.hosted_invoice_url) == ("draft", 100000, None, None)
    assert [(line.description, line.amount) for line in draft.lines.data] == [("v3", 100000)]

    stripe.v1.invoices.finalize_invoice(invoice)
    sent: Any = stripe.v1.invoices.send_invoice(invoice)

    assert (sent.status, sent.amount_due, sent.custom_fields[0].value) == ("open", 100000, "4711")
    assert sent.due_date - sent.created >= 30 * DAY - 5
    assert available(stripe) == {}

    standin.pay_invoice(invoice)

    paid = stripe.v1.invoices.retrieve(invoice)
    assert (paid.status, paid.amount_paid, paid.amount_remaining) == ("paid", 100000, 0)
    assert available(stripe) == {"usd": 100000 - 2930}
    assert event_types(stripe)[:7] == [
        "customer.created",
        "invoice.created",
        "invoiceitem.created",
        "payment_intent.created",
        "invoice.finalized",
        "invoice.updated",
        "invoice.sent",
    ]
    for kind in ("invoice.paid", "invoice.payment_succeeded", "invoice_payment.paid", "charge.succeeded"):
        assert event_types(stripe).count(kind) == 1
    with pytest.raises(Exception, match="already paid"):
        standin.pay_invoice(invoice)


def test_payments_lead_from_an_invoice_to_its_charge_and_back(stripe: StripeClient, standin: Standin) -> None:
    invoice = owed(stripe)
    stripe.v1.invoices.finalize_invoice(invoice)
    standin.pay_invoice(invoice)
    asked: Any = {"invoice": invoice, "expand": ["data.payment.payment_intent"]}
    [payment] = stripe.v1.invoice_payments.list(asked).data
    intent: Any = payment.payment.payment_intent
    assert (payment.status, payment.amount_paid, intent.amount_received) == ("paid", 100000, 100000)
    back: Any = {"payment": {"type": "payment_intent", "payment_intent": intent.id}}
    assert [found.invoice for found in stripe.v1.invoice_payments.list(back).data] == [invoice]


def test_what_was_finalized_does_not_change(stripe: StripeClient) -> None:
    invoice = owed(stripe)
    customer: Any = stripe.v1.invoices.finalize_invoice(invoice).customer
    item: Any = {"customer": customer, "invoice": invoice, "amount": 1, "currency": "usd"}
    with pytest.raises(InvalidRequestError, match="not a draft"):
        stripe.v1.invoice_items.create(item)
    with pytest.raises(InvalidRequestError, match="not a draft"):
        stripe.v1.invoices.finalize_invoice(invoice)


def test_pending_items_join_only_when_they_are_included(stripe: StripeClient) -> None:
    customer = stripe.v1.customers.create({"email": "office@lab.example"}).id
    product = stripe.v1.products.create({"name": "Spoken digits"}).id
    price: Any = {"currency": "usd", "product": product, "unit_amount": 500}
    stripe.v1.invoice_items.create({"customer": customer, "price_data": price, "quantity": 3})
    base: Any = {"customer": customer, "collection_method": "send_invoice", "days_until_due": 30}
    assert stripe.v1.invoices.create(base).total == 0
    base["pending_invoice_items_behavior"] = "include"
    included = stripe.v1.invoices.create(base)
    assert (included.total, included.lines.data[0].description) == (1500, "Spoken digits")


def test_tax_is_added_when_it_is_switched_on(stripe: StripeClient, standin: Standin) -> None:
    invoice = owed(stripe, automatic_tax={"enabled": True})
    final = stripe.v1.invoices.finalize_invoice(invoice)
    assert (final.total_excluding_tax, final.total) == (100000, 119000)
    assert [tax.amount for tax in final.total_taxes or []] == [19000]


def test_tax_is_not_worked_out_for_nowhere(stripe: StripeClient) -> None:
    customer = stripe.v1.customers.create({"email": "office@lab.example"}).id
    given: Any = {"customer": customer, "collection_method": "send_invoice", "days_until_due": 30}
    with pytest.raises(InvalidRequestError) as refusal:
        stripe.v1.invoices.create(given | {"automatic_tax": {"enabled": True}})
    assert refusal.value.code == "customer_tax_location_invalid"


def test_a_voided_invoice_is_never_paid(stripe: StripeClient, standin: Standin) -> None:
    invoice = owed(stripe)
    stripe.v1.invoices.finalize_invoice(invoice)
    assert stripe.v1.invoices.void_invoice(invoice).status == "void"
    with pytest.raises(Exception, match="is void"):
        standin.pay_invoice(invoice)
    assert available(stripe) == {}
    assert [p.status for p in stripe.v1.invoice_payments.list({"invoice": invoice}).data] == ["canceled"]


def test_an_invoice_that_was_paid_elsewhere_moves_no_money(stripe: StripeClient, standin: Standin) -> None:
    invoice = owed(stripe)
    assert stripe.v1.invoices.pay(invoice, {"paid_out_of_band": True}).status == "paid"
    assert available(stripe) == {}
    assert stripe.v1.charges.list().data == []


def test_a_declined_card_and_a_late_payer(stripe: StripeClient, standin: Standin) -> None:
    invoice = owed(stripe)
    stripe.v1.invoices.finalize_invoice(invoice)
    standin.fail_invoice(invoice)
    standin.advance(31 * DAY)
    assert event_types(stripe)[-1] == "invoice.overdue"
    standin.advance(DAY)
    assert event_types(stripe).count("invoice.overdue") == 1
    standin.pay_invoice(invoice)
    assert stripe.v1.invoices.retrieve(invoice).attempt_count == 2


def test_a_credit_note_before_payment_lowers_what_is_owed(stripe: StripeClient, standin: Standin) -> None:
    invoice = owed(stripe)
    stripe.v1.invoices.finalize_invoice(invoice)
    note = stripe.v1.credit_notes.create({"invoice": invoice, "amount": 30000})
    assert (note.type, note.pre_payment_amount) == ("pre_payment", 30000)
    standin.pay_invoice(invoice)
    paid = stripe.v1.invoices.retrieve(invoice)
    assert (paid.total, paid.amount_paid, paid.pre_payment_credit_notes_amount) == (100000, 70000, 30000)
    assert [booked.amount for booked in stripe.v1.balance_transactions.list().data] == [70000]


def test_a_credit_note_over_everything_settles_the_invoice(stripe: StripeClient) -> None:
    invoice = owed(stripe)
    stripe.v1.invoices.finalize_invoice(invoice)
    stripe.v1.credit_notes.create({"invoice": invoice, "amount": 100000})
    settled = stripe.v1.invoices.retrieve(invoice)
    assert (settled.status, settled.amount_paid) == ("paid", 0)
    assert stripe.v1.charges.list().data == []


def test_a_credit_note_after_payment_refunds(stripe: StripeClient, standin: Standin) -> None:
    invoice = owed(stripe)
    stripe.v1.invoices.finalize_invoice(invoice)
    standin.pay_invoice(invoice)
    with pytest.raises(InvalidRequestError, match="adds up"):
        stripe.v1.credit_notes.create({"invoice": invoice, "amount": 30000})
    note = stripe.v1.credit_notes.create({"invoice": invoice, "amount": 30000, "refund_amount": 30000})
    assert (note.type, note.refunds[0].amount_refunded) == ("post_payment", 30000)
    [refund] = stripe.v1.refunds.list().data
    assert (refund.id, refund.amount) == (note.refunds[0].refund, 30000)
    with pytest.raises(InvalidRequestError, match="70000, what is left"):
        stripe.v1.credit_notes.create({"invoice": invoice, "amount": 70001, "refund_amount": 70001})
    assert stripe.v1.invoices.retrieve(invoice).post_payment_credit_notes_amount == 30000


def test_a_refund_that_was_made_can_be_noted(stripe: StripeClient, standin: Standin) -> None:
    invoice = owed(stripe)
    stripe.v1.invoices.finalize_invoice(invoice)
    standin.pay_invoice(invoice)
    [payment] = stripe.v1.invoice_payments.list({"invoice": invoice}).data
    intent: Any = payment.payment.payment_intent
    refund = stripe.v1.refunds.create({"payment_intent": intent, "amount": 500}).id
    links: Any = [{"refund": refund, "amount_refunded": 500}]
    stripe.v1.credit_notes.create({"invoice": invoice, "amount": 500, "refunds": links})
    assert len(stripe.v1.refunds.list().data) == 1
    assert [note.amount for note in stripe.v1.credit_notes.list({"invoice": invoice}).data] == [500]


def test_a_credit_that_is_not_refunded_lowers_the_next_invoice(stripe: StripeClient, standin: Standin) -> None:
    invoice = owed(stripe)
    customer: Any = stripe.v1.invoices.finalize_invoice(invoice).customer
    standin.pay_invoice(invoice)
    stripe.v1.credit_notes.create({"invoice": invoice, "amount": 30000, "credit_amount": 30000})
    assert stripe.v1.refunds.list().data == []
    assert stripe.v1.customers.retrieve(customer).balance == -30000
    item: Any = {"customer": customer, "amount": 40000, "currency": "usd"}
    stripe.v1.invoice_items.create(item)
    following: Any = {"customer": customer, "collection_method": "send_invoice", "days_until_due": 30}
    following["pending_invoice_items_behavior"] = "include"
    drafted = stripe.v1.invoices.create(following).id
    assert stripe.v1.invoices.finalize_invoice(drafted).amount_due == 10000
    assert stripe.v1.customers.retrieve(customer).balance == 0
