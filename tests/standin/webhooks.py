"""Endpoints and what was delivered to them: at least once, unordered, for three days.

docs.stripe.com/webhooks#retries
"""

import json
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from stripe import WebhookSignature

from tests.standin.clock import DAY, HOUR, Clock
from tests.standin.faults import Fault, Faults
from tests.standin.routes import Obj

# How long after one failed attempt the next comes: more and more, until three days have passed.
WAITS = [5 * 60, 30 * 60, 2 * HOUR, 5 * HOUR, 10 * HOUR] + [12 * HOUR] * 4
GIVE_UP_AFTER = 3 * DAY
DELAY = 3 * DAY

Send = Callable[[str, bytes, dict[str, str]], int]


class Kind(StrEnum):
    SNAPSHOT = "snapshot"
    THIN = "thin"


@dataclass(frozen=True)
class Endpoint:
    kind: Kind
    url: str
    secret: str


@dataclass
class Delivery:
    """`stored`: the event as the API shows it, whose pending webhooks are counted."""

    endpoint: Endpoint
    body: Obj
    stored: Obj
    made: int
    due: int
    statuses: list[int] = field(default_factory=list)
    lost: bool = False

    @property
    def is_done(self) -> bool:
        return any(200 <= status < 300 for status in self.statuses)


def post(url: str, body: bytes, headers: dict[str, str]) -> int:
    """The status of the answer; 0 when there was none."""
    try:
        with urlopen(Request(url, body, headers, method="POST"), timeout=20) as answer:
            return int(answer.status)
    except HTTPError as refusal:
        return refusal.code
    except (URLError, OSError):
        return 0


class Webhooks:
    def __init__(self, clock: Clock, faults: Faults, chance: Random) -> None:
        self.endpoints: list[Endpoint] = []
        self.deliveries: list[Delivery] = []
        self._of_event: dict[str, list[Delivery]] = defaultdict(list)
        self.send: Send = post
        self._clock, self._faults, self._chance = clock, faults, chance

    def publish(self, kind: Kind, body: Obj, *, stored: Obj | None = None) -> int:
        """Queued for each endpoint of the kind; how many there are."""
        now = self._clock.now()
        to = [endpoint for endpoint in self.endpoints if endpoint.kind is kind]
        made = [Delivery(endpoint, body, stored or body, now, now) for endpoint in to]
        self.deliveries += made
        self._of_event[body["id"]] += made
        return len(to)

    def due(self) -> list[Delivery]:
        """The next round in the order in which it arrives, with those twice that are duplicated."""
        now = self._clock.now()
        self._weather(now)
        waiting = [d for d in self.deliveries if d.due <= now and not d.is_done and not d.lost]
        waiting += [d for d in waiting if self._faults.take(Fault.WEBHOOK_DUPLICATE, d.body["type"])]
        if self._faults.take(Fault.WEBHOOKS_SHUFFLE, ""):
            self._chance.shuffle(waiting)
        return waiting

    def _weather(self, now: int) -> None:
        for delivery in self.deliveries:
            if delivery.statuses or delivery.lost or delivery.due > now:
                continue
            kind = delivery.body["type"]
            delivery.lost = self._faults.take(Fault.WEBHOOK_DROP, kind)
            if delivery.made == delivery.due and self._faults.take(Fault.WEBHOOK_DELAY, kind):
                delivery.due = now + DELAY

    def attempt(self, delivery: Delivery) -> int:
        """One delivery over HTTP, outside the lock."""
        payload = json.dumps(delivery.body, separators=(",", ":"))
        # Receivers compare with their own clock, which knows nothing of days that only pass in here.
        signature = _signature(payload, delivery.endpoint.secret, int(time.time()))
        headers = {"Content-Type": "application/json; charset=utf-8", "Stripe-Signature": signature}
        return self.send(delivery.endpoint.url, payload.encode(), headers)

    def record(self, delivery: Delivery, status: int) -> None:
        was_done = delivery.is_done
        delivery.statuses.append(status)
        if delivery.is_done:
            if not was_done and "pending_webhooks" in delivery.stored:
                delivery.stored["pending_webhooks"] -= 1
            return
        delivery.due += WAITS[min(len(delivery.statuses), len(WAITS)) - 1]
        delivery.lost = delivery.due > delivery.made + GIVE_UP_AFTER

    def is_delivered(self, event: Obj) -> bool:
        return all(delivery.is_done for delivery in self._of_event[event["id"]])


def _signature(payload: str, secret: str, timestamp: int) -> str:
    return str(WebhookSignature.generate_signature_header(payload, secret, timestamp=timestamp))
