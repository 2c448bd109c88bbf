"""The bodies of v1: what the client writes is what is read."""

from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stripe._encode import _api_encode

from tests.standin.contract import MixedFormError, decode


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", {}),
        ("amount=5&currency=usd", {"amount": "5", "currency": "usd"}),
        ("metadata[intent]=p_1", {"metadata": {"intent": "p_1"}}),
        ("metadata=", {"metadata": ""}),
        ("items[0][price]=a&items[1][price]=b", {"items": [{"price": "a"}, {"price": "b"}]}),
        ("expand%5B1%5D=b&expand%5B0%5D=a", {"expand": ["a", "b"]}),
        ("x[10]=k&x[9]=j", {"x": ["j", "k"]}),
        ("expand[]=a&expand[]=b", {"expand": ["a", "b"]}),
        ("m[0]=a&m[k]=b", {"m": {"0": "a", "k": "b"}}),
        ("created[gte]=1&created[lt]=2", {"created": {"gte": "1", "lt": "2"}}),
        ("name=R%26D+caf%C3%A9", {"name": "R&D café"}),
    ],
)
def test_a_form_is_nested_data(body: str, expected: dict[str, Any]) -> None:
    assert decode(body) == expected


@pytest.mark.parametrize("body", ["a=1&a[b]=2", "a[b]=2&a=1", "a[b]=1&a[b][c]=2", "a=1&a=2", "a[0]=1&a[0]=1"])
def test_a_name_is_a_value_or_a_map_and_is_there_once(body: str) -> None:
    with pytest.raises(MixedFormError):
        decode(body)


NAMES = st.text("abcdefgh_", min_size=1)
NESTED = st.recursive(
    st.text(min_size=1),
    lambda inner: st.lists(inner, min_size=1, max_size=3) | st.dictionaries(NAMES, inner, min_size=1, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(NAMES, NESTED))
def test_what_the_client_writes_is_what_is_read(params: dict[str, Any]) -> None:
    assert decode(urlencode(list(_api_encode(params)))) == params
