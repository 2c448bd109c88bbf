"""How a value of any column is written into an index file that the SDK's loader reads with pandas."""

import json
import math
import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

# What is said of a file lies next to it with this one.
SIDECAR = ".json"
_ENDING = re.compile(r"(?!\.json)\.[a-z0-9]{1,5}", re.ASCII | re.IGNORECASE)
# The first bytes of the media that are taken here.
MAGIC = {
    b"RIFF": ".wav",
    b"fLaC": ".flac",
    b"OggS": ".ogg",
    b"ID3": ".mp3",
    b"\xff\xfb": ".mp3",
    b"\x89PNG": ".png",
    b"\xff\xd8": ".jpg",
}
Media = Mapping[str, Any]


def cell(value: Any) -> str | int | float | None:
    """Texts and numbers as they are; lists, objects and times as JSON or ISO 8601. Numbers that are none are empty."""
    if value is None or _is_no_number(value):
        return None
    if isinstance(value, str | int | float):
        return value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def sidecar(fields: Mapping[str, Any]) -> bytes:
    """Fields of one record, with their types, as JSON. Numbers that are none are null."""
    said = {name: None if _is_no_number(value) else value for name, value in fields.items()}
    return json.dumps(said, ensure_ascii=False, sort_keys=True, default=str).encode()


def _is_no_number(value: Any) -> bool:
    return isinstance(value, float) and not math.isfinite(value)


def ending(media: Media, content: bytes) -> str:
    """As in the contributor's own name, where that has one; else by the first bytes."""
    name = str(media.get("path") or "").rpartition("/")[2]
    dot = name.rfind(".")
    if dot > 0 and _ENDING.fullmatch(name[dot:]):
        return name[dot:].lower()
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return ".webp"
    return next((each for magic, each in MAGIC.items() if content.startswith(magic)), ".bin")


def folder_names(columns: list[str]) -> dict[str, str]:
    """A folder per media column: plain letters, and no two the same."""
    found: dict[str, str] = {}
    for number, column in enumerate(columns):
        plain = re.sub(r"[^A-Za-z0-9_-]+", "_", column, flags=re.ASCII).strip("_") or "media"
        while plain in found.values():
            plain = f"{plain}-{number}"
        found[column] = plain
    return found
