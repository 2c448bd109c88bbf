"""Nested data against declared types: `(value, problems)`. A problem begins with the path of its field."""

import types
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal, TypeVar, get_args, get_origin

from stripe import StripeContext, StripeObject
from stripe._stripe_object import UntypedStripeObject

from tests.standin.contract.records import record_fields, reported
from tests.standin.contract.scalars import Outcome, brief, read_choice, read_scalar
from tests.standin.contract.types import Field, members

SCALARS = {str, int, float, bool, types.NoneType, Decimal, StripeContext}
MAPS = {dict, UntypedStripeObject, StripeObject}
WHOLE = "(all of it)"


def read(value: Any, annotation: Any, path: str = WHOLE, *, form: bool = False) -> Outcome:
    """`form`: text stands for numbers and truth, as in v1's requests."""
    alternatives = members(annotation)
    if len(alternatives) > 1:
        return _read_either(value, alternatives, path, form=form)
    (kind,) = alternatives
    origin = get_origin(kind) or kind
    if kind is Any or isinstance(kind, TypeVar):
        return value, []
    if origin in SCALARS:
        return read_scalar(value, origin, path, form=form)
    if origin is Literal:
        return read_choice(value, get_args(kind), path, form=form)
    return _read_container(value, kind, path, form=form)


def _read_either(value: Any, alternatives: tuple[Any, ...], path: str, *, form: bool) -> Outcome:
    """The first that fits. If none does: what is wrong inside the nearest one, or that it is none of them."""
    outcomes = [read(value, alternative, path, form=form) for alternative in alternatives]
    fitting = next((outcome for outcome in outcomes if not outcome[1]), None)
    inside = [outcome for outcome in outcomes if not any(problem.startswith(f"{path}: ") for problem in outcome[1])]
    if fitting or inside:
        return fitting or min(inside, key=lambda outcome: _distance(outcome[1], path))
    rejected = zip(alternatives, outcomes, strict=True)
    reasons = [problems[0].removeprefix(f"{path}: ") for a, (_, problems) in rejected if a is not types.NoneType]
    return value, [f"{path}: {'; '.join(reasons)}"]


def _distance(problems: list[str], path: str) -> tuple[bool, int]:
    """A map that names another kind of object is further away than any number of wrong fields."""
    return any(problem.startswith(f"{_at(path, 'object')}: ") for problem in problems), len(problems)


def _read_container(value: Any, kind: Any, path: str, *, form: bool) -> Outcome:
    origin = get_origin(kind) or kind
    if origin is list:
        return _read_list(value, kind, path, form=form)
    if not isinstance(value, Mapping):
        return value, [f"{path}: {brief(value)} is not a map ({getattr(origin, '__name__', origin)})"]
    if origin in MAPS:
        return _read_map(value, kind, path, form=form)
    return _read_record(value, kind, path, form=form)


def _read_list(value: Any, kind: Any, path: str, *, form: bool) -> Outcome:
    if not isinstance(value, list):
        return value, [f"{path}: {brief(value)} is not a list"]
    (item,) = get_args(kind)
    outcomes = [read(one, item, _at(path, str(i)), form=form) for i, one in enumerate(value)]
    return [one for one, _ in outcomes], [problem for _, problems in outcomes for problem in problems]


def _read_map(value: Mapping[str, Any], kind: Any, path: str, *, form: bool) -> Outcome:
    """Its keys are free; of what it holds, the last argument of the type says what it is."""
    item = (get_args(kind) or (Any,))[-1]
    outcomes = {key: read(one, item, _at(path, key), form=form) for key, one in value.items()}
    return _gathered(outcomes, [])


def _read_record(value: Mapping[str, Any], kind: Any, path: str, *, form: bool) -> Outcome:
    fields = record_fields(kind, value)
    owner = (get_origin(kind) or kind).__name__
    problems = [f"{_at(path, key)}: is not declared by {owner}" for key in value if key not in fields]
    problems += [f"{_at(path, key)}: is missing, and {owner} requires it" for key in _missing(fields, value)]
    outcomes = {
        key: read(one, fields[key].annotation, _at(path, key), form=form) if key in fields else (one, [])
        for key, one in value.items()
    }
    return _gathered(outcomes, [*problems, *_read_reported(value, kind, path)])


def _read_reported(value: Mapping[str, Any], kind: Any, path: str) -> list[str]:
    found = reported(kind, value)
    if not found:
        return []
    inner, cls = found
    place = _at(_at(path, "data"), "object")
    return (
        read(inner, cls, place)[1] if cls else [f"{place}: {inner.get('object')!r} is no object that the client knows"]
    )


def _missing(fields: dict[str, Field], value: Mapping[str, Any]) -> list[str]:
    return [key for key, field in fields.items() if field.required and key not in value]


def _gathered(outcomes: dict[str, Outcome], problems: list[str]) -> Outcome:
    values = {key: value for key, (value, _) in outcomes.items()}
    return values, [*problems, *(problem for _, found in outcomes.values() for problem in found)]


def _at(path: str, key: str) -> str:
    return key if path == WHOLE else f"{path}[{key}]"
