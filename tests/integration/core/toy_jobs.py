"""Jobs and events that exist only for the tests of the queue; each test gives them its behavior."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from collective.core.events import Event, handles
from collective.core.jobs import job

Behavior = Callable[..., None]
_behavior: dict[str, Behavior] = {}


@contextmanager
def behaving(**behavior: Behavior) -> Iterator[None]:
    """`work`, `on_dead`, `first_consumer`, `second_consumer`."""
    _behavior.update(behavior)
    try:
        yield
    finally:
        _behavior.clear()


def _on_dead(**arguments: str) -> None:
    if "on_dead" in _behavior:
        _behavior["on_dead"](**arguments)


@job("toy.work", max_attempts=3, on_dead=_on_dead)
def toy_work(**arguments: str) -> None:
    _behavior["work"](**arguments)


@dataclass(frozen=True)
class ToyHappened(Event):
    topic: ClassVar[str] = "toy.happened"
    toy_id: UUID


@handles(ToyHappened)
def first_consumer(event: ToyHappened) -> None:
    _behavior["first_consumer"](event)


@handles(ToyHappened)
def second_consumer(event: ToyHappened) -> None:
    _behavior["second_consumer"](event)
