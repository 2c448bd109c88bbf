"""What was answered to which key.

docs.stripe.com/api/idempotent_requests and docs.stripe.com/api-v2-overview#idempotency
"""

from dataclasses import dataclass

from tests.standin.clock import DAY, Clock
from tests.standin.errors import idempotency_error, invalid

LONGEST_KEY = 255
KEPT_SECONDS = DAY


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    body: bytes

    @property
    def is_v2(self) -> bool:
        return self.path.startswith("/v2/")


@dataclass(frozen=True)
class Stored:
    asked: Asked
    status: int
    body: bytes
    at: int


class Idempotency:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._stored: dict[str, Stored] = {}

    def find(self, key: str, asked: Asked) -> Stored | None:
        if len(key) > LONGEST_KEY:
            raise invalid(f"Idempotency keys are at most {LONGEST_KEY} characters long.")
        stored = self._stored.get(key)
        if stored and stored.asked != asked:
            raise idempotency_error(
                f"Keys for idempotent requests can only be used with the same parameters: {key} was first used for "
                f"{stored.asked.method} {stored.asked.path}."
            )
        return stored

    def keep(self, key: str, asked: Asked, status: int, body: bytes) -> None:
        """v1 keeps every first answer, a 500 too. v2 keeps what succeeded: a retry completes failed work."""
        if asked.is_v2 and status >= 400:
            return
        self._stored[key] = Stored(asked, status, body, self._clock.now())

    def prune(self) -> None:
        oldest = self._clock.now() - KEPT_SECONDS
        self._stored = {key: stored for key, stored in self._stored.items() if stored.at > oldest}

    def __len__(self) -> int:
        return len(self._stored)
