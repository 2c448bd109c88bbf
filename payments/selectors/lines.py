"""How each amount that a payee earned came about."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from collective.accounts.selectors import Person, administered_by
from collective.core.domain.money import Money
from payments.domain.percent import percent
from payments.models import Entry, Journal, Order, Settlement, SettlementLine


@dataclass(frozen=True)
class SoldItem:
    """A sale, a refund or whatever else moved the pool. A private person who bought stays unnamed."""

    kind: str
    at: datetime
    amount_minor: int
    currency: str
    license_name: str
    licensee: str

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)


@dataclass(frozen=True)
class Line:
    """One settlement's share, with the numbers to recompute it."""

    row: SettlementLine
    items: list[SoldItem]

    @property
    def share(self) -> str:
        return percent(self.row.weight, self.row.settlement.total_weight)

    @property
    def amount(self) -> Money:
        return self._money(self.row.amount_minor)

    @property
    def before(self) -> Money:
        return self._money(self.row.before_minor)

    @property
    def after(self) -> Money:
        return self._money(self.row.before_minor + self.row.amount_minor)

    @property
    def pool(self) -> Money:
        return self._money(self.row.settlement.amount_minor)

    @property
    def net(self) -> Money:
        return self._money(self.row.settlement.net_minor)

    def _money(self, minor: int) -> Money:
        return Money(minor, self.row.settlement.currency)


def lines_visible_to(user: Person) -> "QuerySet[SettlementLine]":
    """Newest first, with everything that explains them."""
    lines = SettlementLine.objects.filter(payee__in=administered_by(user).order_by())
    return lines.select_related("payee", "settlement__version__dataset__organization").order_by("-id")


def explained(rows: list[SettlementLine]) -> list[Line]:
    items = sold_items({row.settlement for row in rows})
    return [Line(row, items[row.settlement_id]) for row in rows]


def sold_items(settlements: Collection[Settlement]) -> dict[UUID, list[SoldItem]]:
    """What came into the pool, or left it, since the settlement before; in order, with one query for all."""
    found: dict[UUID, list[SoldItem]] = {each.pk: [] for each in settlements}
    pools: dict[int, list[Settlement]] = defaultdict(list)
    for each in sorted(settlements, key=lambda each: each.to_entry_id):
        pools[each.pool_id].append(each)
    ends = {pool: [each.to_entry_id for each in rows] for pool, rows in pools.items()}
    for entry in _pool_entries(pools):
        place = bisect_left(ends[entry.account_id], entry.pk)
        if place < len(ends[entry.account_id]):
            each = pools[entry.account_id][place]
            if each.after_entry_id < entry.pk:
                found[each.pk].append(_item(entry, each.currency))
    return found


def _pool_entries(pools: dict[int, list[Settlement]]) -> "QuerySet[Entry]":
    """All that may be behind them: from the first one's beginning to the last one's end, pool by pool."""
    ranges = Q(pk=None)
    for pool, rows in pools.items():
        first = min(each.after_entry_id for each in rows)
        ranges |= Q(account_id=pool, id__gt=first, id__lte=rows[-1].to_entry_id)
    entries = Entry.objects.filter(ranges).exclude(journal__event="settlement").order_by("id")
    return entries.select_related(
        "journal__payment__order__licensee", "journal__refund__order__licensee", "journal__reverses"
    )


def _item(entry: Entry, currency: str) -> SoldItem:
    journal = entry.journal
    order = _order_behind(journal)
    licensee = "" if order is None or order.licensee.personal_of_id else order.licensee_name
    license_name = order.license_name if order else ""
    return SoldItem(journal.event, journal.created_at, entry.amount, currency, license_name, licensee)


def _order_behind(journal: Journal) -> Order | None:
    """By its payment or refund, by what it takes back, or as the journal names it."""
    for row in ("payment", "refund"):
        if hasattr(journal, row):
            order: Order = getattr(journal, row).order
            return order
    if journal.reverses is not None:
        return _order_behind(journal.reverses)
    named = journal.meta.get("order")
    return Order.objects.select_related("licensee").filter(pk=named).first() if named else None
