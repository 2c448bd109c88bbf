"""Coupons: how a code is read, and what it takes off a price."""

import re
import secrets
import unicodedata

from collective.core.domain.money import currency_of

# Without 0, O, 1, I and L, which people mistake for each other.
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{2,39}")
# 31^15 is more than 2^74: nobody guesses one.
GROUPS, GROUP = 3, 5


def normal_code(written: str) -> str:
    """As it is kept and compared: compatibility forms folded, capitals, no spaces."""
    return "".join(unicodedata.normalize("NFKC", written).upper().split())


def new_code() -> str:
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))


def discount(price_minor: int, currency: str, *, percent: int = 0, amount_minor: int = 0) -> int:
    """Minor units off a price: `percent` of it, or `amount_minor`; in steps that the currency can charge.

    What is left is nothing, or at least the smallest price that can be charged; then less is taken off.
    """
    rules = currency_of(currency)
    step = rules.charge_step
    off = min(price_minor, price_minor * percent // 100 + amount_minor)
    left = price_minor - (off - off % step)
    if 0 < left < rules.minimum_price:
        smallest = -(-rules.minimum_price // step) * step
        left = min(price_minor, smallest)
    return price_minor - left
