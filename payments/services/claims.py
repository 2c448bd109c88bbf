"""The ledger's side of an invoice: claimed when it is issued, received when it is paid, reversed when it ends unpaid.

Nothing of it is anybody's income before the money is there.
"""

from payments.domain import chart
from payments.gateways.facts import Receipt
from payments.gateways.rails import account_for
from payments.models import Invoice, Journal, Order
from payments.services.ledger import post


def open_claim(invoice: Invoice, reference: str) -> Journal:
    """Precondition: the order's total is the one that the invoice asks for."""
    order = invoice.order
    legs = {chart.receivable_code(order.licensee_id): -order.total_minor, chart.DEFERRED: order.total_minor}
    return post(key=f"invoice:{reference}", event="invoice", currency=order.currency, legs=legs).entered


def end_claim(invoice: Invoice) -> None:
    """Reversed, once: voided, given up, or paid in another way than it was asked for."""
    claim = invoice.claim
    if claim is None or invoice.receipt_id is not None:
        return
    legs = {entry.account.code: -entry.amount for entry in claim.entries.select_related("account")}
    post(key=f"{claim.key}:ended", event="invoice_ended", currency=claim.currency, legs=legs, reverses=claim)


def take_claim(order: Order, receipt: Receipt) -> str:
    """The account that the sale is booked against, in the transaction that pays the order.

    What was claimed is received first, and the sale takes it out of what was deferred. Money that arrived in another
    currency is not what was claimed: the claim ends, and the sale takes what arrived.
    """
    cash = account_for(receipt.rail, order)
    invoice = Invoice.objects.filter(order=order).select_related("claim").first()
    if invoice is None or invoice.claim is None:
        return cash
    if invoice.state != "open" or (receipt.booked_minor, receipt.booked_currency) != (
        order.total_minor,
        order.currency,
    ):
        end_claim(invoice)
        invoice.transition_to("paid")
        return cash
    legs = {cash: -order.total_minor, chart.receivable_code(order.licensee_id): order.total_minor}
    key = f"{invoice.claim.key}:paid"
    posting = post(key=key, event="invoice_paid", currency=order.currency, legs=legs, source=receipt.source)
    invoice.transition_to("paid", receipt=posting.entered)
    return chart.DEFERRED
