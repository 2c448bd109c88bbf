"""The weekly run: what is due to a payee is put on its way, once per payee, currency and run."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from collective.core import audit
from collective.core.jobs import enqueue
from payments.domain import chart
from payments.models import PayoutAccount, PayoutRun, TransferIntent
from payments.selectors.payouts import due_accounts, payees_to_pay, transferable_minor
from payments.services.ledger import lock_accounts, post

WEEK = 7 * 86_400
PARTS = ("held", "due", "in_transit")
AT_ONCE = 500


def run_payouts() -> int:
    """Job: everybody who can be paid. Died halfway and begun again, it goes on; returns how many transfers are new.

    Who cannot be paid now keeps what is due (payments reference, P18 and P19), for the next run.
    """
    run, _ = PayoutRun.objects.get_or_create(slot=int(timezone.now().timestamp()) // WEEK)
    payees = list(payees_to_pay().values_list("payee_id", flat=True))
    new = 0
    for first in range(0, len(payees), AT_ONCE):
        for owner, currency in due_accounts(payees[first : first + AT_ONCE]).values_list("owner_id", "currency"):
            if reserve_transfer(run=run, payee_id=owner, currency=currency) is not None:
                new += 1
    return new


@transaction.atomic
def reserve_transfer(*, run: PayoutRun, payee_id: UUID, currency: str) -> TransferIntent | None:
    """From due to in transit, with the job that asks the rail. None: nothing to send, or this run has sent it already.

    The account is looked at again under its lock, since the rail may just have told that it changed.
    """
    account = payees_to_pay().select_for_update(of=("self",), no_key=True).filter(payee=payee_id).first()
    if account is None:
        return None
    lock_accounts((chart.payee_code(payee_id, part) for part in PARTS), currency)
    if TransferIntent.objects.filter(run=run, payee=payee_id, currency=currency).exists():
        return None
    amount = transferable_minor(payee_id, currency)
    return _reserve(run, account, currency, amount) if amount else None


def _reserve(run: PayoutRun, account: PayoutAccount, currency: str, amount: int) -> TransferIntent:
    intent = TransferIntent.objects.create(
        run=run, payee=account.payee, account=account, currency=currency, amount_minor=amount
    )
    due, transit = (chart.payee_code(account.payee_id, part) for part in ("due", "in_transit"))
    key = f"transfer:{intent.pk}:reserve"
    post(key=key, event="transfer_reserve", currency=currency, legs={due: -amount, transit: amount})
    audit.record(actor=None, action="payments.transfer_reserved", obj=intent, amount_minor=amount, currency=currency)
    enqueue("payments.send_transfer", key=f"send-transfer:{intent.pk}", intent_id=intent.pk)
    return intent
