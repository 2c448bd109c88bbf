"""From the columns and first records of a version to the table that people read."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LONGEST_CELL = 400
NUMBERS = ("int", "uint", "float", "double", "decimal")


@dataclass(frozen=True)
class PreviewColumn:
    """`kind` chooses the look of a cell: text, number, audio, image or json."""

    name: str
    dtype: str
    kind: str


@dataclass(frozen=True)
class PreviewTable:
    columns: list[PreviewColumn]
    rows: list[list[Any]]


def preview_table(columns: Sequence[Mapping[str, Any]], records: Sequence[Mapping[str, Any]]) -> PreviewTable:
    """`columns`: [{"name", "dtype", "feature"}]; `records`: values by column name, of which some may be missing."""
    shown = [PreviewColumn(each["name"], _dtype(each), _kind(each)) for each in columns]
    return PreviewTable(shown, [[_cell(record.get(column.name), column) for column in shown] for record in records])


def _feature(column: Mapping[str, Any]) -> str:
    """`feature` is a name, or a Hugging Face feature such as {"_type": "Audio", "sampling_rate": 16000}."""
    feature = column.get("feature") or ""
    return str(feature.get("_type", "")) if isinstance(feature, Mapping) else str(feature)


def _dtype(column: Mapping[str, Any]) -> str:
    feature = _feature(column).lower()
    return feature if feature in {"audio", "image"} else str(column.get("dtype", ""))


def _kind(column: Mapping[str, Any]) -> str:
    dtype = _dtype(column)
    if dtype in {"audio", "image"}:
        return dtype
    if dtype.startswith(NUMBERS):
        return "number"
    return "json" if dtype.startswith(("list", "struct", "map", "large_list")) else "text"


def _cell(value: Any, column: PreviewColumn) -> Any:
    if value is None:
        return None
    if column.kind in {"audio", "image"}:
        return _media(value)
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list | bool) else str(value)
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"


def _media(value: Any) -> dict[str, str]:
    """A player needs `src`; without it the file's name stands for the clip."""
    fields = value if isinstance(value, Mapping) else {"label": value}
    return {"src": str(fields.get("src") or ""), "label": str(fields.get("label") or fields.get("path") or "")}
