"""Taking records out of a prepared object: their rows stay in place, without id and values."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from collective.core.storage import published
from ingestion.pipeline.data_file import PREVIEW_ROWS, published_schema, schema_of_file
from ingestion.pipeline.files import file_digests
from ingestion.pipeline.parquet import GroupedWriter
from ingestion.pipeline.preview import preview_of
from ingestion.pipeline.schema import RECORD_ID, is_media, media_columns
from ingestion.pipeline.shards import MEDIA_BATCH_ROWS, TEXT_BATCH_ROWS
from ingestion.pipeline.statistics import StatisticsCounter


@dataclass(frozen=True)
class Redacted:
    """On this machine's disk. `statistics` and `preview` are of the records that are left."""

    path: Path
    sha256: str
    statistics: dict[str, Any]
    preview: list[dict[str, Any]]


def redact(sha256: str, rows: Collection[int], path: Path) -> Redacted:
    """Write the object without these rows to `path`. Raises ObjectNotFoundError."""
    preview: list[dict[str, Any]] = []
    with published().open(sha256) as stored:
        file = pq.ParquetFile(stored, pre_buffer=False)
        schema = schema_of_file(file.schema_arrow)
        target = published_schema(schema)
        counter = StatisticsCounter(pa.schema([field for field in schema if field.name != RECORD_ID]))
        with GroupedWriter(path, target, media=media_columns(schema)) as writer:
            for batch in _redacted(file, schema, np.array(sorted(rows), np.int64)):
                writer.write(pa.record_batch(batch.columns, schema=target))
                left = batch.filter(pc.is_valid(batch.column(RECORD_ID)))
                counter.see(left)
                preview += preview_of(left.slice(0, PREVIEW_ROWS - len(preview)).to_pylist(), schema)
    return Redacted(path, file_digests(path).sha256, counter.totals(), preview)


def _redacted(file: pq.ParquetFile, schema: pa.Schema, rows: np.ndarray[Any, Any]) -> Iterator[pa.RecordBatch]:
    at, size = 0, MEDIA_BATCH_ROWS if any(map(is_media, schema)) else TEXT_BATCH_ROWS
    for batch in file.iter_batches(batch_size=size, use_threads=False):
        gone = rows[(rows >= at) & (rows < at + batch.num_rows)] - at
        yield pa.record_batch(_emptied(batch, gone), schema=schema)
        at += batch.num_rows


def _emptied(batch: pa.RecordBatch, gone: np.ndarray[Any, Any]) -> list[pa.Array]:
    """Null where a row is gone: a place that is null takes nothing over."""
    if not len(gone):
        return list(batch.columns)
    is_gone = np.zeros(batch.num_rows, np.bool_)
    is_gone[gone] = True
    places = pa.array(np.arange(batch.num_rows), mask=is_gone)
    return [column.take(places) for column in batch.columns]
