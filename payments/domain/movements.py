"""What moved a payee's money, told from the ledger alone: whatever is posted one day appears by its event's name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from payments.domain.chart import is_cash

PARTS = ("held", "due", "in_transit", "owed")
# What a payee earned or gave back, what left for their bank or came back, the rest, and what only changed its place.
SECTIONS = EARNED, REVERSED, PAID, RETURNED, OTHER, WITHIN = (
    "earned",
    "reversed",
    "paid",
    "returned",
    "other",
    "within",
)


@dataclass(frozen=True)
class Movement:
    """One journal's legs on one payee's accounts, by part; `section` says what kind of movement that is."""

    key: str
    event: str
    at: datetime
    parts: Mapping[str, int]
    section: str

    @property
    def amount(self) -> int:
        """How much more, or less, is the payee's. What they owe counts against them."""
        return sum(self.parts.values())


def section_of(amount: int, *, is_settlement: bool, others: Iterable[str]) -> str:
    """`others` are the accounts on the other side, which say where it came from or went to."""
    if is_settlement:
        return EARNED if amount > 0 else REVERSED
    if amount == 0:
        return WITHIN
    if any(is_cash(code) for code in others):
        return RETURNED if amount > 0 else PAID
    return OTHER


def balances(*, before: Mapping[str, int], moved: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Every part, after all that moved."""
    after = {part: before.get(part, 0) for part in PARTS}
    for parts in moved:
        for part, amount in parts.items():
            after[part] += amount
    return after
