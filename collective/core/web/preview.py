"""From the columns and first records of a version to the table that people read."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

LONGEST_CELL = 400
SHORT_ID = 8
RECORD_ID = "record_id"
MediaUrl = Callable[[str], str]
NUMBERS = ("int", "uint", "float", "double", "decimal")


@dataclass(frozen=True)
class PreviewColumn:
    """`kind` chooses the look of a cell: text, number, audio, image, json or id."""

    name: str
    dtype: str
    kind: str


@dataclass(frozen=True)
class PreviewTable:
    columns: list[PreviewColumn]
    rows: list[list[Any]]


def preview_table(
    columns: Sequence[Mapping[str, Any]], records: Sequence[Mapping[str, Any]], media_url: MediaUrl = str
) -> PreviewTable:
    """`columns`: [{"name", "dtype", "feature"}]; `records`: values by column name, of which some may be missing.

    `media_url` gives the address of a cell's `sample` (a clip or thumbnail) from its SHA-256.
    """
    # What people come for first; our own id of the record last.
    ordered = sorted(columns, key=lambda each: each["name"] == RECORD_ID)
    shown = [PreviewColumn(each["name"], _dtype(each), _kind(each)) for each in ordered]
    rows = [[_cell(record.get(column.name), column, media_url) for column in shown] for record in records]
    return PreviewTable(shown, rows)


def _feature(column: Mapping[str, Any]) -> str:
    """`feature` is a name, or a Hugging Face feature such as {"_type": "Audio", "sampling_rate": 16000}."""
    feature = column.get("feature") or ""
    return str(feature.get("_type", "")) if isinstance(feature, Mapping) else str(feature)


def _dtype(column: Mapping[str, Any]) -> str:
    feature = _feature(column).lower()
    return feature if feature in {"audio", "image"} else str(column.get("dtype", ""))


def _kind(column: Mapping[str, Any]) -> str:
    if column["name"] == RECORD_ID:
        return "id"
    dtype = _dtype(column)
    if dtype in {"audio", "image"}:
        return dtype
    if dtype.startswith(NUMBERS):
        return "number"
    return "json" if dtype.startswith(("list", "struct", "map", "large_list")) else "text"


def _cell(value: Any, column: PreviewColumn, media_url: MediaUrl) -> Any:
    if value is None:
        return None
    if column.kind in {"audio", "image"}:
        return _media(value, media_url)
    if column.kind == "id":
        return str(value)[:SHORT_ID]
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list | bool) else str(value)
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"


def _media(value: Any, media_url: MediaUrl) -> dict[str, str]:
    """A player needs `src`; without it the file's name stands for the clip. `extent` is how long or large it is."""
    fields = value if isinstance(value, Mapping) else {"label": value}
    sample = fields.get("sample")
    return {
        "src": media_url(sample["sha256"]) if sample else "",
        "label": str(fields.get("label") or fields.get("path") or ""),
        "extent": _extent(fields),
    }


def _extent(fields: Mapping[str, Any]) -> str:
    if seconds := fields.get("seconds"):
        return _("%(seconds)s seconds") % {"seconds": f"{seconds:.1f}"}
    return f"{fields['width']} × {fields['height']}" if fields.get("width") else ""
