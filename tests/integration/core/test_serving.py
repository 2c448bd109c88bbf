"""Ranges, conditions and headers of a served file (hub reference 2, reliability case B13), with every byte compared."""

from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponseBase
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from collective.core.web.files import serve_file

CONTENT = bytes(range(200))
SIZE = len(CONTENT)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("served") / "file"
    path.write_bytes(CONTENT)
    return path


def ask(file: Path, *, method: str = "get", filename: str = "", **headers: str) -> HttpResponseBase:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = getattr(RequestFactory(), method)("/", headers=named)
    return serve_file(request, file, etag="abc", filename=filename)


def body(response: HttpResponseBase) -> bytes:
    return b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]  # both kinds


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=10-19", 10, 19),
        ("bytes=190-", 190, 199),
        ("bytes=0-", 0, 199),
        ("bytes=-5", 195, 199),
        ("bytes=-1000", 0, 199),
        ("bytes=150-100000", 150, 199),
        ("Bytes = 1-2", 1, 2),
        ("bytes=199-199", 199, 199),
    ],
)
def test_a_range_is_exact(file: Path, asked: str, first: int, last: int) -> None:
    response = ask(file, Range=asked)
    assert response.status_code == 206
    assert body(response) == CONTENT[first : last + 1]
    assert response.headers["Content-Range"] == f"bytes {first}-{last}/{SIZE}"
    assert response.headers["Content-Length"] == str(last - first + 1)


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=200-", "bytes=200-300", "bytes=-0", "bytes=5-2", "bytes=-", "bytes=", "bytes=a-b", "bytes=-1,0-",
        "bytes=0-1,3-4", "bytes=" + ",".join(["0-0"] * 10_000), "bytes=0-0" + "0" * 40, "bytes=+1-2", "bytes=١-٢",
    ],
)  # fmt: skip
def test_what_cannot_be_served_exactly_is_416(file: Path, asked: str) -> None:
    response = ask(file, Range=asked)
    assert (response.status_code, body(response)) == (416, b"")
    assert response.headers["Content-Range"] == f"bytes */{SIZE}"


@given(first=st.integers(0, 250), length=st.integers(0, 250))
def test_any_range_equals_the_slice(file: Path, first: int, length: int) -> None:
    response = ask(file, Range=f"bytes={first}-{first + length}")
    expected = CONTENT[first : first + length + 1]
    assert (response.status_code, body(response)) == ((206, expected) if expected else (416, b""))


def test_without_a_range_the_file_is_whole(file: Path) -> None:
    response = ask(file)
    assert (response.status_code, body(response)) == (200, CONTENT)
    assert response.headers["Content-Length"] == str(SIZE)
    assert response.headers["Accept-Ranges"] == "bytes"
    assert "Content-Range" not in response.headers


def test_another_unit_is_ignored(file: Path) -> None:
    assert ask(file, Range="lines=1-2").status_code == 200


def test_head_says_what_get_would_and_sends_nothing(file: Path) -> None:
    for headers in ({}, {"Range": "bytes=5-9"}):
        head, get = ask(file, method="head", **headers), ask(file, **headers)
        assert (head.status_code, dict(head.headers)) == (get.status_code, dict(get.headers))
        assert body(head) == b""


@pytest.mark.parametrize(
    ("if_range", "status"), [('"abc"', 206), ('"old"', 200), ('W/"abc"', 200), ("Wed, 21 Oct 2015 07:28:00 GMT", 200)]
)
def test_if_range_guards_a_resumed_download(file: Path, if_range: str, status: int) -> None:
    response = ask(file, Range="bytes=10-", If_Range=if_range)
    assert (response.status_code, body(response)) == (status, CONTENT[10:] if status == 206 else CONTENT)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"If_None_Match": '"abc"'}, 304),
        ({"If_None_Match": 'W/"abc", "x"'}, 304),
        ({"If_None_Match": "*"}, 304),
        ({"If_None_Match": '"x"'}, 200),
        ({"If_Match": '"abc"'}, 200),
        ({"If_Match": "*"}, 200),
        ({"If_Match": '"x"'}, 412),
        ({"If_None_Match": '"abc"', "Range": "bytes=500-"}, 304),
    ],
)
def test_conditions(file: Path, headers: dict[str, str], status: int) -> None:
    response = ask(file, **headers)
    assert (response.status_code, body(response)) == (status, CONTENT if status == 200 else b"")
    assert response.headers["ETag"] == '"abc"'


def test_users_bytes_are_never_a_page_of_ours(file: Path) -> None:
    headers: Any = ask(file, filename="a/b/evil\r\nX: y.html").headers
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["Content-Disposition"] == (
        "attachment; filename=\"evil__X__y.html\"; filename*=UTF-8''evil%0D%0AX%3A%20y.html"
    )


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "empty").write_bytes(b"")
    whole, part = ask(tmp_path / "empty"), ask(tmp_path / "empty", Range="bytes=0-")
    assert (whole.status_code, body(whole), whole.headers["Content-Length"]) == (200, b"", "0")
    assert part.status_code == 416


def test_other_methods_are_refused(file: Path) -> None:
    assert ask(file, method="post").status_code == 405
