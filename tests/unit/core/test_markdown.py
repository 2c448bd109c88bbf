"""Users' Markdown: words, lists, tables and links come through; nothing that acts, loads or pretends does (F9, F15)."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collective.core.web.markdown import LENGTH_MAX, markdown_to_html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![remote](https://evil.example/x.png)",
        '<iframe src="https://evil.example"></iframe>',
        '<a href="javascript:alert(1)">x</a>',
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](//evil.example)",
        "[x](vbscript:x)",
        '<p style="position:fixed" id="content" class="skip">x</p>',
        "<svg onload=alert(1)>",
        "<form action=/account/keys/><button>",
        "```html\n<script>alert(1)</script>\n```",
        "<style>body{display:none}</style>",
        '<base href="https://evil.example/">',
    ],
)
def test_nothing_acts(text: str) -> None:
    html = str(markdown_to_html(text)).lower()
    tags = {part.split(">")[0].split()[0].strip("/") for part in html.split("<")[1:]}
    assert tags <= {"p", "pre", "code", "a"}
    inside_tags = "".join(part.split(">")[0] for part in html.split("<")[1:])
    for attribute in ("onerror", "onload", "style=", "id=", "class=", "action=", "src="):
        assert attribute not in inside_tags
    assert inside_tags.count("href=") == inside_tags.count('href="https://')


def test_links_lead_away_without_a_recommendation() -> None:
    html = markdown_to_html("[paper](https://example.org/a?b=1&c=2)")
    assert 'href="https://example.org/a?b=1&amp;c=2"' in html
    assert 'rel="nofollow noopener noreferrer"' in html


def test_what_people_write_comes_through() -> None:
    html = markdown_to_html("# Title\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n* **bold** and `code`\n\n1. one\n")
    for expected in ("<h3", ">Title<", "<table", "<td>1</td>", "<strong>bold</strong>", "<code>code</code>", "<ol"):
        assert expected in html


def test_text_of_any_direction_finds_its_own() -> None:
    assert '<p dir="auto">مرحبا</p>' in markdown_to_html("مرحبا")


@pytest.mark.parametrize("pattern", ["[", "*", "`", "> ", "- ", "|", "[a](", "_a ", "<a "])
@pytest.mark.parametrize("length", [LENGTH_MAX, 1_000_000])
def test_hostile_text_takes_no_long_time(pattern: str, length: int) -> None:
    text = (pattern * length)[:length]
    started = time.process_time()
    markdown_to_html(text)
    assert time.process_time() - started < 5


@given(st.text(max_size=300))
def test_any_text_becomes_some_html(text: str) -> None:
    assert "<script" not in markdown_to_html(text).lower()
