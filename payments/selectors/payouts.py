"""Who can be paid now, what keeps it from them, and what was sent."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q, QuerySet, Sum
from django.utils import timezone

from collective.accounts.models import Organization
from collective.accounts.selectors import Person, administered_by
from payments.domain import chart
from payments.domain.payouts import transferable
from payments.errors import PayeeUnknownError
from payments.models import Account, Entry, PayoutAccount, TransferIntent, TransferReversal
from payments.selectors.disputes import disputed_shares
from payments.selectors.stops import stopped_by_name, stopped_by_order, stopped_payees


def payee_for(user: Person, payee_id: UUID) -> Organization:
    """One that the user owns or administers. Raises PayeeUnknownError."""
    payee = administered_by(user).filter(pk=payee_id).first()
    if payee is None:
        raise PayeeUnknownError
    return payee


def payout_accounts_visible_to(user: Person) -> "QuerySet[PayoutAccount]":
    return PayoutAccount.objects.filter(payee__in=administered_by(user).order_by()).select_related("payee")


def payout_account_for(user: Person, account_id: UUID) -> PayoutAccount:
    """Raises PayeeUnknownError."""
    account = payout_accounts_visible_to(user).filter(pk=account_id).first()
    if account is None:
        raise PayeeUnknownError
    return account


def transfers_visible_to(user: Person) -> "QuerySet[TransferIntent]":
    """Newest first."""
    mine = TransferIntent.objects.filter(payee__in=administered_by(user).order_by())
    return mine.select_related("payee").prefetch_related("reversals").order_by("-created_at", "-id")


def held_until(account: PayoutAccount) -> datetime | None:
    """When transfers go on after the payee's money was sent to another place; None: they wait for nothing."""
    if account.destination_changed_at is None:
        return None
    end = account.destination_changed_at + timedelta(days=settings.PAYOUT_CHANGE_HOLD_DAYS)
    return end if end > timezone.now() else None


def has_to_wait(account: PayoutAccount) -> bool:
    """Their money was sent to a new place, or an open task stops them."""
    return held_until(account) is not None or bool(stopped_payees([account.payee_id]))


def payees_to_pay() -> "QuerySet[PayoutAccount]":
    """Known to the rail, not paid to a new place, and with no open task that stops them."""
    since = timezone.now() - timedelta(days=settings.PAYOUT_CHANGE_HOLD_DAYS)
    settled = Q(destination_changed_at=None) | Q(destination_changed_at__lte=since)
    active = PayoutAccount.objects.filter(settled, state="active")
    free = active.exclude(payee__in=stopped_by_name().values("payee"))
    free = free.exclude(payee__in=stopped_by_order().values("payee"))
    return free.select_related("payee").order_by("pk")


def transferable_minor(payee_id: UUID, currency: str) -> int:
    """Precondition: the payee's accounts are locked, or it is for information."""
    codes = {chart.payee_code(payee_id, part): part for part in ("held", "due")}
    rows = Account.objects.filter(code__in=codes, currency=currency).values_list("code", "balance")
    balances = {"held": 0, "due": 0} | {codes[code]: balance for code, balance in rows}
    disputed = disputed_shares([payee_id], currency)[payee_id]
    return transferable(currency, due=balances["due"], held=balances["held"], disputed=disputed)


def due_accounts(payees: Iterable[UUID] | None = None) -> "QuerySet[Account]":
    """With something payable on them, of these payees or of all, by payee and currency."""
    found = Account.objects.filter(code__startswith="c:", code__endswith=":due", balance__gt=0)
    found = found if payees is None else found.filter(owner__in=list(payees))
    return found.order_by("owner", "currency")


def debts() -> "QuerySet[Account]":
    """Accounts of what payees owe us."""
    return Account.objects.filter(code__startswith="c:", code__endswith=":owed", balance__lt=0).order_by("pk")


def asked_back_minor(payee_id: UUID, currency: str) -> int:
    """Of earlier transfers, and without an answer yet."""
    waiting = TransferReversal.objects.filter(transfer__payee=payee_id, transfer__currency=currency, state="reserved")
    found: int = waiting.aggregate(sum=Sum("amount_minor", default=0))["sum"]
    return found


def reversible_transfers(payee_id: UUID, currency: str, *, refused_since: datetime) -> list[tuple[TransferIntent, int]]:
    """What arrived and did not come back whole, with what is left of it; the newest first.

    Not what is being asked back now, or was refused since then.
    """
    sent = TransferIntent.objects.filter(payee=payee_id, currency=currency, state="sent")
    asked = TransferReversal.objects.filter(
        Q(state="reserved") | Q(state="refused", created_at__gt=refused_since), transfer__payee=payee_id
    )
    gone = Sum("reversals__amount_minor", filter=Q(reversals__state="done"), default=0)
    rows = sent.exclude(pk__in=asked.values("transfer")).annotate(left=F("amount_minor") - gone).filter(left__gt=0)
    return [(row, row.left) for row in rows.order_by("-created_at", "-id")]


def unclaimed_minor(payee_id: UUID, currency: str) -> int:
    """What was put aside for a payee who did not say how to be paid, and is theirs still."""
    code = chart.payee_code(payee_id, "due")
    moved = Entry.objects.filter(
        account__code=code, account__currency=currency, journal__event__in=["unclaimed", "claimed"]
    )
    return -int(moved.aggregate(sum=Sum("amount", default=0))["sum"])
