"""The strict parser agrees with json on everything that it takes, and takes nothing that a database refuses."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collective.core.api.parsers import InvalidJsonError, parse_strictly

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
NUMBERS = st.integers(-(2**63) + 1, 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
    max_leaves=20,
)


@given(VALUES)
def test_good_json_is_read_as_json_reads_it(value: Any) -> None:
    assert parse_strictly(json.dumps(value).encode()) == value
    assert parse_strictly(json.dumps(value, ensure_ascii=False).encode()) == value


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    with suppress(InvalidJsonError):  # anything else would be a bug of ours, answered with a 500
        assert parse_strictly(raw) == json.loads(raw)


@given(TEXT, VALUES, VALUES)
def test_a_name_given_twice_is_refused(name: str, first: Any, second: Any) -> None:
    key = json.dumps(name)
    with pytest.raises(InvalidJsonError, match="twice"):
        parse_strictly(f"[{{{key}: {json.dumps(first)}, {key}: {json.dumps(second)}}}]".encode())


def test_depth() -> None:
    assert parse_strictly(b"[" * 64 + b"]" * 64)
    with pytest.raises(InvalidJsonError, match="64 levels"):
        parse_strictly(b"[" * 65 + b"]" * 65)


def test_the_place_of_a_mistake_is_named() -> None:
    with pytest.raises(InvalidJsonError, match="line 2, column 8"):
        parse_strictly(b'{\n  "a": nonsense}')
