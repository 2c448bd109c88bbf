"""Numbers of payment cards: of a known issuer, of its length, with the right check digit."""

FORMS = (
    b"9999 9999 9999 9999",
    b"9999-9999-9999-9999",
    b"9" * 16,
    b"9999 999999 99999",
    b"9999-999999-99999",
    b"9" * 15,
    b"9999 999999 9999",
    b"9999-999999-9999",
    b"9" * 14,
)
# First and last prefix, and digits. Lengths that issuers hardly use are left out: long identifiers look like them.
ISSUERS = (
    ("4", "4", 16),  # Visa
    ("51", "55", 16),  # Mastercard
    ("2221", "2720", 16),
    ("34", "34", 15),  # American Express
    ("37", "37", 15),
    ("300", "305", 14),  # Diners Club
    ("36", "36", 14),
    ("38", "39", 14),
    ("3528", "3589", 16),  # JCB
    ("6011", "6011", 16),  # Discover
    ("644", "659", 16),
    ("62", "62", 16),  # UnionPay
)


def is_card(number: str) -> bool:
    digits = number.replace(" ", "").replace("-", "")
    issued = any(len(digits) == length and low <= digits[: len(low)] <= high for low, high, length in ISSUERS)
    return issued and len(set(digits)) > 1 and _luhn(digits)


def _luhn(digits: str) -> bool:
    doubled = [sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2]]
    return (sum(doubled) + sum(map(int, digits[-1::-2]))) % 10 == 0
