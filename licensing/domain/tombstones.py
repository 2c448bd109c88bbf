"""The signed list of withdrawn records that clients poll, from plain values. No database, no clock."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from collective.catalog.domain.records import ListedRecord

AUDIENCE = "dc-tombstones"
TYPE = "dc-tombstones+jwt"
_CURSOR = re.compile(r"(\d{1,18})(?:\.(\d{1,18}))?", re.ASCII)


@dataclass(frozen=True)
class Cursor:
    """Withdrawals up to `number` were listed. With `places`, of `number` itself only that many places were."""

    number: int = 0
    places: int | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises ValueError."""
        match = _CURSOR.fullmatch(text)
        if match is None:
            raise ValueError("not a cursor")
        return cls(int(match[1]), int(match[2]) if match[2] else None)

    def __str__(self) -> str:
        return str(self.number) if self.places is None else f"{self.number}.{self.places}"


@dataclass(frozen=True)
class Tombstones:
    """Records of one withdrawal, or of a part of it."""

    number: int
    at: datetime
    whole: bool
    records: Sequence[ListedRecord]


@dataclass(frozen=True)
class TombstoneList:
    """What lies between `after` and `cursor`. `complete`: nothing is known beyond the cursor."""

    dataset: str
    after: Cursor
    cursor: Cursor
    complete: bool
    withdrawals: Sequence[Tombstones]


def tombstone_claims(listed: TombstoneList, *, issuer: str, issued_at: datetime) -> dict[str, Any]:
    """The payload. Names records, and nobody."""
    return {
        "iss": issuer,
        "sub": f"{issuer}/datasets/{listed.dataset}/",
        "aud": AUDIENCE,
        "iat": int(issued_at.timestamp()),
        "dc": {
            "v": 1,
            "dataset": listed.dataset,
            "after": str(listed.after),
            "cursor": str(listed.cursor),
            "complete": listed.complete,
            "withdrawals": [_withdrawal(each) for each in listed.withdrawals],
        },
    }


def _withdrawal(each: Tombstones) -> dict[str, Any]:
    return {
        "number": each.number,
        "at": each.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "whole": each.whole,
        "records": [[record.record_id, record.record_sha256] for record in each.records],
    }
