"""The few records that everybody may see: texts cut short, media described and not shown."""

import math
from collections.abc import Iterable
from typing import Any

import pyarrow as pa

from ingestion.pipeline.media import AudioFacts, UnreadableMediaError, media_facts
from ingestion.pipeline.schema import feature_of, is_media

LONGEST_TEXT = 300
MOST_ITEMS = 10


def preview_of(rows: Iterable[dict[str, Any]], schema: pa.Schema) -> list[dict[str, Any]]:
    """JSON-ready records in the columns of the schema."""
    return [{field.name: _shown(row[field.name], field) for field in schema} for row in rows]


def _shown(value: Any, field: pa.Field) -> Any:
    if value is not None and is_media(field):
        return _described(value, feature_of(field)["_type"].lower())
    return _short(value)


def _short(value: Any) -> Any:
    if isinstance(value, str):
        return value if len(value) <= LONGEST_TEXT else f"{value[: LONGEST_TEXT - 1]}…"
    if isinstance(value, list):
        return [_short(each) for each in value[:MOST_ITEMS]]
    if isinstance(value, dict):
        return {name: _short(each) for name, each in value.items()}
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)  # JSON has no such number
    return value if isinstance(value, int | float | type(None)) else str(value)


def _described(value: dict[str, Any], kind: str) -> dict[str, Any]:
    data = value["bytes"] or b""
    described: dict[str, Any] = {"_type": kind, "path": value["path"], "bytes": len(data)}
    try:
        facts = media_facts(data)
    except UnreadableMediaError:
        return described
    if isinstance(facts, AudioFacts):
        return {**described, "seconds": round(facts.seconds, 3), "sampling_rate": facts.sampling_rate}
    return {**described, "width": facts.width, "height": facts.height}
