"""The stand-in's time: that of the process, and whatever a test has let pass on top of it."""

import time
from datetime import UTC, datetime

HOUR = 60 * 60
DAY = 24 * HOUR


class Clock:
    def __init__(self) -> None:
        self.passed = 0

    def now(self) -> int:
        return int(time.time()) + self.passed

    def text(self, moment: int | None = None) -> str:
        """As v2 writes times."""
        at = datetime.fromtimestamp(self.now() if moment is None else moment, UTC)
        return at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
