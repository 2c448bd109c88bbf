"""JSON as strict as a database wants it: what we accept means one thing, and can be stored and said again."""

import json
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from rest_framework.parsers import JSONParser

from collective.core.errors import InvalidError, TooLargeError

BODY_MAX = 1024 * 1024
DEPTH_MAX = 64
INTEGER_MAX = 2**63 - 1


class InvalidJsonError(InvalidError):
    code = "invalid_json"
    text = "The body is not JSON that we accept: {why}."


class BodyTooLargeError(TooLargeError):
    code = "body_too_large"
    text = "A JSON body has at most 1 MiB. Send data files through an upload."


class StrictJSONParser(JSONParser):
    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        raw = stream.read(BODY_MAX + 1)
        if len(raw) > BODY_MAX:
            raise BodyTooLargeError
        return parse_strictly(raw)


def parse_strictly(raw: bytes) -> Any:
    """Raises InvalidJsonError."""
    try:
        value = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_refuse_constant,
            parse_int=_integer,
            parse_float=_number,
        )
    except UnicodeDecodeError:
        raise InvalidJsonError(why="it is not UTF-8") from None
    except RecursionError:
        raise InvalidJsonError(why=f"it is nested more than {DEPTH_MAX} levels deep") from None
    except json.JSONDecodeError as error:
        raise InvalidJsonError(why=f"line {error.lineno}, column {error.colno}: {error.msg}") from None
    _check(value, DEPTH_MAX)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise InvalidJsonError(why="a name occurs twice in one object")
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise InvalidJsonError(why=f"{name} is not a JSON number")


def _integer(digits: str) -> int:
    if len(digits) > len(str(-INTEGER_MAX)) or abs(int(digits)) > INTEGER_MAX:
        raise InvalidJsonError(why="a whole number has more than 63 bits")
    return int(digits)


def _number(digits: str) -> float:
    number = float(digits)
    if number in {float("inf"), float("-inf")}:
        raise InvalidJsonError(why="a number is too large")
    return number


def _check(value: Any, depth: int) -> None:
    if isinstance(value, str):
        _check_text(value)
    if isinstance(value, dict | list):
        if depth == 0:
            raise InvalidJsonError(why=f"it is nested more than {DEPTH_MAX} levels deep")
        for each in [*value, *value.values()] if isinstance(value, dict) else value:
            _check(each, depth - 1)


def _check_text(text: str) -> None:
    """No database column takes NUL, and half a surrogate pair is no character."""
    if "\0" in text:
        raise InvalidJsonError(why="a text has a NUL character")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InvalidJsonError(why="a text has half of a surrogate pair") from None
