"""A buyer's bank takes a payment back: in suspense at once, and the shares change only when it is lost."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from collective.catalog.models import SplitShare
from collective.core import audit
from collective.core.domain.money import currency_of
from collective.core.jobs import enqueue
from licensing.selectors import grant_of_order
from licensing.services import hold_grant, lift_hold
from payments.domain import chart
from payments.domain.conversion import booked_after
from payments.gateways.facts import Disputed
from payments.gateways.rails import rail_of
from payments.models import Dispute, Order, Payment, Refund
from payments.selectors.returned import not_returned_minor, parts_back
from payments.services.allotting import PAYEES_PER_CHUNK
from payments.services.finance import open_task
from payments.services.ledger import post
from payments.services.releasing import release_to
from payments.services.returning import book_return

REASON = "The buyer's bank disputes the payment."
LOST = "The buyer's bank decided the dispute for the buyer."
OVER = ("won", "lost")


@transaction.atomic
def follow_dispute(*, payment: Payment, told: Disputed) -> Dispute:
    """Bring our row to where the rail's is, through every step that was missed. Twice is once."""
    order = Order.objects.select_for_update(no_key=True).get(pk=payment.order_id)
    dispute, _ = Dispute.objects.get_or_create(
        rail=payment.rail,
        reference=told.reference,
        defaults={"order": order, "amount_minor": told.amount_minor},
    )
    if dispute.state in ("inquiry", "closed") and told.state in ("open", *OVER):
        _open(dispute, payment, told)
    if dispute.state == "open" and told.state in OVER:
        _decide(dispute, payment, told)
    if dispute.state == "inquiry" and told.state == "closed":
        dispute.transition_to("closed", closed_at=timezone.now())
    return dispute


def _open(dispute: Dispute, payment: Payment, told: Disputed) -> None:
    parts = parts_back(payment, min(told.amount_minor, not_returned_minor(payment)))
    booked = _booked(payment, told, sum(parts.values()))
    dispute.transition_to(
        "open",
        amount_minor=told.amount_minor,
        booked_minor=booked,
        fee_minor=told.fee_minor,
        pool_minor=parts["pool"],
        closed_at=None,
    )
    _post(dispute, payment, "opened", {chart.SUSPENSE: -booked}, booked)
    _post(dispute, payment, "fee", {chart.DISPUTE_FEES: -told.fee_minor}, told.fee_minor)
    grant = grant_of_order(dispute.order_id)
    if grant is not None:
        hold_grant(grant_id=grant.pk, cause=_cause(dispute), reason=REASON)
    audit.record(actor=None, action="payments.dispute_opened", obj=dispute.order, reference=dispute.reference)
    open_task(key=_cause(dispute), kind="dispute", order=dispute.order, facts={"amount": str(dispute.amount)})


def _booked(payment: Payment, told: Disputed, left: int) -> int:
    """What it took from the balance; banks also take what the buyer had back already."""
    if told.settled_minor is not None:
        return told.settled_minor
    if told.amount_minor <= not_returned_minor(payment):
        return left
    step = currency_of(payment.booked_currency).charge_step
    return booked_after(payment.amount_minor, payment.booked_minor, told.amount_minor, step)


def _decide(dispute: Dispute, payment: Payment, told: Disputed) -> None:
    dispute.transition_to(told.state, closed_at=timezone.now())
    given_back = dispute.fee_minor - told.fee_minor
    _post(dispute, payment, "fee-back", {chart.DISPUTE_FEES: given_back}, -given_back)
    if told.state == "lost":
        _lose(dispute, payment)
    else:
        _post(dispute, payment, "won", {chart.SUSPENSE: dispute.booked_minor}, -dispute.booked_minor)
    grant = grant_of_order(dispute.order_id)
    if grant is not None:
        lift_hold(grant_id=grant.pk, cause=_cause(dispute), reason=f"The dispute is {told.state}.")
    enqueue("payments.release_after_dispute", key=f"release:{_cause(dispute)}", dispute_id=dispute.pk)
    audit.record(actor=None, action=f"payments.dispute_{told.state}", obj=dispute.order, reference=dispute.reference)


def release_after_dispute(*, dispute_id: UUID) -> None:
    """Job: what the dispute kept held although its time was over becomes payable."""
    dispute = Dispute.objects.select_related("order__payment").get(pk=dispute_id)
    shares = SplitShare.objects.filter(version=dispute.order.version_id)
    payees = list(shares.order_by("payee_id").values_list("payee_id", flat=True))
    currency, now = dispute.order.payment.booked_currency, timezone.now()
    for first in range(0, len(payees), PAYEES_PER_CHUNK):
        some = payees[first : first + PAYEES_PER_CHUNK]
        release_to(some, currency, now, key=f"release:{_cause(dispute)}:{first}")


def _lose(dispute: Dispute, payment: Payment) -> None:
    """To the sale it is a refund, which the bank has paid from what is in suspense.

    What the buyer had back already and the bank took a second time is nobody's share: it is our loss.
    """
    amount = min(dispute.amount_minor, not_returned_minor(payment))
    cash = dispute.booked_minor * amount // dispute.amount_minor
    twice = dispute.booked_minor - cash
    _post(dispute, payment, "twice", {chart.SUSPENSE: twice, chart.LOSS: -twice}, 0)
    if not amount:
        return
    refund = Refund(
        order=dispute.order,
        kind="dispute",
        reference=dispute.reference,
        amount_minor=amount,
        reason=LOST,
    )
    book_return(payment=payment, refund=refund, cash_account=chart.SUSPENSE, cash_minor=cash)


def _post(dispute: Dispute, payment: Payment, step: str, legs: dict[str, int], cash: int) -> None:
    key = f"dispute:{dispute.reference}:{step}"
    legs = {**legs, rail_of(payment.rail).balance_account: cash}
    post(key=key, event=f"dispute_{step}", currency=payment.booked_currency, legs=legs, source=dispute.reference)


def _cause(dispute: Dispute) -> str:
    return f"dispute:{dispute.reference}"
