"""What a steward's datasets sold. Who bought as a private person is never named."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, QuerySet, Sum

from collective.accounts.models import User
from collective.catalog.models import Dataset, DatasetVersion
from collective.catalog.selectors import stewarded_datasets
from collective.core.domain.money import Money
from payments.domain import chart
from payments.models import Account, Entry, Order, SalePeriod, SettlementLine

SETTLED = ("paid", "partly_refunded", "refunded")


@dataclass
class VersionSales:
    """Of one version in one currency, in minor units. `pool` has by event what came in for sharing, or went out again.

    The pool's parts are as the ledger has them: what was taken in, less what was shared, is `waiting`.
    """

    version: DatasetVersion
    currency: str
    sold: int = 0
    paid_minor: int = 0
    pool: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    steward_minor: int = 0
    contributors_minor: int = 0

    @property
    def sales_minor(self) -> int:
        return self.pool.get("sale", 0)

    @property
    def refunds_minor(self) -> int:
        return sum(minor for event, minor in self.pool.items() if event.startswith("refund"))

    @property
    def disputes_minor(self) -> int:
        return sum(minor for event, minor in self.pool.items() if event.startswith("dispute"))

    @property
    def other_minor(self) -> int:
        return sum(self.pool.values()) - self.sales_minor - self.refunds_minor - self.disputes_minor

    @property
    def waiting_minor(self) -> int:
        return sum(self.pool.values()) - self.steward_minor - self.contributors_minor

    def money(self, name: str) -> Money:
        return Money(getattr(self, f"{name}_minor"), self.currency)


Key = tuple[UUID, str]


def sales_of(datasets: Collection[Dataset]) -> list[VersionSales]:
    """By dataset, newest version first; only what was sold."""
    versions = DatasetVersion.objects.filter(dataset__in=datasets).select_related("dataset__organization")
    known = versions.in_bulk()
    found: dict[Key, VersionSales] = {}

    def row(version: UUID, currency: str) -> VersionSales:
        return found.setdefault((version, currency), VersionSales(known[version], currency))

    orders = Order.objects.filter(version__dataset__in=datasets, state__in=SETTLED)
    totals = orders.values_list("version", "currency").annotate(Count("id"), Sum("total_minor"))
    for version, currency, count, total in totals:
        sales = row(version, currency)
        sales.sold, sales.paid_minor = count, total
    for version, currency, event, minor in _pool_movements(known):
        row(version, currency).pool[event] += minor
    for version, currency, is_steward, minor in _shared(datasets):
        sales = row(version, currency)
        if is_steward:
            sales.steward_minor += minor
        else:
            sales.contributors_minor += minor
    return sorted(found.values(), key=lambda each: (each.version.dataset.title, _newest_first(each), each.currency))


def _newest_first(sales: VersionSales) -> tuple[int, int, int]:
    version = sales.version
    return -version.major, -version.minor, -version.patch


def _pool_movements(versions: Collection[UUID]) -> list[tuple[UUID, str, str, int]]:
    """Whatever moved the pools but their division: version, currency, event, minor units."""
    codes = {chart.pool_code(version): version for version in versions}
    pools = {pk: codes[code] for pk, code in Account.objects.filter(code__in=codes).values_list("pk", "code")}
    pools |= dict(SalePeriod.objects.filter(order__version__in=versions).values_list("pool", "order__version"))
    entries = Entry.objects.filter(account__in=pools).exclude(journal__event="settlement")
    rows = entries.values_list("account", "account__currency", "journal__event").annotate(Sum("amount"))
    return [(pools[account], currency, event, sum_) for account, currency, event, sum_ in rows]


def _shared(datasets: Collection[Dataset]) -> list[tuple[UUID, str, bool, int]]:
    """Version, currency, whether it is the steward's, minor units."""
    stewards = {dataset.pk: dataset.organization_id for dataset in datasets}
    lines = SettlementLine.objects.filter(settlement__version__dataset__in=datasets)
    names = ("settlement__version", "settlement__version__dataset", "settlement__currency", "payee")
    rows = lines.values_list(*names).annotate(Sum("amount_minor"))
    return [(version, currency, stewards[dataset] == payee, sum_) for version, dataset, currency, payee, sum_ in rows]


def sold_datasets(user: User) -> list[Dataset]:
    """Those that this person stewards, by title."""
    return list(stewarded_datasets(user).order_by("title", "pk"))


def sales_listed(dataset: Dataset) -> "QuerySet[Order]":
    """One by one, newest first. Precondition: the asker stewards it."""
    orders = Order.objects.filter(version__dataset=dataset, state__in=(*SETTLED, "free"))
    return orders.select_related("version", "licensee").order_by("-settled_at", "-pk")


def public_licensee(order: Order) -> str:
    """Empty for a private person."""
    return "" if order.licensee.personal_of_id else order.licensee_name


@dataclass(frozen=True)
class SplitRow:
    """A payee of a version: their weight of all, and what they got until now, per currency."""

    name: str
    weight: int
    total_weight: int
    earned: list[Money]


def split_of(version: DatasetVersion, limit: int) -> tuple[list[SplitRow], int]:
    """The largest weights first, at most `limit`; and how many there are."""
    rows = version.split.select_related("payee").order_by("-weight", "payee")
    total = version.split.aggregate(sum=Sum("weight", default=0))["sum"]
    shown = list(rows[:limit])
    earned: dict[UUID, list[Money]] = defaultdict(list)
    lines = SettlementLine.objects.filter(settlement__version=version, payee__in=[each.payee_id for each in shown])
    sums = lines.values_list("payee", "settlement__currency").annotate(Sum("amount_minor")).order_by()
    for payee, currency, sum_ in sorted(sums, key=str):
        earned[payee].append(Money(sum_, currency))
    return [SplitRow(each.payee.name, each.weight, total, earned[each.payee_id]) for each in shown], rows.count()
