"""What a buyer pays and what the contributors' pool gets, from a price and the marketplace's fee."""

from dataclasses import dataclass
from typing import Literal

from collective.core.domain.money import currency_of

FeeMode = Literal["added", "included"]
BPS = 10_000


@dataclass(frozen=True)
class FeeSchedule:
    """`added`: the fee comes on top of the price. `included`: it is taken out of it. `fixed_minor` is per sale."""

    mode: FeeMode
    bps: int
    fixed_minor: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.bps <= BPS or self.fixed_minor < 0:
            raise ValueError(f"a fee of {self.bps} basis points and {self.fixed_minor} fixed is not possible")


@dataclass(frozen=True)
class Quote:
    """Minor units. `pool_minor + fee_minor + tax_minor == total_minor`, which is what the buyer pays.

    `discount_minor` is what a coupon took off before: everything here follows from the reduced price.
    """

    currency: str
    price_minor: int
    fee_minor: int
    tax_minor: int
    pool_minor: int
    discount_minor: int = 0

    @property
    def total_minor(self) -> int:
        return self.pool_minor + self.fee_minor + self.tax_minor


def quote(price_minor: int, currency: str, schedule: FeeSchedule, *, tax_bps: int = 0) -> Quote:
    """Divide one sale. Fee and tax are floored to the currency's charge step; the fee is taken without tax.

    Tax is due on what the buyer pays for: price and fee when the fee is added, the price when it is included.
    Raises ValueError for a price that the currency cannot charge.
    """
    step = currency_of(currency).charge_step
    if price_minor < 0 or price_minor % step:
        raise ValueError(f"{price_minor} {currency} is not a price: it must be a multiple of {step}")
    fee = _floor(price_minor * schedule.bps // BPS + schedule.fixed_minor, step) if price_minor else 0
    if schedule.mode == "included":
        fee = min(price_minor, fee)
        tax = _floor(price_minor * tax_bps // BPS, step)
        return Quote(currency, price_minor, fee, tax, price_minor - fee)
    tax = _floor((price_minor + fee) * tax_bps // BPS, step)
    return Quote(currency, price_minor, fee, tax, price_minor)


def _floor(amount: int, step: int) -> int:
    return amount - amount % step
