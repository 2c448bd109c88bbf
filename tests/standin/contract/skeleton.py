"""Whole answers from the few fields that matter: what is declared is there, and nothing else can be."""

import types
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin

from stripe import ListObject

from tests.standin.contract.objects import classes
from tests.standin.contract.reading import MAPS
from tests.standin.contract.records import record_fields
from tests.standin.contract.scalars import listed
from tests.standin.contract.types import Field, members

EMPTY: dict[Any, Any] = {str: "", int: 0, float: 0.0, bool: False, Decimal: "0"}


class SkeletonError(ValueError):
    """A field is not declared, or is an enum in which no value means nothing and none was given."""


def skeleton(kind: str | type, /, **known: Any) -> dict[str, Any]:
    """Every declared field: as known, else null or empty. `kind` is a class or the name in `object`.

    What is known of a nested object is completed in the same way. An enum that cannot be null must be known, so that
    nothing is `failed` or `succeeded` by accident.
    """
    return _complete(known, classes()[kind] if isinstance(kind, str) else kind, "")


def _complete(known: Mapping[str, Any], kind: Any, path: str) -> dict[str, Any]:
    fields = record_fields(kind, known)
    undeclared = [path + key for key in known if key not in fields]
    if undeclared:
        raise SkeletonError(f"{_name(kind)} has no {', '.join(undeclared)}")
    return {
        name: _nested(known[name], field, f"{path}{name}.") if name in known else _empty(field, f"{path}{name}")
        for name, field in fields.items()
        if name != "deleted" or name in known
    }


def _nested(value: Any, field: Field, path: str) -> Any:
    """Completed if it is a map and only one kind of map is declared for it."""
    kinds = [kind for kind in members(field.annotation) if _is_record(kind)]
    return _complete(value, kinds[0], path) if len(kinds) == 1 and isinstance(value, Mapping) else value


def _empty(field: Field, path: str) -> Any:
    alternatives = members(field.annotation)
    kind = alternatives[0]
    origin = get_origin(kind) or kind
    if types.NoneType in alternatives or kind is Any:
        return None
    if origin is Literal:
        return _only_choice(get_args(kind), path)
    if origin is ListObject:
        return {"object": "list", "data": [], "has_more": False, "url": ""}
    if origin is list:
        return []
    if origin in MAPS:
        return {}
    return EMPTY[origin] if origin in EMPTY else _complete({}, kind, f"{path}.")


def _only_choice(choices: tuple[Any, ...], path: str) -> Any:
    if len(choices) > 1:
        raise SkeletonError(f"{path} must be known: one of {listed(choices)}")
    return choices[0]


def _is_record(kind: Any) -> bool:
    origin = get_origin(kind) or kind
    return isinstance(origin, type) and origin not in {*MAPS, *EMPTY, list, types.NoneType, ListObject}


def _name(kind: Any) -> str:
    return str((get_origin(kind) or kind).__name__)
