"""A reserved transfer is sent to the rail and booked when it answers. A lost answer never becomes a second transfer."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from collective.core import audit
from collective.core.jobs import enqueue
from payments.domain import chart
from payments.errors import RailRefusedError
from payments.gateways.rails import rail_of
from payments.models import TransferIntent
from payments.selectors.payouts import has_to_wait
from payments.services.finance import open_task, settle_task
from payments.services.ledger import lock_accounts, post, posted
from payments.services.offsetting import repay_from_due

# From then on the rail is asked what became of it before it is told again. It forgets keys after a day.
UNCLEAR_AFTER = timedelta(hours=1)


def send_transfer(*, intent_id: UUID) -> TransferIntent:
    """Ask the rail, outside of any transaction, and book its answer. Twice is once.

    What was not made before its payee had to wait is made when they need not wait any more: until then it stays
    reserved. Raises RailDownError where nobody knows: it stays reserved, and the job comes again with the same key.
    """
    intent = TransferIntent.objects.select_related("account", "payee").get(pk=intent_id)
    if intent.state != "reserved":
        return intent
    payouts = rail_of(intent.account.rail).payouts
    is_old = timezone.now() - intent.created_at > UNCLEAR_AFTER
    reference = payouts.find_transfer(intent) if is_old else None
    if reference is None and has_to_wait(intent.account):
        return intent
    try:
        reference = reference or payouts.transfer(intent)
    except RailRefusedError as refusal:
        return _failed(intent, refusal.message)
    return _sent(intent, reference)


@transaction.atomic
def _sent(intent: TransferIntent, reference: str) -> TransferIntent:
    intent = TransferIntent.objects.select_for_update(no_key=True).select_related("account").get(pk=intent.pk)
    if intent.state != "reserved":
        return intent
    legs = {
        chart.payee_code(intent.payee_id, "in_transit"): -intent.amount_minor,
        rail_of(intent.account.rail).balance_account: intent.amount_minor,
    }
    post(key=f"transfer:{intent.pk}", event="transfer", currency=intent.currency, legs=legs, source=reference)
    intent.transition_to("sent", reference=reference, settled_at=timezone.now())
    settle_task(key=_task(intent), note=f"The transfer was made: {reference}.")
    audit.record(actor=None, action="payments.transfer_sent", obj=intent, reference=reference)
    return intent


@transaction.atomic
def _failed(intent: TransferIntent, said: str) -> TransferIntent:
    """The rail did not do it: the reservation is reversed, and it is due again (payments reference, P21).

    What the payee has come to owe meanwhile is repaid from it.
    """
    intent = TransferIntent.objects.select_for_update(no_key=True).get(pk=intent.pk)
    reserved = posted(f"transfer:{intent.pk}:reserve")
    if intent.state != "reserved" or reserved is None:
        return intent
    transit, due, owed = (chart.payee_code(intent.payee_id, part) for part in ("in_transit", "due", "owed"))
    lock_accounts([transit, due], intent.currency, if_open=[owed])
    legs, key = {transit: -intent.amount_minor, due: intent.amount_minor}, f"transfer:{intent.pk}:failed"
    post(key=key, event="transfer_failed", currency=intent.currency, legs=legs, reverses=reserved)
    repay_from_due(payee_id=intent.payee_id, currency=intent.currency, key=key)
    intent.transition_to("failed", refusal=said[:300], settled_at=timezone.now())
    settle_task(key=_task(intent), note="The payment service refused the transfer; it is due again.")
    audit.record(actor=None, action="payments.transfer_failed", obj=intent, said=said[:300])
    # What the rail thinks of the payee may have changed without our hearing of it.
    enqueue("payments.read_account", key=f"read-account:{intent.pk}", account_id=intent.account_id)
    return intent


def look_after_transfers() -> int:
    """Job: what has no answer for an hour gets a task for a person, and is asked about again. Returns how many."""
    now = timezone.now()
    waiting = TransferIntent.objects.filter(state="reserved", created_at__lt=now - UNCLEAR_AFTER)
    rows = list(waiting.select_related("payee").order_by("created_at", "id"))
    for intent in rows:
        facts = {"amount": str(intent.amount), "since": intent.created_at.isoformat()}
        with transaction.atomic():
            open_task(key=_task(intent), kind="transfer_unclear", payee=intent.payee, facts=facts)
            key = f"send-transfer:{intent.pk}:{now:%Y%m%d%H}"
            enqueue("payments.send_transfer", key=key, intent_id=intent.pk)
    return len(rows)


def _task(intent: TransferIntent) -> str:
    return f"transfer:{intent.pk}"
