"""The head of a card."""

import pytest

from collective.interop.hub.uploads.card import head_of, problems_of

pytestmark = pytest.mark.once
FAR_FROM_YAML = [
    f"---\na: {value}\n---\n"
    for value in (
        "2026-13-45",
        "9" * 5000,
        "!!bool maybe",
        "!!timestamp x",
        "!!int x",
        "[" * 3000,
        "!!python/name:os.x",
    )
]


@pytest.mark.parametrize("content", ["", "# Title", "---\n---\n", "---\r\na: 1\r\n---\r\ntext", "---\nno end"])
def test_good_heads(content: str) -> None:
    assert problems_of(content) == []


@pytest.mark.parametrize(
    "content", [None, 3, "---\n- a\n---\n", "---\na: [\n---\n", "---\na: b: c\n---", *FAR_FROM_YAML]
)
def test_bad_heads(content: object) -> None:
    assert len(problems_of(content)) == 1


def test_a_very_long_head_is_left_to_people() -> None:
    assert problems_of(f"---\na: [{'1,' * 40_000}\n---\n") == []


def test_the_head_of_what_nobody_can_read_is_empty() -> None:
    assert head_of("---\na: 1\n---\n") == {"a": 1}
    for content in ("", "# Title", "---\n- a\n---\n", *FAR_FROM_YAML):
        assert head_of(content) == {}
