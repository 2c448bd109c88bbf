"""Building one shard: rows of prepared objects, in order, in the version's schema."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from collective.catalog.domain.merkle import record_leaf
from collective.core.storage import published
from ingestion.domain.plan import Segment
from ingestion.pipeline.parquet import GroupedWriter
from ingestion.pipeline.preview import preview_of
from ingestion.pipeline.rows import row_sha256
from ingestion.pipeline.schema import RECORD_ID, hub_features, is_media, media_columns
from ingestion.pipeline.statistics import StatisticsCounter

TEXT_BATCH_ROWS = 2000
MEDIA_BATCH_ROWS = 64
PREVIEW_ROWS = 5


@dataclass(frozen=True)
class BuiltShard:
    """A shard and its leaves on this machine's disk, not yet in the store."""

    path: Path
    sha256: str
    git_sha1: str
    size: int
    rows: int
    row_groups: int
    leaves_path: Path
    leaves_sha256: str
    statistics: dict[str, Any]
    preview: list[dict[str, Any]]


def published_schema(schema: pa.Schema) -> pa.Schema:
    """The schema as it stands in the files: Hugging Face features in the metadata, nothing else of ours."""
    features = {"info": {"features": hub_features(schema)}}
    plain = [field.remove_metadata() for field in schema]
    return pa.schema(plain, {"huggingface": json.dumps(features, ensure_ascii=False)})


def build(segments: Iterable[Segment], schema: pa.Schema, folder: Path) -> BuiltShard:
    """Write the shard and its Merkle leaves into `folder`. The same segments and schema give the same bytes."""
    path, leaves_path = folder / "shard.parquet", folder / "leaves"
    counter = StatisticsCounter(pa.schema([field for field in schema if field.name != RECORD_ID]))
    shown: list[dict[str, Any]] = []
    target = published_schema(schema)
    with GroupedWriter(path, target, media=media_columns(schema)) as writer, leaves_path.open("wb") as leaves:
        for segment in segments:
            taken = 0
            for batch in segment_batches(segment, schema):
                rows = batch.to_pylist()
                counter.see(batch)
                leaves.writelines(record_leaf(row[RECORD_ID], row_sha256(row)) for row in rows)
                # A few of each contribution, so that the preview shows what is different among them.
                shown.extend(preview_of(rows[: max(0, PREVIEW_ROWS - taken)], schema))
                taken += len(rows)
                writer.write(pa.record_batch(batch.columns, schema=target))
    return BuiltShard(
        path=path,
        sha256=file_digest(path, "sha256"),
        git_sha1=git_blob_sha1(path),
        size=path.stat().st_size,
        rows=writer.rows,
        row_groups=writer.groups,
        leaves_path=leaves_path,
        leaves_sha256=file_digest(leaves_path, "sha256"),
        statistics=counter.totals(),
        preview=shown,
    )


def segment_batches(segment: Segment, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """The segment's rows in the columns of `schema`; a column that the object lacks is null. Reads only its groups."""
    batch_rows = MEDIA_BATCH_ROWS if any(map(is_media, schema)) else TEXT_BATCH_ROWS
    with published().open(segment.prepared_sha256) as stored:
        file = pq.ParquetFile(stored, pre_buffer=False)
        skipped, groups = _groups(file, segment)
        left, skip = segment.rows, segment.first_row - skipped
        for batch in file.iter_batches(batch_size=batch_rows, row_groups=groups, use_threads=False):
            wanted = batch.slice(skip, left)
            skip = max(0, skip - batch.num_rows)
            left -= wanted.num_rows
            if wanted.num_rows:
                yield _in_schema(wanted, schema)
            if left == 0:
                return
    raise ValueError(f"{segment.prepared_sha256} has {left} rows too few")


def file_digest(path: Path, algorithm: str) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, algorithm).hexdigest()


def git_blob_sha1(path: Path) -> str:
    """The name that git gives to these bytes."""
    digest = hashlib.sha1(f"blob {path.stat().st_size}\0".encode(), usedforsecurity=False)
    with path.open("rb") as file:
        while block := file.read(1024 * 1024):
            digest.update(block)
    return digest.hexdigest()


def _groups(file: pq.ParquetFile, segment: Segment) -> tuple[int, list[int]]:
    """Rows before the first group that is needed, and the groups that hold the segment."""
    before, first, groups = 0, None, []
    end = segment.first_row + segment.rows
    for number in range(file.metadata.num_row_groups):
        rows = file.metadata.row_group(number).num_rows
        if before + rows > segment.first_row and before < end:
            first = before if first is None else first
            groups.append(number)
        before += rows
    return first or 0, groups


def _in_schema(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    columns = []
    for field in schema:
        at = batch.schema.get_field_index(field.name)
        column = batch.column(at) if at >= 0 else pa.nulls(batch.num_rows, field.type)
        columns.append(column if column.type.equals(field.type) else column.cast(field.type))
    return pa.record_batch(columns, schema=schema)
