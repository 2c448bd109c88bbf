"""What sales would bring to each payee, before anything is sold."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic

from collective.core.domain.money import currency_of
from payments.domain.fees import FeeSchedule, Quote, quote
from payments.domain.shares import Key, largest_remainder

SALES = (1, 10, 100)


@dataclass(frozen=True)
class Simulation(Generic[Key]):
    """`sale` is one sale; `shares` are what each payee has after so many of them, in minor units.

    Settled one by one or all at once, nobody's part differs by more than two of the currency's steps.
    """

    sale: Quote
    weights: Mapping[Key, int]
    shares: Mapping[Key, tuple[int, ...]]

    @property
    def total_weight(self) -> int:
        return sum(self.weights.values())


def simulate(price_minor: int, currency: str, schedule: FeeSchedule, weights: Mapping[Key, int]) -> Simulation[Key]:
    """Raises ValueError for a price that the currency cannot charge, or when nobody has a weight."""
    sale = quote(price_minor, currency, schedule)
    step = currency_of(currency).charge_step
    parts = [largest_remainder(count * sale.pool_minor, weights, step=step) for count in SALES]
    return Simulation(sale, weights, {key: tuple(part[key] for part in parts) for key in weights})
