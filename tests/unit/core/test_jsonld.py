"""JSON-LD in a page: the same data for a machine, and no way out of its element for a text (F18)."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collective.core.web.jsonld import jsonld_script

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.mark.parametrize("text", ["</script><script>alert(1)</script>", "<!--", "]]>", "\u2028\u2029", "&lt;", "'\"\\"])
def test_no_text_ends_the_element(text: str) -> None:
    html = jsonld_script({"name": text})
    inner = html.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert not set("<>&\u2028\u2029") & set(inner)
    assert json.loads(inner) == {"name": text}


@given(st.dictionaries(TEXT, TEXT | st.integers() | st.lists(TEXT)))
def test_the_data_stays_the_same(data: dict[str, Any]) -> None:
    match = re.fullmatch(r'<script type="application/ld\+json">([^<>&]*)</script>', jsonld_script(data))
    assert match is not None
    assert json.loads(match[1]) == data
