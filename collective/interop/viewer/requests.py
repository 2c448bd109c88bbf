"""What is asked for: a dataset by its name, and one of its configs and splits where a route needs it."""

from django.http import QueryDict

from collective.catalog.errors import DatasetNotFoundError
from collective.core.errors import InvalidError

PAGE = 100


class MissingParameterError(InvalidError):
    code = "missing_parameter"
    text = "Add {names} to the address."


class BadRowsError(InvalidError):
    code = "bad_rows"
    text = "`offset` is a whole number from 0, and `length` one from 0 to {most}."


def dataset_name(query: QueryDict) -> tuple[str, str]:
    """Organization and slug. Raises MissingParameterError, DatasetNotFoundError."""
    [name] = required(query, "dataset")
    organization, slash, slug = name.partition("/")
    if not slash:
        raise DatasetNotFoundError
    return organization, slug


def required(query: QueryDict, *names: str) -> list[str]:
    """Their values. Raises MissingParameterError."""
    missing = [f"`{name}`" for name in names if not query.get(name)]
    if missing:
        raise MissingParameterError(names=" and ".join(missing))
    return [str(query[name]) for name in names]


def slice_of(query: QueryDict) -> tuple[int, int]:
    """(offset, length). Raises BadRowsError."""
    offset, length = query.get("offset", "0"), query.get("length", str(PAGE))
    if not all(text.isascii() and text.isdigit() and len(text) < 19 for text in (offset, length)):
        raise BadRowsError(most=PAGE)
    if int(length) > PAGE:
        raise BadRowsError(most=PAGE)
    return int(offset), int(length)
