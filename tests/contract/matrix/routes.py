"""Every route of the site with the methods that its view answers, read from Django's own resolver."""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Route:
    """`name` as `reverse` takes it, or the path itself where a route has no name."""

    name: str
    address: str
    methods: tuple[str, ...]


def all_routes() -> list[Route]:
    return list(_walk(get_resolver().url_patterns, "/", ()))


def _walk(patterns: list[Any], prefix: str, namespaces: tuple[str, ...]) -> Iterator[Route]:
    for entry in patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = (*namespaces, entry.namespace) if entry.namespace else namespaces
            yield from _walk(entry.url_patterns, address, inner)
        elif isinstance(entry, URLPattern):
            name = ":".join([*namespaces, entry.name]) if entry.name else address
            yield Route(name, address, _methods(entry.callback))


def _methods(view: Any) -> tuple[str, ...]:
    """Of a class its handlers; of a function what it was limited to, and reading and posting where it was not."""
    cls = getattr(view, "cls", None) or getattr(view, "view_class", None)
    if cls is not None:
        actions = getattr(view, "actions", None)
        handlers = set(actions) if actions else {name for name in cls.http_method_names if hasattr(cls, name)}
        return tuple(method for method in METHODS if method.lower() in handlers)
    allowed = _limited_to(view) or ["GET", "POST"]
    return tuple(method for method in METHODS if method in allowed)


def _limited_to(view: Any) -> list[str] | None:
    """The list that `require_http_methods` closed over, however many decorators lie around it."""
    while view is not None:
        if inspect.isfunction(view):
            found = inspect.getclosurevars(view).nonlocals.get("request_method_list")
            if found is not None:
                return list(found)
        view = getattr(view, "__wrapped__", None)
    return None
