"""What goes wrong on purpose: each switch is armed for the next matching requests or webhooks, and used up by them."""

from dataclasses import dataclass
from enum import StrEnum
from random import Random

EVERY = -1


class Fault(StrEnum):
    TIMEOUT_AFTER_COMMIT = "timeout_after_commit"  # done and stored; the connection is dropped
    ERROR_500 = "error_500"  # nothing done; v1 stores and replays it
    ERROR_500_AFTER_COMMIT = "error_500_after_commit"  # done; v1 stores and replays the 500, v2 what was done
    RATE_LIMIT = "rate_limit"  # refused before execution, not stored
    CONFLICT = "conflict"  # another request with the key is being executed, not stored
    REVERSAL_REFUSED = "reversal_refused"  # the connected balance is too low
    WEBHOOKS_SHUFFLE = "webhooks_shuffle"  # one round of deliveries
    WEBHOOK_DUPLICATE = "webhook_duplicate"
    WEBHOOK_DROP = "webhook_drop"  # never delivered: every attempt fails
    WEBHOOK_DELAY = "webhook_delay"  # first delivered after three days


@dataclass
class Armed:
    """`times`: how many more it hits, EVERY for all. `where`: a part of `POST /v1/…`, or of an event's type."""

    fault: Fault
    times: int
    where: str
    percent: int


class Faults:
    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._armed: list[Armed] = []

    def arm(self, fault: Fault, *, times: int = 1, where: str = "", percent: int = 100) -> None:
        """`percent`: how many of a hundred matching ones are hit, by the seed of the stand-in."""
        self._armed.append(Armed(Fault(fault), times, where, percent))

    def disarm(self) -> None:
        self._armed.clear()

    def take(self, fault: Fault, subject: str) -> bool:
        """True when it is armed for this subject, which uses up one of its times."""
        for armed in self._armed:
            if armed.fault is not fault or armed.times == 0 or armed.where not in subject:
                continue
            if armed.percent < 100 and self._chance.randrange(100) >= armed.percent:
                continue
            armed.times -= armed.times > 0
            return True
        return False
