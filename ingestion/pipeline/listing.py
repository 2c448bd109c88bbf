"""A few records of a prepared object as people recognize them: every value cut short, media by their file names."""

import json
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from collective.core.storage import published
from ingestion.pipeline.data_file import schema_of_file
from ingestion.pipeline.schema import RECORD_ID, is_media
from ingestion.pipeline.shards import groups_with

BATCH_ROWS = 500
LONGEST = 160


def rows_shown(sha256: str, first_row: int, count: int) -> Iterator[dict[str, str]]:
    """By column, without empty values. Reads no recording and no picture. Raises ObjectNotFoundError."""
    with published().open(sha256) as stored:
        file = pq.ParquetFile(stored, pre_buffer=False)
        columns = [_leaf(field) for field in schema_of_file(file.schema_arrow) if field.name != RECORD_ID]
        before, groups = groups_with(file, first_row, count)
        skip = first_row - before
        for batch in file.iter_batches(BATCH_ROWS, row_groups=groups, columns=columns, use_threads=False):
            wanted = batch.slice(skip, count)
            skip, count = max(0, skip - batch.num_rows), count - wanted.num_rows
            yield from map(_shown, wanted.to_pylist())
            if not count:
                return


def _leaf(field: pa.Field) -> str:
    return f"{field.name}.path" if is_media(field) else str(field.name)


def _shown(row: dict[str, Any]) -> dict[str, str]:
    return {name: _short(value) for name, value in row.items() if value not in (None, "")}


def _short(value: Any) -> str:
    if isinstance(value, dict) and set(value) == {"path"}:
        value = value["path"] or "…"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
