"""What a payee owes us after their share had left: asked back from earlier transfers, offset, and written off last.

The debt itself shrinks with the payee's next credits by `domain/booking.py`; here it shrinks by what comes back.
"""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from collective.accounts.models import User
from collective.core import audit
from collective.core.domain.money import Money
from collective.core.jobs import enqueue
from payments.domain import chart
from payments.errors import DebtError, RailRefusedError, ReasonMissingError, WriteOffReusedError
from payments.gateways.rails import rail_of
from payments.models import Approval, Journal, TransferIntent, TransferReversal
from payments.policies import check_is_finance, needs_second
from payments.selectors.payouts import asked_back_minor, debts, reversible_transfers
from payments.services.approving import ask_approval, on_decision
from payments.services.ledger import lock_accounts, post, posted
from payments.services.transferring import UNCLEAR_AFTER

# A payee whose balance was too low is asked again after this time.
ASK_AGAIN_AFTER = timedelta(days=7)


def recover_debts() -> int:
    """Job: ask earlier transfers back, up to each debt; returns how many are asked for now."""
    _ask_again()
    asked = [_ask_back(payee, currency) for payee, currency in list(debts().values_list("owner_id", "currency"))]
    return sum(asked)


@transaction.atomic
def _ask_back(payee_id: UUID, currency: str) -> int:
    owed = chart.payee_code(payee_id, "owed")
    debt = lock_accounts([owed], currency)[owed]
    left = -debt.balance - asked_back_minor(payee_id, currency)
    since = timezone.now() - ASK_AGAIN_AFTER
    asked = 0
    for transfer, most in reversible_transfers(payee_id, currency, refused_since=since):
        if left <= 0:
            break
        amount = min(left, most)
        _reserve(transfer, amount)
        left, asked = left - amount, asked + 1
    return asked


def _reserve(transfer: TransferIntent, amount: int) -> None:
    reversal = TransferReversal.objects.create(transfer=transfer, amount_minor=amount)
    audit.record(actor=None, action="payments.reversal_asked", obj=transfer, amount_minor=amount)
    enqueue("payments.send_reversal", key=f"send-reversal:{reversal.pk}", reversal_id=reversal.pk)


def _ask_again() -> None:
    """Those without an answer."""
    now = timezone.now()
    for reversal in TransferReversal.objects.filter(state="reserved", created_at__lt=now - UNCLEAR_AFTER):
        key = f"send-reversal:{reversal.pk}:{now:%Y%m%d}"
        enqueue("payments.send_reversal", key=key, reversal_id=reversal.pk)


def send_reversal(*, reversal_id: UUID) -> TransferReversal:
    """Job: ask the rail, and book what came back; where it refuses, the debt stays. Twice is once."""
    reversal = TransferReversal.objects.select_related("transfer__account").get(pk=reversal_id)
    if reversal.state != "reserved":
        return reversal
    payouts = rail_of(reversal.transfer.account.rail).payouts
    is_old = timezone.now() - reversal.created_at > UNCLEAR_AFTER
    reference = payouts.find_reversal(reversal) if is_old else None
    try:
        reference = reference or payouts.reverse(reversal)
    except RailRefusedError as refusal:
        return _refused(reversal, refusal.message)
    return _came_back(reversal, reference)


@transaction.atomic
def _refused(reversal: TransferReversal, said: str) -> TransferReversal:
    if TransferReversal.objects.filter(pk=reversal.pk, state="reserved").exists():
        reversal.transition_to("refused", refusal=said[:300])
        audit.record(actor=None, action="payments.reversal_refused", obj=reversal.transfer, said=said[:300])
    return reversal


@transaction.atomic
def _came_back(reversal: TransferReversal, reference: str) -> TransferReversal:
    """It repays the debt. What later earnings had repaid in the meantime is the payee's again."""
    reversal = TransferReversal.objects.select_for_update(of=("self",), no_key=True).get(pk=reversal.pk)
    if reversal.state != "reserved":
        return reversal
    transfer = TransferIntent.objects.select_related("account").get(pk=reversal.transfer_id)
    cash = rail_of(transfer.account.rail).balance_account
    owed, due = (chart.payee_code(transfer.payee_id, part) for part in ("owed", "due"))
    accounts = lock_accounts([owed, due, cash], transfer.currency)
    repaid = min(reversal.amount_minor, -accounts[owed].balance)
    legs = {cash: -reversal.amount_minor, owed: repaid, due: reversal.amount_minor - repaid}
    key = f"reversal:{reference}"
    post(key=key, event="transfer_reversal", currency=transfer.currency, legs=legs, source=reference)
    reversal.transition_to("done", reference=reference)
    _close_if_whole(transfer)
    audit.record(actor=None, action="payments.reversal_done", obj=transfer, reference=reference)
    return reversal


def _close_if_whole(transfer: TransferIntent) -> None:
    back = sum(transfer.reversals.filter(state="done").values_list("amount_minor", flat=True))
    if back == transfer.amount_minor:
        transfer.transition_to("reversed")


@transaction.atomic
def write_off_debt(
    *, actor: User, payee_id: UUID, currency: str, amount_minor: int, reason: str, reference: str
) -> Journal | Approval:
    """The marketplace bears it, at last. `reference` is the business key: again with the same amount is the same.

    Above the limit it waits for another operator, and the debt may shrink meanwhile: then it cannot be approved.
    Raises NotFinanceError, ReasonMissingError, DebtError, WriteOffReusedError.
    """
    check_is_finance(actor)
    if not reason.strip():
        raise ReasonMissingError(fields={"reason": [ReasonMissingError.text]})
    owed, key = chart.payee_code(payee_id, "owed"), f"write-off:{reference}"
    debt = lock_accounts([owed, chart.LOSS], currency)[owed]
    legs = {owed: amount_minor, chart.LOSS: -amount_minor}
    if earlier := posted(key):
        return _same(earlier, reference, currency, legs)
    if not 0 < amount_minor <= -debt.balance:
        raise DebtError(owed=str(Money(-debt.balance, currency)))
    amount, plan = Money(amount_minor, currency), {"legs": legs}
    if not needs_second(amount):
        return _write_off(key, currency, legs, {"actor": str(actor.pk), "reason": reason.strip()}, actor)
    asked = ask_approval(actor=actor, kind="write_off", subject=key, amount=amount, reason=reason.strip(), plan=plan)
    if (asked.plan, asked.currency) != (plan, currency):
        raise WriteOffReusedError(reference=reference)
    return asked


def _approved(approval: Approval) -> None:
    meta = {"actor": str(approval.asked_by_id), "second": str(approval.decided_by_id), "reason": approval.reason}
    _write_off(approval.subject, approval.currency, approval.plan["legs"], meta, approval.decided_by)


def _write_off(key: str, currency: str, legs: dict[str, int], meta: dict[str, str], actor: User | None) -> Journal:
    journal = post(key=key, event="write_off", currency=currency, legs=legs, meta=meta).entered
    amount = max(legs.values())
    audit.record(
        actor=actor, action="payments.debt_written_off", obj=journal, reason=meta["reason"], amount_minor=amount
    )
    return journal


def _same(journal: Journal, reference: str, currency: str, legs: dict[str, int]) -> Journal:
    moved = dict(journal.entries.values_list("account__code", "amount"))
    if (journal.currency, moved) != (currency, legs):
        raise WriteOffReusedError(reference=reference)
    return journal


on_decision("write_off", approved=_approved)
