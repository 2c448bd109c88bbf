"""What clients put into an address or a body, parsed without trust."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.http import QueryDict
from django.utils.dateparse import parse_datetime

from collective.interop.delta.errors import BadQueryError, ChangesNotToldError

PAGE, MOST = 500, 1000


@dataclass(frozen=True)
class Query:
    """At most one of `version` and `timestamp` is given. Hints about predicates are never read: they are hints."""

    version: int | None = None
    timestamp: datetime | None = None
    limit: int | None = None


def query_of(body: Any) -> Query:
    """Raises BadQueryError, ChangesNotToldError."""
    if not isinstance(body, Mapping):
        raise BadQueryError(name="The body", kind="a JSON object")
    if "startingVersion" in body or "endingVersion" in body:
        raise ChangesNotToldError
    if body.get("version") is not None and body.get("timestamp") is not None:
        raise BadQueryError(name="What to read", kind="named by version or by timestamp, not by both")
    moment = body.get("timestamp")
    return Query(
        _whole(body, "version"), None if moment is None else moment_of(moment, "timestamp"), _whole(body, "limitHint")
    )


def moment_of(text: object, name: str) -> datetime:
    """In UTC, as a time without a zone is. Raises BadQueryError."""
    try:
        found = parse_datetime(text) if isinstance(text, str) else None
        moment = _in_utc(found) if found else None
    except (ValueError, OverflowError):  # well formed, and no time: February 30, or in UTC before the first year
        moment = None
    if moment is None:
        raise BadQueryError(name=name, kind="a time such as 2026-01-31T00:00:00Z")
    return moment


def page_size(query: QueryDict) -> int:
    """`maxResults`: 0 asks for no items, and more than the most is the most. Raises BadQueryError."""
    text = query.get("maxResults", str(PAGE))
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadQueryError(name="maxResults", kind="a whole number that is not negative")
    return min(int(text), MOST)


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _whole(body: Mapping[str, Any], name: str) -> int | None:
    value = body.get(name)
    if value is not None and (type(value) is not int or value < 0):
        raise BadQueryError(name=name, kind="a whole number that is not negative")
    return value
