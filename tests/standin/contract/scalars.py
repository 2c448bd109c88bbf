"""Single values against declared types: `(value, problems)`. Text of a form comes back as what it stands for."""

import re
import reprlib
from decimal import Decimal
from typing import Any

from stripe import StripeContext

Outcome = tuple[Any, list[str]]

NUMBER = re.compile(r"-?\d+(\.\d+)?")
WHOLE = re.compile(r"-?\d+")
SHORT = reprlib.Repr()
SHORT.maxstring = 80
WORDS = {"true": True, "false": False}


def read_scalar(value: Any, kind: Any, path: str, *, form: bool) -> Outcome:
    stands_for = _out_of_form(value, kind) if form and isinstance(value, str) else value
    return (stands_for, []) if _is(stands_for, kind) else (value, [f"{path}: {brief(value)} is not {_word(kind)}"])


def read_choice(value: Any, choices: tuple[Any, ...], path: str, *, form: bool) -> Outcome:
    stands_for = WORDS.get(value, value) if form and isinstance(value, str) and True in choices else value
    if any(stands_for == choice and type(stands_for) is type(choice) for choice in choices):
        return stands_for, []
    return value, [f"{path}: {brief(value)} is not one of {listed(choices)}"]


def brief(value: Any) -> str:
    return SHORT.repr(value)


def listed(choices: tuple[Any, ...]) -> str:
    """There are more than two hundred types of event."""
    return ", ".join(map(repr, choices[:20])) + (", …" if len(choices) > 20 else "")


def _out_of_form(value: str, kind: Any) -> Any:
    if kind is int and WHOLE.fullmatch(value):
        return int(value)
    if kind is float and NUMBER.fullmatch(value):
        return float(value)
    return WORDS.get(value, value) if kind is bool else value


def _is(value: Any, kind: Any) -> bool:
    """A Decimal travels as text in both directions, also in JSON; so does a context."""
    if kind is Decimal:
        return isinstance(value, str) and NUMBER.fullmatch(value) is not None
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind in {str, StripeContext}:
        return isinstance(value, str)
    return type(value) is kind


def _word(kind: Any) -> str:
    return "null" if kind is type(None) else str(getattr(kind, "__name__", kind))
