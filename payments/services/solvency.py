"""Whether the rail holds what payees are to be paid from it."""

from django.db.models import Q, Sum
from django.utils import timezone

from collective.core.domain.money import amount_text
from payments.gateways.facts import Funds
from payments.gateways.rails import rail
from payments.models import Account, FinanceTask
from payments.services.finance import open_task


def watch_funds() -> list[str]:
    """Job: the currencies in which less is available on the rail than is due and in transit, with a task for each.

    Less than nothing is too little also where nobody is owed anything. While a task is open for a currency, there is
    no second.
    """
    funds, needed = rail().reporting.funds(), _needed()
    short = [each for each in sorted({*funds, *needed}) if _available(funds, each) < needed.get(each, 0)]
    for currency in short:
        _tell(currency, _available(funds, currency), needed.get(currency, 0))
    return short


def _needed() -> dict[str, int]:
    payable = Q(code__startswith="c:") & (Q(code__endswith=":due") | Q(code__endswith=":in_transit"))
    rows = Account.objects.filter(payable, balance__gt=0).values_list("currency").annotate(Sum("balance"))
    return dict(rows)


def _available(funds: dict[str, Funds], currency: str) -> int:
    return funds[currency].available_minor if currency in funds else 0


def _tell(currency: str, available: int, needed: int) -> None:
    begins = f"low-balance:{rail().name}:{currency}:"
    if not FinanceTask.objects.filter(key__startswith=begins, closed_at=None).exists():
        facts = {"available": amount_text(available, currency), "needed": amount_text(needed, currency)}
        open_task(key=f"{begins}{timezone.now():%Y-%m-%d}", kind="low_balance", facts=facts)
