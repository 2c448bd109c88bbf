"""How fast a check goes and how long it still takes, from what it has read so far."""

from dataclasses import dataclass
from datetime import datetime

# Before that, starting up weighs more than reading, and a forecast would only jump.
FIRST_TOLD_SECONDS = 3


@dataclass(frozen=True)
class Pace:
    rows_per_second: float
    bytes_per_second: float
    seconds_left: float


def pace(
    *, started_at: datetime | None, now: datetime, rows_done: int, bytes_done: int, bytes_total: int
) -> Pace | None:
    """None while it is too early to say, and when nothing was read yet."""
    seconds = (now - started_at).total_seconds() if started_at else 0.0
    if seconds < FIRST_TOLD_SECONDS or not bytes_done:
        return None
    speed = bytes_done / seconds
    return Pace(rows_done / seconds, speed, max(0, bytes_total - bytes_done) / speed)
