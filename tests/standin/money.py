"""Currencies as Stripe charges and settles them. Integer minor units; the one float is `exchange_rate` in an answer."""

from dataclasses import dataclass, field

from tests.standin.errors import invalid

# docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
MINIMUM_CHARGE = {
    "usd": 50, "aed": 200, "aud": 50, "brl": 50, "cad": 50, "chf": 50, "czk": 1500, "dkk": 250, "eur": 50, "gbp": 30,
    "hkd": 400, "huf": 17500, "inr": 50, "jpy": 50, "mxn": 1000, "myr": 200, "nok": 300, "nzd": 50, "pln": 200,
    "ron": 200, "sek": 300, "sgd": 50, "thb": 1000,
}  # fmt: skip
MAXIMUM_CHARGE = 99_999_999

# See docs.stripe.com/currencies#three-decimal and #special-cases
CHARGE_STEP = {"bhd": 10, "jod": 10, "kwd": 10, "omr": 10, "tnd": 10, "isk": 100, "ugx": 100}


@dataclass(frozen=True)
class Rate:
    """`numerator / denominator` minor units of the one currency for one of the other."""

    numerator: int
    denominator: int = 1

    def convert(self, amount: int) -> int:
        size = (abs(amount) * self.numerator + self.denominator // 2) // self.denominator
        return size if amount >= 0 else -size


@dataclass
class Currencies:
    """`settled`: those in which the platform has a balance; None for every one. Others become the default currency."""

    default: str = "usd"
    settled: set[str] | None = None
    rates: dict[tuple[str, str], Rate] = field(default_factory=dict)

    def settlement_of(self, currency: str) -> str:
        # See docs.stripe.com/currencies#presentment-and-settlement: without a balance of its own, it is converted.
        return currency if self.settled is None or currency in self.settled else self.default

    def rate(self, currency: str) -> Rate | None:
        """None when nothing is converted."""
        settlement = self.settlement_of(currency)
        return None if settlement == currency else self.rates[currency, settlement]


def check_charge_amount(amount: int, currency: str) -> None:
    minimum = MINIMUM_CHARGE.get(currency, 1)
    if amount < minimum:
        raise invalid(f"The amount must be at least {minimum} {currency}.", code="amount_too_small", param="amount")
    if amount > MAXIMUM_CHARGE:
        raise invalid("The amount is too large.", code="amount_too_large", param="amount")
    check_step(amount, currency)


def check_step(amount: int, currency: str) -> None:
    step = CHARGE_STEP.get(currency, 1)
    if amount % step:
        raise invalid(
            f"Amounts in {currency} are multiples of {step}.", code="parameter_invalid_integer", param="amount"
        )


def card_fee(settled: int) -> int:
    # See stripe.com/pricing: 2.9 % + 30, in the settlement currency.
    return (settled * 29 + 500) // 1000 + 30


# An example of one rate; with automatic tax Stripe takes the buyer's place: docs.stripe.com/tax/calculating
TAX_PERCENT = 19


def tax_on_top(net: int) -> int:
    return (net * TAX_PERCENT + 50) // 100


def tax_within(gross: int) -> int:
    return (gross * TAX_PERCENT * 2 + (100 + TAX_PERCENT)) // (2 * (100 + TAX_PERCENT))
