"""What clients ask for, parsed."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.http import QueryDict

from collective.core.api.pagination import InvalidCursorError
from collective.interop.delta.errors import BadQueryError
from collective.interop.delta.paging import Names, after, page
from collective.interop.delta.requests import Query, page_size, query_of

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
NAMES = [("a", "x"), ("a", "y"), ("a-b", "x"), ("b", "x")]


def test_queries() -> None:
    assert query_of({}) == Query()
    assert query_of({"version": 0, "limitHint": 5, "jsonPredicateHints": "{}"}) == Query(version=0, limit=5)
    for text in ("2026-01-31T12:00:00Z", "2026-01-31T13:00:00+01:00", "2026-01-31 12:00:00"):
        assert query_of({"timestamp": text}).timestamp == NOON


@pytest.mark.parametrize(
    "body",
    [
        [],
        None,
        {"version": -1},
        {"version": True},
        {"version": 1.0},
        {"limitHint": "10"},
        {"version": 0, "timestamp": "2026-01-31T12:00:00Z"},
        {"timestamp": "yesterday"},
        {"timestamp": "2026-02-30T12:00:00Z"},
        {"timestamp": 1769860800},
        {"timestamp": "0001-01-01T00:00:00+14:00"},
        {"timestamp": "9999-12-31T23:59:59-14:00"},
    ],
)
def test_bad_queries(body: Any) -> None:
    with pytest.raises(BadQueryError):
        query_of(body)


@pytest.mark.parametrize(
    ("text", "size"), [("", 500), ("maxResults=7", 7), ("maxResults=0", 0), ("maxResults=5000", 1000)]
)
def test_page_sizes(text: str, size: int) -> None:
    assert page_size(QueryDict(text)) == size


@pytest.mark.parametrize("text", ["-1", "many", "٣", "9" * 5000])
def test_bad_page_sizes(text: str) -> None:
    with pytest.raises(BadQueryError):
        page_size(QueryDict(f"maxResults={text}"))


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
def test_pages_hold_everything_once(size: int) -> None:
    seen: list[Names] = []
    start: Names = ()
    while True:
        shown = page(NAMES, start=start, size=size, path="/p")
        seen += shown.names
        if not shown.token:
            break
        start = after(shown.token, "/p")
    assert seen == NAMES


def test_an_empty_page_keeps_its_place() -> None:
    token = page(NAMES, start=("a", "y"), size=0, path="/p").token
    assert after(token, "/p") == ("a", "y")
    assert page(NAMES, start=NAMES[-1], size=0, path="/p").token == ""


def test_a_token_is_good_for_its_own_list() -> None:
    token = page(NAMES, start=(), size=1, path="/p").token
    for bad, path in ((token, "/q"), (f"{token}x", "/p"), ("forged", "/p")):
        with pytest.raises(InvalidCursorError):
            after(bad, path)
