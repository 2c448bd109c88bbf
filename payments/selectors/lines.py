"""How each amount that a payee earned came about."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from collective.accounts.selectors import Person, administered_by
from collective.core.domain.money import Money
from payments.domain.percent import percent
from payments.models import Entry, Order, Settlement, SettlementLine


@dataclass(frozen=True)
class SoldItem:
    """A sale or a refund behind a settlement. A private person who bought stays unnamed."""

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


def sold_items(settlements: Iterable[Settlement]) -> dict[UUID, list[SoldItem]]:
    """The sales and refunds that each settlement divided, in order, with one query for all."""
    rows = list(settlements)
    ranges = Q(pk=None)
    for each in rows:
        ranges |= Q(account_id=each.pool_id, id__gt=each.after_entry_id, id__lte=each.to_entry_id)
    entries = Entry.objects.filter(ranges).exclude(journal__event="settlement").order_by("id")
    entries = entries.select_related("journal__payment__order__licensee", "journal__refund__order__licensee")
    found: dict[UUID, list[SoldItem]] = {each.pk: [] for each in rows}
    for entry in entries:
        for each in rows:
            if entry.account_id == each.pool_id and each.after_entry_id < entry.pk <= each.to_entry_id:
                found[each.pk].append(_item(entry, each.currency))
    return found


def _item(entry: Entry, currency: str) -> SoldItem:
    is_sale = entry.journal.event == "sale"
    order: Order = entry.journal.payment.order if is_sale else entry.journal.refund.order
    licensee = "" if order.licensee.personal_of_id else order.licensee_name
    return SoldItem(entry.journal.event, entry.journal.created_at, entry.amount, currency, order.license_name, licensee)
