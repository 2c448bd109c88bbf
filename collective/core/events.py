"""Events between apps: declared in an app's `events.py`, heard in another's `handlers.py`, delivered at least once.

`publish` writes an outbox row in the transaction of the change. The relay turns it into one job per consumer, keyed
by (event, consumer); the consumer's effect commits together with its inbox row. So each consumer acts exactly once.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar, Self
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from collective.core.jobs.queue import enqueue
from collective.core.jobs.registry import job
from collective.core.models import InboxMessage, OutboxEvent

RELAY_LIMIT = 500


@dataclass(frozen=True)
class Event:
    """Something that happened, told with ids only. Subclasses set `topic` and UUID fields."""

    topic: ClassVar[str]

    @classmethod
    def from_payload(cls, payload: dict[str, str]) -> Self:
        return cls(**{field.name: UUID(payload[field.name]) for field in fields(cls)})


Handler = Callable[[Any], None]


@dataclass(frozen=True)
class Subscription:
    event: type[Event]
    consumer: str
    handler: Handler


_subscriptions: dict[str, dict[str, Subscription]] = defaultdict(dict)


def handles(event: type[Event]) -> Callable[[Handler], Handler]:
    """Subscribe a function to an event. It runs in a transaction, after the publisher's has committed."""

    def register(handler: Handler) -> Handler:
        consumer = f"{handler.__module__}.{handler.__name__}"
        _subscriptions[event.topic][consumer] = Subscription(event, consumer, handler)
        return handler

    return register


def publish(event: Event) -> None:
    """Tell the others, in the caller's transaction; consumers are woken when it commits."""
    payload = {name: str(value) for name, value in asdict(event).items()}
    row = OutboxEvent.objects.create(topic=event.topic, payload=payload)
    transaction.on_commit(lambda: relay_one(row.id), robust=True)


def relay() -> None:
    """Relay what a lost `on_commit` left behind."""
    waiting = OutboxEvent.objects.filter(relayed_at=None).order_by("id").values_list("id", flat=True)[:RELAY_LIMIT]
    for event_id in list(waiting):
        relay_one(event_id)


@transaction.atomic
def relay_one(event_id: UUID) -> None:
    """One job per consumer. Two relays at once write the same keys, so they write the same rows."""
    row = OutboxEvent.objects.get(pk=event_id)
    for consumer in _subscriptions[row.topic]:
        enqueue("core.deliver_event", key=f"event:{event_id}:{consumer}", event_id=event_id, consumer=consumer)
    OutboxEvent.objects.filter(pk=event_id, relayed_at=None).update(relayed_at=timezone.now())


@job("core.deliver_event", max_attempts=10)
def deliver_event(event_id: str, consumer: str) -> None:
    row = OutboxEvent.objects.get(pk=event_id)
    subscription = _subscriptions[row.topic][consumer]
    with transaction.atomic():
        _, first = InboxMessage.objects.get_or_create(consumer=consumer, message_id=event_id)
        if first:
            subscription.handler(subscription.event.from_payload(row.payload))
