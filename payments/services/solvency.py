"""Whether the rail holds what payees are to be paid from it."""

from django.db.models import Q, Sum
from django.utils import timezone

from collective.core.domain.money import Money
from payments.gateways.facts import Funds
from payments.gateways.rails import rail
from payments.models import Account, FinanceTask
from payments.services.finance import open_task


def watch_funds() -> list[str]:
    """Job: the currencies in which less is available on the rail than is due and in transit, with a task for each.

    While one is open for a currency, there is no second.
    """
    funds = rail().reporting.funds()
    short = {
        currency: (Money(_available(funds, currency), currency), Money(needed, currency))
        for currency, needed in _needed().items()
        if _available(funds, currency) < needed
    }
    for currency, (available, needed) in sorted(short.items()):
        _tell(currency, available, needed)
    return sorted(short)


def _needed() -> dict[str, int]:
    payable = Q(code__startswith="c:") & (Q(code__endswith=":due") | Q(code__endswith=":in_transit"))
    rows = Account.objects.filter(payable, balance__gt=0).values_list("currency").annotate(Sum("balance"))
    return dict(rows)


def _available(funds: dict[str, Funds], currency: str) -> int:
    return funds[currency].available_minor if currency in funds else 0


def _tell(currency: str, available: Money, needed: Money) -> None:
    begins = f"low-balance:{rail().name}:{currency}:"
    if not FinanceTask.objects.filter(key__startswith=begins, closed_at=None).exists():
        facts = {"available": str(available), "needed": str(needed)}
        open_task(key=f"{begins}{timezone.now():%Y-%m-%d}", kind="low_balance", facts=facts)
