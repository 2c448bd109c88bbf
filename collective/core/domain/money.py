"""Money is an integer of minor units and a currency; the table holds what each currency can do."""

from dataclasses import dataclass

from collective.core.errors import InvalidError


class UnknownCurrencyError(InvalidError):
    code = "unknown_currency"
    text = "{currency} is not a currency this marketplace handles."


class MixedCurrenciesError(InvalidError):
    code = "mixed_currencies"
    text = "{left} and {right} cannot be added."


@dataclass(frozen=True)
class Currency:
    """`exponent` digits after the point; charges and payouts are multiples of their steps, in minor units.

    Source: Stripe's list of currencies (payments reference 2.5): the last digit of KWD must be 0, ISK charges and
    HUF payouts are whole units although both have two digits.
    """

    code: str
    exponent: int
    charge_step: int = 1
    payout_step: int = 1
    minimum_price: int = 50


CURRENCIES = {
    currency.code: currency
    for currency in (
        Currency("EUR", 2),
        Currency("USD", 2),
        Currency("GBP", 2),
        Currency("CHF", 2),
        Currency("CAD", 2),
        Currency("AUD", 2),
        Currency("INR", 2),
        Currency("KES", 2),
        Currency("NGN", 2),
        Currency("ZAR", 2),
        Currency("HUF", 2, payout_step=100),
        Currency("ISK", 2, charge_step=100, payout_step=100),
        Currency("JPY", 0),
        Currency("KWD", 3, charge_step=10, payout_step=10),
    )
}


def currency_of(code: str) -> Currency:
    try:
        return CURRENCIES[code]
    except KeyError:
        raise UnknownCurrencyError(currency=code) from None


@dataclass(frozen=True, order=False)
class Money:
    minor: int
    currency: str

    def __post_init__(self) -> None:
        currency_of(self.currency)

    def __add__(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise MixedCurrenciesError(left=self.currency, right=other.currency)
        return Money(self.minor + other.minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def decimal(self) -> str:
        """Exact decimal text, as in `12.50`; never a float."""
        exponent = currency_of(self.currency).exponent
        sign, digits = ("-" if self.minor < 0 else ""), str(abs(self.minor)).zfill(exponent + 1)
        return sign + (f"{digits[:-exponent]}.{digits[-exponent:]}" if exponent else digits)

    def __str__(self) -> str:
        """For people: `1,234.50 EUR`."""
        return f"{grouped(self.decimal())} {self.currency}"


def grouped(amount: str) -> str:
    """`"-1234.50"` → `"-1,234.50"`."""
    sign = "-" if amount.startswith("-") else ""
    whole, point, rest = amount.removeprefix("-").partition(".")
    return f"{sign}{int(whole):,}{point}{rest}"


def amount_text(minor: int, currency: str) -> str:
    """As `Money` writes it. What others tell us can be in any currency: one that we do not know has smallest units."""
    return str(Money(minor, currency)) if currency in CURRENCIES else f"{minor} {currency} (smallest units)"


def parse_minor(text: str, currency: str) -> int:
    """`"12.5"` EUR → 1250. Refuses what the currency cannot express, and anything that is not plain digits."""
    exponent = currency_of(currency).exponent
    whole, _, fraction = text.strip().partition(".")
    plain = (whole + fraction).isascii() and whole.isdigit() and (fraction.isdigit() or not fraction)
    if not plain or len(fraction) > exponent or len(whole) > 12:
        raise InvalidError(f"Write the amount in {currency} with digits and at most {exponent} after the point.")
    return int(whole + fraction.ljust(exponent, "0"))
