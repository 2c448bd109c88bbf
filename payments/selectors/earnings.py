"""What payees have earned. Only owners and admins of a payee see its money."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Min, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from collective.accounts.models import Organization
from collective.accounts.selectors import Person, administered_by
from collective.core.domain.money import Money
from payments.domain.movements import PARTS
from payments.models import Account, Order, SettlementLine
from payments.selectors.movements import paid_to


@dataclass(frozen=True)
class Purse:
    """One payee's money in one currency, in minor units. `paid_minor` has left, less what came back.

    `other_minor` is what neither was earned nor paid, such as a debt that was written off: held, payable, on the way
    and paid, less what is owed, are what was earned and this.
    """

    payee: Organization
    currency: str
    earned_minor: int
    held_minor: int
    payable_minor: int
    in_transit_minor: int
    paid_minor: int
    owed_minor: int
    next_release_at: datetime | None

    @property
    def other_minor(self) -> int:
        here = self.held_minor + self.payable_minor + self.in_transit_minor - self.owed_minor
        return here + self.paid_minor - self.earned_minor

    @property
    def earned(self) -> Money:
        return Money(self.earned_minor, self.currency)

    @property
    def held(self) -> Money:
        return Money(self.held_minor, self.currency)

    @property
    def payable(self) -> Money:
        return Money(self.payable_minor, self.currency)

    @property
    def in_transit(self) -> Money:
        return Money(self.in_transit_minor, self.currency)

    @property
    def other(self) -> Money:
        return Money(self.other_minor, self.currency)

    @property
    def owed(self) -> Money:
        return Money(self.owed_minor, self.currency)

    @property
    def paid(self) -> Money:
        return Money(self.paid_minor, self.currency)


def purses_of(user: Person) -> list[Purse]:
    """By payee and currency, with when held money becomes payable next."""
    payees = {payee.pk: payee for payee in administered_by(user)}
    accounts = Account.objects.filter(owner__in=payees).values_list("owner_id", "currency", "code", "balance")
    balances: dict[tuple[UUID, str], dict[str, int]] = defaultdict(lambda: dict.fromkeys(PARTS, 0))
    for owner, currency, code, balance in accounts:
        if owner is not None:
            balances[owner, currency][code.rpartition(":")[2]] = balance
    earned, paid, releases = _earned(payees), paid_to(payees), _next_releases(payees)
    found = [
        Purse(
            payee=payees[payee],
            currency=currency,
            earned_minor=earned.get((payee, currency), 0),
            held_minor=parts["held"],
            payable_minor=parts["due"],
            in_transit_minor=parts["in_transit"],
            paid_minor=paid.get((payee, currency), 0),
            owed_minor=-parts["owed"],
            next_release_at=releases.get((payee, currency)) if parts["held"] else None,
        )
        for (payee, currency), parts in balances.items()
    ]
    return sorted(found, key=lambda purse: (purse.payee.name, purse.currency))


def _earned(payees: Iterable[UUID]) -> dict[tuple[UUID, str], int]:
    lines = SettlementLine.objects.filter(payee__in=payees).values_list("payee_id", "settlement__currency")
    return {(payee, currency): sum_ for payee, currency, sum_ in lines.annotate(Sum("amount_minor"))}


def _next_releases(payees: Iterable[UUID]) -> dict[tuple[UUID, str], datetime]:
    waiting = SettlementLine.objects.filter(payee__in=payees, settlement__released_at=None, amount_minor__gt=0)
    rows = waiting.values_list("payee_id", "settlement__currency").annotate(Min("settlement__release_at"))
    return {(payee, currency): at for payee, currency, at in rows}


def earned_by_month(user: Person, currency: str) -> list[tuple[datetime, int]]:
    """Months in which something moved, oldest first, in minor units."""
    lines = _in_currency(user, currency).annotate(month=TruncMonth("settlement__created_at"))
    return list(lines.values_list("month").annotate(sum=Sum("amount_minor")).order_by("month"))


def earned_by_dataset(user: Person, currency: str) -> list[tuple[str, int]]:
    """The most first, in minor units."""
    titles = _in_currency(user, currency).values_list("settlement__version__dataset__title")
    return list(titles.annotate(sum=Sum("amount_minor")).order_by("-sum", "settlement__version__dataset__title"))


def _in_currency(user: Person, currency: str) -> "QuerySet[SettlementLine]":
    return SettlementLine.objects.filter(payee__in=administered_by(user).order_by(), settlement__currency=currency)


def sales_of_dataset(dataset_id: UUID) -> list[tuple[str, int, int]]:
    """Per currency: how many sales still stand, and what they brought to the pool, in minor units."""
    orders = Order.objects.filter(version__dataset_id=dataset_id, state__in=["paid", "partly_refunded"])
    rows = []
    for currency in sorted(set(orders.values_list("currency", flat=True))):
        mine = orders.filter(currency=currency)
        sold = mine.aggregate(sum=Sum("pool_minor", default=0))["sum"]
        from_pool = Q(refunds__borne_by="pool", refunds__failure=None)
        back = mine.aggregate(sum=Sum("refunds__pool_minor", filter=from_pool, default=0))["sum"]
        rows.append((currency, mine.count(), sold - back))
    return rows


def paid_to_people() -> list[Money]:
    """What all payees together have earned, per currency, for the home page."""
    lines = SettlementLine.objects.values_list("settlement__currency").annotate(sum=Sum("amount_minor"))
    return [Money(sum_, currency) for currency, sum_ in lines.order_by("-sum") if sum_ > 0]
