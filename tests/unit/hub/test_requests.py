"""What clients send, parsed without trust."""

import pytest
from django.http import QueryDict

from collective.core.errors import InvalidError
from collective.interop.hub.errors import BadCursorError, BadPathError
from collective.interop.hub.requests import clean_path, cursor, flag, paths_wanted

FORM, JSON = "application/x-www-form-urlencoded", "application/json"


@pytest.mark.parametrize("text", ["true", "True", "1"])
def test_flags(text: str) -> None:
    assert flag(QueryDict(f"recursive={text}"), "recursive") is True
    assert flag(QueryDict("recursive=False"), "recursive") is False
    assert flag(QueryDict(""), "recursive") is False


def test_paths_from_a_form() -> None:
    assert paths_wanted(FORM, b"paths=a&paths=b%2Fc&expand=False") == (["a", "b/c"], False)


def test_paths_from_json() -> None:
    assert paths_wanted(JSON, b'{"paths": ["a"], "expand": true}') == (["a"], True)
    assert paths_wanted(f"{JSON}; charset=utf-8", b'{"paths": "a"}') == (["a"], False)


@pytest.mark.parametrize("body", [b"[]", b"{", b'{"paths": 1}', b'{"paths": [1]}', b"\xff"])
def test_nonsense_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidError):
        paths_wanted(JSON, body)


def test_a_form_of_endless_paths_is_refused() -> None:
    with pytest.raises(BadPathError):
        paths_wanted(FORM, b"&".join([b"paths=a"] * 10_011))


@pytest.mark.parametrize("path", ["../x", "a/../b", "/etc/passwd", "a//b", "a/", "./a", "a\\b", "a\nb", "a\0b", ""])
def test_a_path_that_climbs_is_refused(path: str) -> None:
    with pytest.raises(BadPathError):
        clean_path(path)


@pytest.mark.parametrize("path", ["README.md", ".huggingface.yaml", "en/train-00000-of-00004.parquet", "a..b"])
def test_a_plain_path_is_kept(path: str) -> None:
    assert clean_path(path) == path


def test_cursor() -> None:
    assert cursor(QueryDict("")) == 0
    assert cursor(QueryDict("cursor=1000")) == 1000


@pytest.mark.parametrize("text", ["-1", "x", "", "١", "9" * 10])
def test_a_cursor_that_we_did_not_give_is_refused(text: str) -> None:
    query = QueryDict(mutable=True)
    query["cursor"] = text
    with pytest.raises(BadCursorError):
        cursor(query)
