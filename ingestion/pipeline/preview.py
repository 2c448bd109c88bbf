"""The few records that everybody may see: texts cut short, media described and not shown."""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import pyarrow as pa

from ingestion.pipeline.media import AudioFacts, UnreadableMediaError, media_facts
from ingestion.pipeline.schema import RECORD_ID, feature_of, is_media

# Of one record, as JSON. There are at most a few dozen in a version.
MOST_BYTES = 16_384
PER_CONFIG, ALL_CONFIGS = 10, 100
Record = dict[str, Any]
Shown = TypeVar("Shown")


@dataclass(frozen=True)
class Brevity:
    """How much is left of a value."""

    text: int
    items: int
    depth: int


BRIEF, BRIEFER = Brevity(text=300, items=10, depth=8), Brevity(text=40, items=3, depth=2)


def preview_of(rows: Iterable[Record], schema: pa.Schema) -> list[Record]:
    """JSON-ready records in the columns of the schema, as many as given. Take the first rows of a batch only."""
    return [_within_limit(row, schema) for row in rows]


def spread_by_config(parts: Sequence[tuple[str, Sequence[Shown]]]) -> dict[str, list[Shown]]:
    """Of each config a few records, spread over its parts (config, what a shard shows) in their order."""
    found: dict[str, list[Shown]] = {}
    for config, records in parts:
        found.setdefault(config, []).extend(records)
    most = max(1, min(PER_CONFIG, ALL_CONFIGS // max(1, len(found))))
    return {config: records[:: max(1, len(records) // most)][:most] for config, records in found.items()}


def _within_limit(row: Record, schema: pa.Schema) -> Record:
    """Shorter values where a record has very many; then only as many columns as have room, and the others empty."""
    for brevity in (BRIEF, BRIEFER):
        record = {field.name: _shown(row[field.name], field, brevity) for field in schema}
        if _size(record) <= MOST_BYTES:
            return record
    room = MOST_BYTES
    for name, value in record.items():
        room -= _size({name: value})
        if room < 0 and name != RECORD_ID:
            record[name] = None
    return record


def _size(record: Record) -> int:
    return len(json.dumps(record, ensure_ascii=False).encode())


def _shown(value: Any, field: pa.Field, brevity: Brevity) -> Any:
    if value is not None and is_media(field):
        return _described(value, feature_of(field)["_type"].lower())
    return _short(value, brevity, brevity.depth)


def _short(value: Any, brevity: Brevity, depth: int) -> Any:
    if isinstance(value, str):
        return _cut(value, brevity.text)
    if isinstance(value, list | dict):
        return _shorter(value, brevity, depth - 1) if depth else "…"
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)  # JSON has no such number
    return value if isinstance(value, int | float | type(None)) else str(value)


def _shorter(value: Any, brevity: Brevity, depth: int) -> Any:
    if isinstance(value, list):
        return [_short(each, brevity, depth) for each in value[: brevity.items]]
    return {_cut(name, brevity.text): _short(each, brevity, depth) for name, each in value.items()}


def _cut(text: str, most: int) -> str:
    """PostgreSQL has no place in JSON for U+0000, which is shown as what it is: unreadable."""
    shown = text[: most + 1].replace("\x00", "\ufffd")
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"


def _described(value: Record, kind: str) -> Record:
    data = value["bytes"] or b""
    described: Record = {"_type": kind, "path": value["path"] and _cut(value["path"], BRIEF.text), "bytes": len(data)}
    try:
        facts = media_facts(data)
    except UnreadableMediaError:
        return described
    if isinstance(facts, AudioFacts):
        return {**described, "seconds": round(facts.seconds, 3), "sampling_rate": facts.sampling_rate}
    return {**described, "width": facts.width, "height": facts.height}
