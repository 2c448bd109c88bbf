"""What a platform account looks like to the stand-in."""

from dataclasses import dataclass, field

from tests.standin.money import Currencies

PIN = "2026-10-28.endive"


@dataclass
class Settings:
    """`funds_after`: seconds until a card's money is available. `dispute_fee`: in the settlement currency.

    `seed`: of what is shuffled, duplicated and dropped.
    """

    currencies: Currencies = field(default_factory=Currencies)
    funds_after: int = 0
    dispute_fee: int = 1500
    seed: int = 0
    # Where recipients may live; None for everywhere.
    recipient_countries: frozenset[str] | None = None
