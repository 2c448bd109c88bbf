"""How much of what is due to a payee is sent at once."""

from collective.core.domain.money import currency_of

# The least that is sent, in minor units: about ten euros, and never less than the rail's own least payout (payments
# reference 2.5). What is below it stays due and adds up.
THRESHOLDS = {
    "EUR": 1_000,
    "USD": 1_000,
    "GBP": 1_000,
    "CHF": 1_000,
    "CAD": 1_500,
    "AUD": 1_500,
    "INR": 100_000,
    "KES": 150_000,
    "NGN": 1_500_000,
    "ZAR": 20_000,
    "HUF": 400_000,
    "ISK": 150_000,
    "JPY": 1_500,
    "KWD": 3_000,
}


def transferable(currency: str, *, due: int, held: int, disputed: int) -> int:
    """In multiples of the currency's payout step; 0 below its threshold. What a dispute may take stays, held first."""
    step = currency_of(currency).payout_step
    free = due - max(0, disputed - held)
    amount = free - free % step
    return amount if amount >= THRESHOLDS[currency] else 0


def left_unclaimed(due: int, credited_since: int) -> int:
    """What of `due` was there before everything that came in since: the oldest part is counted as paid first."""
    return max(0, due - credited_since)
