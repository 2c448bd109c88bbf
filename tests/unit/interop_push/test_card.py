"""The head of a card."""

import pytest

from collective.interop.hub.uploads.card import problems_of

pytestmark = pytest.mark.once


@pytest.mark.parametrize("content", ["", "# Title", "---\n---\n", "---\r\na: 1\r\n---\r\ntext", "---\nno end"])
def test_good_heads(content: str) -> None:
    assert problems_of(content) == []


@pytest.mark.parametrize("content", [None, 3, "---\n- a\n---\n", "---\na: [\n---\n", "---\na: b: c\n---"])
def test_bad_heads(content: object) -> None:
    assert len(problems_of(content)) == 1
