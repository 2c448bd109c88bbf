"""What kind of data a push brings: by the endings of its files and by the columns that a loader wrote into the card.

Pure. A client does not say it, and bytes are not read here.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from collective.interop.hub.uploads.card import head_of

# A name may stand for a long list in YAML: no more columns than these are looked at.
MOST_COLUMNS = 1000
ENDINGS = {
    "audio": {"wav", "flac", "mp3", "ogg", "opus", "m4a"},
    "image": {"png", "jpg", "jpeg", "webp", "gif", "tif", "tiff", "bmp"},
    "text": {"txt"},
}


def kind_of(paths: Iterable[str], card: str | None) -> str:
    """`audio`, `image` or `text`; empty when it may as well be a table."""
    endings = {path.rpartition(".")[2].lower() for path in paths}
    found = {kind for kind, known in ENDINGS.items() if endings & known}
    columns = list(islice(_columns(head_of(card or "")), MOST_COLUMNS))
    if columns and set(columns) <= {"string", "class_label"} and "string" in columns:
        found.add("text")
    return next((kind for kind in ("audio", "image", "text") if kind in found | set(columns)), "")


def _columns(head: dict[Any, Any]) -> Iterator[str]:
    """The type of each column of each config: `dtype: audio`, or `dtype: {audio: {sampling_rate: 16000}}`."""
    for config in _listed(head.get("dataset_info")):
        for column in _listed(config.get("features")):
            dtype = column.get("dtype")
            yield next(iter(dtype), "") if isinstance(dtype, dict) else str(dtype)[:40]


def _listed(value: object) -> list[dict[Any, Any]]:
    """One config is written without a list."""
    rows = value if isinstance(value, list) else [value]
    return [row for row in rows if isinstance(row, dict)]
