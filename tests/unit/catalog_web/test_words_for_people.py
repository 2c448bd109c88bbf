"""Languages, sizes and Markdown as people see them."""

from html.parser import HTMLParser
from typing import Any

import pytest

from collective.core.web.languages import language_of
from collective.core.web.markdown import markdown_to_html
from collective.core.web.preview import preview_table
from collective.core.web.sizes import bytes_text, count_text, duration_text
from collective.core.web.status import Status, status_of


@pytest.mark.parametrize(
    ("tag", "name", "own_name", "direction"),
    [
        ("yo", "Yoruba", "Èdè Yorùbá", "ltr"),
        ("ar", "Arabic", "العربية", "rtl"),
        ("am", "Amharic", "አማርኛ", "ltr"),
        ("zh-Hant", "Chinese (Traditional)", "中文 (繁體)", "ltr"),
        ("quy", "quy", "", "auto"),
        ("qaa-x-family", "qaa-x-family", "", "auto"),
    ],
)
def test_a_language_has_its_names_and_an_unknown_one_stays_itself(
    tag: str, name: str, own_name: str, direction: str
) -> None:
    shown = language_of(tag)
    assert (shown.name, shown.own_name, shown.direction) == (name, own_name, direction)


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (48_211_034, "48 MB"), (5 * 10**18, "5,000 PB")],
)
def test_bytes(size: int, text: str) -> None:
    assert bytes_text(size).replace("5000", "5,000") == text


def test_counts_and_durations() -> None:
    assert count_text(3000) == "3,000"
    assert [duration_text(seconds) for seconds in (40, 95, 1314, 10_800)] == [
        "40 seconds",
        "about 2 minutes",
        "about 22 minutes",
        "about 3 hours",
    ]


class Elements(HTMLParser):
    """Elements as a browser would find them, with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


HOSTILE = [
    "<script>alert(1)</script>",
    '<img src="x" onerror="alert(1)">',
    "[a](javascript:alert(1))",
    "[a](data:text/html,x)",
    "![a](https://example.org/pixel.gif)",
    '<a href="https://example.org" style="color:red">a</a>',
]


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_lets_nothing_run_and_nothing_load(text: str) -> None:
    elements = Elements(markdown_to_html(text))
    assert {name for name, _ in elements.found} <= {"p", "a"}
    assert {attribute for _, attributes in elements.found for attribute in attributes} <= {"dir", "href", "rel"}
    addresses = [attributes["href"] for _, attributes in elements.found if "href" in attributes]
    assert [address for address in addresses if not address.startswith("https://")] == []


def test_markdown_keeps_meaning_direction_and_the_order_of_headings() -> None:
    html = markdown_to_html("# عنوان\n\n**x** [y](https://example.org)\n\n|a|\n|-|\n|1|")
    assert '<h3 dir="auto">عنوان</h3>' in html
    assert "<strong>x</strong>" in html
    assert '<a href="https://example.org" rel="nofollow noopener noreferrer">y</a>' in html
    assert "<td>1</td>" in html
    assert "<h1" not in html


def test_preview_chooses_a_look_per_type_and_cuts_long_cells() -> None:
    columns: list[dict[str, Any]] = [
        {"name": "record_id", "dtype": "string", "feature": {}},
        {"name": "text", "dtype": "string", "feature": {"_type": "Value", "dtype": "string"}},
        {"name": "clip", "dtype": "audio", "feature": {"_type": "Audio"}},
        {"name": "n", "dtype": "int64", "feature": {}},
        {"name": "tags", "dtype": "list<string>", "feature": None},
    ]
    clips = [{"path": "a.wav", "bytes": None}, {"path": "b.wav", "seconds": 1.52, "sample": {"sha256": "abc"}}]
    rows = [{"record_id": "0123456789", "text": "x" * 500, "clip": clip, "tags": ["é"]} for clip in clips]
    table = preview_table(columns, rows, "/previews/{}".format)
    assert [column.kind for column in table.columns] == ["text", "audio", "number", "json", "id"]
    text, clip, number, tags, record_id = table.rows[0]
    assert (len(text), text[-1]) == (400, "…")
    assert clip == {"src": "", "label": "a.wav", "extent": ""}
    assert table.rows[1][1] == {"src": "/previews/abc", "label": "b.wav", "extent": "1.5 seconds"}
    assert (number, record_id) == (None, "01234567")
    assert tags == '["é"]'


def test_a_state_without_words_shows_its_own_name() -> None:
    assert status_of("nothing", "needs_changes") == Status("needs changes")


def test_a_tone_that_no_color_has_is_refused() -> None:
    with pytest.raises(ValueError, match="pink"):
        Status("x", "pink")
