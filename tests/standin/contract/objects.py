"""The client's classes by the name that an answer carries in `object`."""

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from typing import TypeVar

import stripe
from stripe import StripeObject
from stripe.v2.core import Event, EventNotification

T = TypeVar("T")
CLIENTS = {"stripe._http_client"}  # it chooses among HTTP libraries that need not be there


@cache
def classes() -> dict[str, type[StripeObject]]:
    """v1's list stands for `list`: the lists of v2 carry no name."""
    _import_all()
    named = {str(vars(cls)["OBJECT_NAME"]): cls for cls in _below(StripeObject) if vars(cls).get("OBJECT_NAME")}
    return named | {"list": stripe.ListObject}


@cache
def thin_events() -> dict[str, type[Event]]:
    """By type, as fetched."""
    _import_all()
    return {str(vars(cls)["LOOKUP_TYPE"]): cls for cls in _below(Event) if "LOOKUP_TYPE" in vars(cls)}


@cache
def notifications() -> dict[str, type[EventNotification]]:
    """By type, as delivered."""
    _import_all()
    return {str(vars(cls)["LOOKUP_TYPE"]): cls for cls in _below(EventNotification) if "LOOKUP_TYPE" in vars(cls)}


@cache
def _import_all() -> None:
    for module in pkgutil.walk_packages(stripe.__path__, "stripe."):
        if module.name not in CLIENTS:
            importlib.import_module(module.name)


def _below(cls: type[T]) -> Iterator[type[T]]:
    for child in cls.__subclasses__():
        yield child
        yield from _below(child)
