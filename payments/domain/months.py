"""Calendar months in UTC: the periods of statements."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

MONTHS_A_YEAR = 12


@dataclass(frozen=True, order=True)
class Month:
    """As text `2026-11`. From its first moment to that of the next month, in UTC wherever the payee lives."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Raises ValueError."""
        if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text, re.ASCII):
            raise ValueError(f"{text} is not a month like 2026-11")
        return cls(int(text[:4]), int(text[5:]))

    @classmethod
    def of(cls, moment: datetime) -> "Month":
        there = moment.astimezone(UTC)
        return cls(there.year, there.month)

    @property
    def next(self) -> "Month":
        return Month(self.year + self.number // MONTHS_A_YEAR, self.number % MONTHS_A_YEAR + 1)

    @property
    def starts_at(self) -> datetime:
        return datetime(self.year, self.number, 1, tzinfo=UTC)

    @property
    def ends_at(self) -> datetime:
        return self.next.starts_at
