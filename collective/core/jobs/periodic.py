"""Work that is owed once per period. Two sweepers may both notice; the job's key (name and slot) makes it one row."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils import timezone

from collective.core.ids import new_id
from collective.core.jobs.queue import enqueue


@dataclass(frozen=True)
class Period:
    """Run the job `name`, which takes no arguments, once in every `seconds`, counted from the epoch."""

    name: str
    seconds: int

    def slot(self, now: datetime) -> int:
        return int(now.timestamp()) // self.seconds


_periods: list[Period] = []


def every(seconds: int, name: str) -> None:
    """Register the job `name` to be owed once per `seconds`."""
    period = Period(name, seconds)
    if period not in _periods:
        _periods.append(period)


def periodic_names() -> list[str]:
    return sorted(period.name for period in _periods)


def start_now(name: str) -> None:
    """Owe periodic work now, beside its own times. Precondition: it is one of `periodic_names()`."""
    enqueue(name, key=f"{name}:{new_id()}")


def start_due_periods() -> None:
    now = timezone.now().astimezone(UTC)
    for period in _periods:
        enqueue(period.name, key=f"{period.name}:{period.slot(now)}")
