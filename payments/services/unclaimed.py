"""What is due to payees who did not say how to be paid: reminders, then put aside. It never becomes anybody else's."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone

from collective.accounts.models import Organization
from collective.accounts.selectors import managers_of
from collective.core import audit
from collective.core.domain.money import Money
from collective.core.jobs import enqueue
from payments.domain import chart
from payments.domain.payouts import left_unclaimed
from payments.gateways.mail import send_unpaid_mail
from payments.models import Account, Journal, PayoutAccount
from payments.selectors.payouts import due_accounts, unclaimed_minor
from payments.services.ledger import lock_accounts, post
from payments.services.offsetting import repay_from_due

REMIND_EVERY = timedelta(days=90)


def put_aside_unclaimed() -> int:
    """Job: what was due longer than the law gives, of payees that nobody can pay; returns from how many accounts."""
    before = timezone.now() - timedelta(days=settings.UNCLAIMED_AFTER_DAYS)
    waiting = _without_account().filter(entries__journal__created_at__lte=before).distinct()
    return sum(_put_aside(account) for account in list(waiting))


@transaction.atomic
def _put_aside(found: Account) -> bool:
    now = timezone.now()
    since = now - timedelta(days=settings.UNCLAIMED_AFTER_DAYS)
    account = lock_accounts([found.code], found.currency)[found.code]
    # Whoever became known to the rail before this lock has been given back what there was; after it, they will be.
    if not _without_account().filter(pk=account.pk).exists():
        return False
    later = account.entries.filter(amount__gt=0, journal__created_at__gt=since)
    amount = left_unclaimed(account.balance, later.aggregate(sum=Sum("amount", default=0))["sum"])
    if amount == 0:
        return False
    key = f"unclaimed:{account.pk}:{now:%Y-%m-%d}"
    legs = {account.code: -amount, chart.UNCLAIMED: amount}
    journal = post(key=key, event="unclaimed", currency=account.currency, legs=legs).entered
    audit.record(actor=None, action="payments.unclaimed", obj=journal, amount_minor=amount, currency=account.currency)
    return True


@transaction.atomic
def give_back_unclaimed(*, payee_id: UUID) -> None:
    """Job: the payee has come, and all of it is due again, less what they owe."""
    due, owed = (chart.payee_code(payee_id, part) for part in ("due", "owed"))
    for currency in sorted(set(Account.objects.filter(code=due).values_list("currency", flat=True))):
        account = lock_accounts([due, chart.UNCLAIMED], currency, if_open=[owed])[due]
        amount = unclaimed_minor(payee_id, currency)
        if amount == 0:
            continue
        times = Journal.objects.filter(event="claimed", entries__account=account).count()
        legs, key = {due: amount, chart.UNCLAIMED: -amount}, f"claimed:{account.pk}:{times + 1}"
        journal = post(key=key, event="claimed", currency=currency, legs=legs).entered
        repay_from_due(payee_id=payee_id, currency=currency, key=key)
        audit.record(actor=None, action="payments.claimed", obj=journal, amount_minor=amount, currency=currency)


def remind_unpaid() -> None:
    """Job: once in ninety days a mail is owed to each owner and admin of a payee that is owed money and has no way."""
    slot = int(timezone.now().timestamp()) // int(REMIND_EVERY.total_seconds())
    payees = _without_account().order_by("owner").values_list("owner_id", flat=True).distinct()
    for payee in Organization.objects.filter(pk__in=payees).order_by("pk"):
        for manager in managers_of(payee):
            key = f"unpaid-mail:{payee.pk}:{manager.pk}:{slot}"
            enqueue("payments.mail_unpaid", key=key, payee_id=payee.pk, user_id=manager.pk)


def mail_unpaid(*, payee_id: UUID, user_id: UUID) -> None:
    """Job. Nothing is sent where it has been settled since."""
    sums = [Money(account.balance, account.currency) for account in _without_account().filter(owner=payee_id)]
    if sums:
        send_unpaid_mail(Organization.objects.get(pk=payee_id), sums, settings.UNCLAIMED_AFTER_DAYS, user_id)


def _without_account() -> "QuerySet[Account]":
    active = PayoutAccount.objects.filter(state="active")
    return due_accounts().exclude(owner__in=active.values("payee"))
