"""Which font files a text needs. The Noto fonts come from npm, cut into files by script; nothing is fetched here."""

import json
from functools import cache
from pathlib import Path

from django.conf import settings

FAMILY = "noto-sans"
# Reading one takes up to half a second: a name in a script or two needs one to six.
MOST_FILES = 12
# A character that several have is drawn by the first: Latin before all, simplified Chinese before the others of CJK.
SCRIPTS = (
    "",
    "-arabic",
    "-hebrew",
    "-devanagari",
    "-bengali",
    "-gujarati",
    "-gurmukhi",
    "-kannada",
    "-malayalam",
    "-oriya",
    "-sinhala",
    "-tamil",
    "-telugu",
    "-thai",
    "-lao",
    "-khmer",
    "-myanmar",
    "-georgian",
    "-armenian",
    "-ethiopic",
    "-adlam",
    "-jp",
    "-sc",
    "-kr",
)


def files_for(text: str) -> tuple[list[Path], str]:
    """The files in which the characters of `text` are, and the characters that none has."""
    files: dict[Path, None] = {}
    missing = ""
    for character in sorted(set(text)):
        file = _file_of(character)
        if file is not None and (file in files or len(files) < MOST_FILES):
            files[file] = None
        elif not character.isspace():
            missing += character
    return list(files), missing


def latin() -> Path:
    return _folder("") / "files" / f"{FAMILY}-latin-wght-normal.woff2"


@cache
def _file_of(character: str) -> Path | None:
    point = ord(character)
    return next((file for file, ranges in _index() if any(low <= point <= high for low, high in ranges)), None)


@cache
def _index() -> list[tuple[Path, list[tuple[int, int]]]]:
    return [pair for script in SCRIPTS for pair in _files_of(script)]


def _files_of(script: str) -> list[tuple[Path, list[tuple[int, int]]]]:
    folder = _folder(script)
    table: dict[str, str] = json.loads((folder / "unicode.json").read_bytes())
    # Cut by number ("[4]") or by name ("latin").
    named = ((name.strip("[]"), _ranges(text)) for name, text in table.items())
    return [(folder / "files" / f"{FAMILY}{script}-{name}-wght-normal.woff2", ranges) for name, ranges in named]


def _ranges(text: str) -> list[tuple[int, int]]:
    """`U+0041,U+0370-03FF` as pairs of code points."""
    pairs = (part.removeprefix("U+").partition("-") for part in text.split(","))
    return [(int(low, 16), int(high or low, 16)) for low, _, high in pairs]


def _folder(script: str) -> Path:
    return Path(settings.NODE_MODULES) / "@fontsource-variable" / f"{FAMILY}{script}"
