"""What every way of paying must offer."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from payments.models import Order


@dataclass(frozen=True)
class Receipt:
    """What a rail says about money that arrived. `reference` is unique on the rail."""

    rail: str
    reference: str
    order_id: UUID
    amount_minor: int
    currency: str


class Rail(Protocol):
    name: str
    # The ledger's account for money that lies on this rail.
    balance_account: str

    def payment_path(self, order: Order) -> str:
        """Where the buyer goes to pay: a path of ours, or an address of the rail's own page."""
