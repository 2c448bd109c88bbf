"""A statement as rows, the same for the CSV, the PDF and the page: opening, what moved it, closing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from collective.core.domain.money import Money
from payments.domain.movements import PARTS
from payments.domain.sheets import Cell

OPENING, CLOSING = "opening", "closing"
HEADER = (
    *("statement", "month", "payee", "kind", "date", "event", "dataset", "version", "split_sha256"),
    *("collected_minor", "weight", "total_weight", "collected_in_all_minor", "had_before_minor"),
    *("amount_minor", "amount", "balance_minor", "balance", "currency"),
    *(f"{part}_minor" for part in PARTS),
)


@dataclass(frozen=True)
class StatementRow:
    """`kind` is opening, a section of movements, or closing; `balance` is the payee's in all, after it.

    `parts` are balances at the opening and the closing, and changes in between.
    """

    kind: str
    at: str
    event: str
    amount: Money | None
    balance: Money
    parts: Mapping[str, int]
    share: Mapping[str, Any]

    @property
    def day(self) -> str:
        """ISO 8601, in UTC."""
        return self.at[:10]

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.at)

    @property
    def dataset(self) -> str:
        return f"{self.share['dataset']} {self.share['version']}" if self.share else ""

    @property
    def repaid_minor(self) -> int:
        """What of it repaid a debt."""
        return max(0, self.parts.get("owed", 0))


def rows_of(body: Mapping[str, Any]) -> Iterator[StatementRow]:
    currency = body["currency"]
    opening, closing = body["opening_minor"], body["closing_minor"]
    balance = opening["total"]
    yield StatementRow(OPENING, body["starts_at"], "", None, Money(balance, currency), opening, {})
    for each in body["movements"]:
        amount = Money(each["amount_minor"], currency)
        balance += amount.minor
        parts, share = each["parts_minor"], each.get("share", {})
        yield StatementRow(each["section"], each["at"], each["event"], amount, Money(balance, currency), parts, share)
    yield StatementRow(CLOSING, body["ends_at"], "", None, Money(closing["total"], currency), closing, {})


def cells_of(body: Mapping[str, Any], row: StatementRow) -> list[Cell]:
    """In the order of `HEADER`."""
    share = row.share
    collected = share["net_minor"] - share["before_net_minor"] if share else None
    return [
        *(body["number"], body["month"], body["payee"]["name"], row.kind, row.day, row.event),
        *(share.get("dataset"), share.get("version"), share.get("split_sha256"), collected),
        *(share.get("weight"), share.get("total_weight"), share.get("net_minor"), share.get("before_minor")),
        *(row.amount.minor if row.amount else None, row.amount),
        *(row.balance.minor, row.balance, body["currency"]),
        *(row.parts.get(part, 0) for part in PARTS),
    ]


def sums_by_section(body: Mapping[str, Any]) -> dict[str, int]:
    """What moved the balance, in minor units; only what did."""
    sums: dict[str, int] = {}
    for each in body["movements"]:
        if each["amount_minor"]:
            sums[each["section"]] = sums.get(each["section"], 0) + each["amount_minor"]
    return sums
