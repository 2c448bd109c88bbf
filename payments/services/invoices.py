"""An order on invoice: written, claimed, and followed until it is paid or nobody owes it any more."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from collective.core import audit
from collective.core.jobs import enqueue
from payments.errors import RailRefusedError
from payments.gateways.facts import Billed
from payments.gateways.rails import rail, rail_of
from payments.models import Invoice, Order
from payments.services.claims import end_claim, open_claim
from payments.services.finance import open_task
from payments.services.letting_go import let_go
from payments.services.paying import accept_payment, take_tax
from payments.services.subscriptions import follow_subscription

# Whether or not the rail tells us, it is asked this often.
LOOK_AFTER = timedelta(days=1)
# What an order becomes whose invoice is over, and was not paid.
ENDS_AS = {"void": "cancelled", "uncollectible": "expired", "paid": "expired"}
WAITING = ("open", "uncollectible")


def reserve_invoice(order: Order, po_number: str) -> Invoice:
    """In the transaction that places the order; the rail is asked after it."""
    invoice = Invoice.objects.create(
        order=order, rail=rail().name, po_number=po_number.strip(), days=settings.INVOICE_DAYS
    )
    enqueue("payments.issue_invoice", key=f"issue-invoice:{invoice.pk}", invoice_id=invoice.pk)
    return invoice


def issue_invoice(*, invoice_id: UUID) -> Invoice:
    """Job: have it written and sent. Twice is once; an order that is over by now gets none."""
    invoice = Invoice.objects.select_related("order__buyer").get(pk=invoice_id)
    if invoice.state != "reserved":
        return invoice
    if invoice.order.state != "awaiting_payment":
        return _move(invoice, "void")
    try:
        billed = rail_of(invoice.rail).billing.send_invoice(invoice)
    except RailRefusedError as refusal:
        return _refused(invoice, refusal.message)
    return record_billed(billed)


def follow_invoice(rail_name: str, reference: str) -> None:
    """Read the rail's invoice again and do what follows, where it is one of ours."""
    billed = rail_of(rail_name).billing.billed(reference)
    follow_billed(rail_name, billed)


def follow_billed(rail_name: str, billed: Billed) -> None:
    if billed.subscription:
        follow_subscription(rail_name, billed.subscription)
    elif billed.invoice_id:
        record_billed(billed)


def look_after_invoice(*, invoice_id: UUID) -> None:
    """Job: ask the rail itself until it is over. Messages from the rail are only the faster way."""
    invoice = Invoice.objects.get(pk=invoice_id)
    if invoice.state in WAITING:
        # Owed before the rail is asked: one that does not answer for hours is asked again tomorrow.
        _look_again(invoice)
        follow_invoice(invoice.rail, invoice.reference)


def end_invoice(*, invoice_id: UUID) -> None:
    """Job: the order is over, so nobody should pay for it any more. Where somebody just has, that is followed."""
    invoice = Invoice.objects.get(pk=invoice_id)
    if invoice.state == "reserved":
        invoice = _move(invoice, "void")
    if invoice.reference and invoice.state in WAITING:
        record_billed(rail_of(invoice.rail).billing.void_invoice(invoice.reference))


def record_billed(billed: Billed) -> Invoice:
    """Bring our row to where the rail's is, through every step that was missed. Twice is once."""
    invoice = _issued(billed)
    if invoice.state in ("void", "refused") and billed.state == "open":
        rail_of(invoice.rail).billing.void_invoice(billed.reference)
    for receipt in billed.receipts:
        accept_payment(receipt=receipt)
    return _concluded(invoice.pk, billed)


@transaction.atomic
def _issued(billed: Billed) -> Invoice:
    """The claim is booked when the invoice is final, with the tax that the rail worked out; none if nobody wants it."""
    invoice = Invoice.objects.get(pk=billed.invoice_id)
    order = Order.objects.select_for_update(no_key=True).get(pk=invoice.order_id)
    invoice.refresh_from_db()
    if invoice.state != "reserved" or billed.state == "draft":
        return invoice
    if order.state == "cancelled":
        return invoice.transition_to("void", reference=billed.reference, number=billed.number, url=billed.url)
    take_tax(order, billed.tax_minor)
    invoice.order = order
    now = timezone.now()
    invoice.transition_to(
        "open",
        reference=billed.reference,
        number=billed.number,
        url=billed.url,
        issued_at=now,
        due_at=billed.due_at or now + timedelta(days=invoice.days),
        claim=open_claim(invoice, billed.reference),
    )
    audit.record(actor=None, action="payments.invoice_issued", obj=invoice, number=billed.number)
    _look_again(invoice)
    if order.state != "awaiting_payment":
        enqueue("payments.end_invoice", key=f"end-invoice:{invoice.pk}:late", invoice_id=invoice.pk)
    return invoice


@transaction.atomic
def _concluded(invoice_id: UUID, billed: Billed) -> Invoice:
    """What the rail says is over, is over; what was paid and could not be taken goes back, and is owed no more.

    What was paid elsewhere waits for a person as long as its order does.
    """
    row = Invoice.objects.get(pk=invoice_id)
    order = Order.objects.select_for_update(no_key=True).get(pk=row.order_id)
    invoice = Invoice.objects.select_related("claim").get(pk=invoice_id)
    # A copy of it, which somebody made on the rail's own pages, says nothing about it.
    if invoice.state not in WAITING or invoice.reference != billed.reference:
        return invoice
    if billed.state not in ENDS_AS or invoice.state == billed.state:
        return invoice
    if billed.state == "paid" and not billed.receipts:
        open_task(key=f"invoice:{invoice.pk}:outside", kind="invoice", order=order, facts={"number": invoice.number})
        if order.state == "awaiting_payment":
            return invoice
    end_claim(invoice)
    invoice.transition_to("returned" if billed.state == "paid" else billed.state)
    if order.state == "awaiting_payment":
        order.transition_to(ENDS_AS[billed.state])
        let_go([order.pk])
    audit.record(actor=None, action=f"payments.invoice_{invoice.state}", obj=invoice, number=invoice.number)
    return invoice


@transaction.atomic
def _refused(invoice: Invoice, said: str) -> Invoice:
    """Without an invoice the order cannot be paid, so that it ends; the buyer reads why, and finance sees it."""
    order = Order.objects.select_for_update(no_key=True).get(pk=invoice.order_id)
    invoice.transition_to("refused", refusal=said[:300])
    if order.state == "awaiting_payment":
        order.transition_to("cancelled")
        let_go([order.pk])
    open_task(key=f"invoice:{invoice.pk}:refused", kind="invoice", order=order, facts={"said": said})
    return invoice


def _look_again(invoice: Invoice) -> None:
    later = timezone.now() + LOOK_AFTER
    key = f"invoice:{invoice.pk}:{later:%Y-%m-%d}"
    enqueue("payments.look_after_invoice", key=key, due_at=later, invoice_id=invoice.pk)


def _move(invoice: Invoice, state: str) -> Invoice:
    """Nothing to do where somebody else was faster."""
    if invoice.state_table.allows(invoice.state, state):
        Invoice.objects.filter(pk=invoice.pk, state=invoice.state).update(state=state)
    invoice.refresh_from_db()
    return invoice
