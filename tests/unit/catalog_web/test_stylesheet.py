"""What the look promises, read from the files themselves."""

import re
from pathlib import Path

import pytest
from django.conf import settings

LARGEST_STYLESHEET = 20_000
TEXT_CONTRAST = 7
SHAPE_CONTRAST = 3
CSS = (settings.BASE_DIR / "static/css/collective.css").read_text()
TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
COLORS = {name: pair for name, *pair in re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", CSS)}
PAIRS = [
    ("ink", "paper surface sunken accent-wash amber-wash loss-wash", TEXT_CONTRAST),
    ("ink-soft", "paper surface sunken", TEXT_CONTRAST),
    ("accent", "paper surface sunken accent-wash", TEXT_CONTRAST),
    ("amber", "paper surface amber-wash", TEXT_CONTRAST),
    ("loss", "paper surface loss-wash", TEXT_CONTRAST),
    ("on-accent", "accent accent-strong", TEXT_CONTRAST),
    ("edge", "paper surface", SHAPE_CONTRAST),
]


def luminance(color: str) -> float:
    parts = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "grounds", "least"), PAIRS, ids=[pair[0] for pair in PAIRS])
def test_contrast(front: str, grounds: str, least: int, theme: int) -> None:
    for ground in grounds.split():
        darker, lighter = sorted(luminance(COLORS[name][theme]) for name in (front, ground))
        assert (lighter + 0.05) / (darker + 0.05) >= least, f"{front} on {ground}"


def test_the_stylesheet_stays_small() -> None:
    assert len(CSS.encode()) < LARGEST_STYLESHEET


def test_lines_follow_the_direction_of_the_script() -> None:
    physical = r"(?<![\w-])(margin|padding|border)-(left|right)|(?<![\w-])(left|right):|text-align: (left|right)"
    assert re.search(physical, CSS) is None


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_no_template_has_inline_style_or_script(path: Path) -> None:
    text = path.read_text()
    assert re.search(r'\sstyle="|<style|\son[a-z]+="|javascript:', text) is None
    assert re.search(r"<script(?![^>]*\ssrc=)", text) is None


def test_every_component_says_how_to_use_it() -> None:
    frame = {"site_header.html", "site_footer.html"}
    components = [
        path for path in (settings.BASE_DIR / "templates/components").glob("*.html") if path.name not in frame
    ]
    assert len(components) > 12
    assert [path.name for path in components if not path.read_text().startswith("{% comment %}")] == []
