"""Stripe's v1 writes nested data as a form: `items[0][price]=p`. This reads it back."""

from typing import Any
from urllib.parse import parse_qsl


class MixedFormError(ValueError):
    """A name is there twice, or stands for a value and for a map."""


def decode(body: str) -> dict[str, Any]:
    """Nested data of strings. A map whose keys are all digits is a list, in the order of its numbers."""
    root: dict[str, Any] = {}
    for name, value in parse_qsl(body, keep_blank_values=True):
        *parents, last = name.replace("]", "").split("[")
        node = root
        for parent in parents:
            node = node.setdefault(parent, {})
            if not isinstance(node, dict):
                raise MixedFormError(f"{name}: {parent} is a value as well")
        if last in node:
            raise MixedFormError(f"{name}: is there already")
        node[last or str(len(node))] = value
    return {key: _listed(value) for key, value in root.items()}


def _listed(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    if all(key.isdecimal() for key in node):
        return [_listed(node[key]) for key in sorted(node, key=int)]
    return {key: _listed(value) for key, value in node.items()}
