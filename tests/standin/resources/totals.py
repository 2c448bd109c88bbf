"""What is to be paid for some lines: discounts first, then tax.

docs.stripe.com/tax and docs.stripe.com/billing/subscriptions/coupons
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from tests.standin.errors import invalid
from tests.standin.money import CHARGE_STEP, tax_on_top, tax_within
from tests.standin.routes import Obj


@dataclass(frozen=True)
class Line:
    """`amount`: unit amount × quantity; `total`: what the buyer pays for it."""

    amount: int
    discount: int
    tax: int
    is_tax_within: bool

    @property
    def total(self) -> int:
        return self.amount - self.discount + (0 if self.is_tax_within else self.tax)


@dataclass(frozen=True)
class Totals:
    lines: Sequence[Line]

    @property
    def subtotal(self) -> int:
        return sum(line.amount for line in self.lines)

    @property
    def discount(self) -> int:
        return sum(line.discount for line in self.lines)

    @property
    def tax(self) -> int:
        return sum(line.tax for line in self.lines)

    @property
    def total(self) -> int:
        return sum(line.total for line in self.lines)


def totals(amounts: Sequence[tuple[int, bool]], *, currency: str, coupon: Obj | None, taxed: bool) -> Totals:
    """`amounts`: of each line, and whether tax is within it."""
    off = _off(sum(amount for amount, _ in amounts), currency, coupon)
    lines = []
    for (amount, within), discount in zip(amounts, _spread(off, [amount for amount, _ in amounts]), strict=True):
        tax = _tax(amount - discount, within, currency) if taxed else 0
        lines.append(Line(amount, discount, tax, within))
    return Totals(lines)


def _tax(amount: int, within: bool, currency: str) -> int:
    tax = _stepped((tax_within if within else tax_on_top)(abs(amount)), currency)
    return tax if amount >= 0 else -tax


def _off(subtotal: int, currency: str, coupon: Obj | None) -> int:
    if coupon is None or subtotal <= 0:
        return 0
    if coupon["percent_off"] is not None:
        share = Fraction(str(coupon["percent_off"])) / 100
        return _stepped(int(subtotal * share + Fraction(1, 2)), currency)
    if coupon["currency"] != currency:
        raise invalid(f"The coupon is in {coupon['currency']}.", param="discounts")
    return min(subtotal, int(coupon["amount_off"]))


def _spread(off: int, amounts: Sequence[int]) -> list[int]:
    """Over the lines by their amounts, exactly."""
    whole = sum(amounts) or 1
    until = [off * sum(amounts[:count]) // whole for count in range(len(amounts) + 1)]
    return [after - before for before, after in pairwise(until)]


def _stepped(amount: int, currency: str) -> int:
    step = CHARGE_STEP.get(currency, 1)
    return (amount + step // 2) // step * step
