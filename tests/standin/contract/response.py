"""What Stripe may answer, and what it may tell in an event."""

from typing import Any

from tests.standin.contract.objects import classes, notifications
from tests.standin.contract.reading import read
from tests.standin.contract.routes import Op
from tests.standin.contract.types import resolve


def check_response(op: Op, answer: Any) -> list[str]:
    return read(answer, resolve(op.ret, op.module))[1]


def check_object(obj: dict[str, Any]) -> list[str]:
    """Any object by its own `object`. A snapshot event is checked with the object in it, a thin event by its type."""
    cls = classes().get(str(obj.get("object")))
    return read(obj, cls)[1] if cls else [f"object: {obj.get('object')!r} is no object that the client knows"]


def check_notification(payload: dict[str, Any]) -> list[str]:
    """A thin event as it is delivered, which is less than what is fetched by its id."""
    cls = notifications().get(str(payload.get("type")))
    return read(payload, cls)[1] if cls else [f"type: {payload.get('type')!r} is no thin event that the client knows"]
