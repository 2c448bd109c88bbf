"""The types that the client declares, with every name in them looked up.

Its modules import most types for type checkers only, and write them as strings: their source says where they are from.
"""

import ast
import builtins
import importlib
import inspect
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import typing_extensions
from stripe import RequestOptions, StripeObject


@dataclass(frozen=True)
class Field:
    annotation: Any
    required: bool


class Names(Mapping[str, Any]):
    """What a name means in a module of the client, also when it is imported for type checkers only."""

    def __init__(self, module: str) -> None:
        self.globals = vars(importlib.import_module(module))
        self.imports = _imports_of(module)

    def __getitem__(self, name: str) -> Any:
        if name in self.globals:
            return self.globals[name]
        if name in self.imports:
            source, original = self.imports[name]
            return getattr(importlib.import_module(source), original)
        for room in (typing_extensions, builtins):
            if hasattr(room, name):
                return getattr(room, name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter({*self.globals, *self.imports})

    def __len__(self) -> int:
        return len({*self.globals, *self.imports})


@cache
def names(module: str) -> Names:
    return Names(module)


def resolve(annotation: Any, module: str) -> Any:
    """The type itself: no strings and no forward references are left in it."""
    holder = types.SimpleNamespace(__annotations__={"it": annotation})
    return typing.get_type_hints(holder, globalns={}, localns=names(module), include_extras=True)["it"]


@cache
def fields_of(cls: type) -> dict[str, Field]:
    """What may and must be there: a parameter unless it is NotRequired, a field of an answer unless it is Optional."""
    if typing_extensions.is_typeddict(cls):
        return {name: _parameter(hint) for name, hint in _parameters_of(cls).items()}
    return {name: Field(hint, required=not _is_optional(hint)) for name, hint in _fields_of(cls).items()}


def members(annotation: Any) -> tuple[Any, ...]:
    """The alternatives of a union. `Literal[…] | str` is the Literal alone: a new value needs a newer client."""
    if typing.get_origin(annotation) not in {typing.Union, types.UnionType}:
        return (annotation,)
    alternatives = typing.get_args(annotation)
    closed = any(typing.get_origin(a) is typing.Literal and typing.get_args(a) != ("",) for a in alternatives)
    return tuple(a for a in alternatives if not (closed and a is str))


def _imports_of(module: str) -> dict[str, tuple[str, str]]:
    source = ast.parse(inspect.getsource(importlib.import_module(module)))
    return {
        alias.asname or alias.name: (node.module, alias.name)
        for node in ast.walk(source)
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }


def _parameters_of(cls: type) -> dict[str, Any]:
    """Those of its bases first: a merged key is evaluated in the module that wrote it. Options are not in the body."""
    bases = [b for b in vars(cls).get("__orig_bases__", ()) if typing_extensions.is_typeddict(b)]
    inherited = {name: hint for base in bases for name, hint in _raw(base).items()}
    own = {name: hint for name, hint in _raw(cls).items() if inherited.get(name) is not hint}
    merged = {name: hint for base in bases if base is not RequestOptions for name, hint in _parameters_of(base).items()}
    return merged | {name: resolve(hint, cls.__module__) for name, hint in own.items()}


def _raw(cls: type) -> dict[str, Any]:
    return dict(vars(cls).get("__annotations__", {}))


def _fields_of(cls: type) -> dict[str, Any]:
    remapped = getattr(cls, "_field_remappings", {})  # `from` and `in` are words of Python
    return {
        remapped.get(name, name): resolve(hint, base.__module__)
        for base in reversed(cls.__mro__)
        if base is not StripeObject
        for name, hint in _raw(base).items()
        if not name.startswith("_") and typing.get_origin(hint) is not typing.ClassVar
    }


def _parameter(hint: Any) -> Field:
    if typing.get_origin(hint) is typing_extensions.NotRequired:
        return Field(typing.get_args(hint)[0], required=False)
    return Field(hint, required=True)


def _is_optional(hint: Any) -> bool:
    return type(None) in members(hint)
