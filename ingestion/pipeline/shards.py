"""Building one shard: rows of prepared objects, in order, in the version's schema."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from collective.core.storage import published
from ingestion.domain.plan import Segment
from ingestion.domain.splitting import CONFIG, SPLIT, Layout, Place
from ingestion.pipeline.data_file import PREVIEW_ROWS, DataFileWriter
from ingestion.pipeline.files import Digests, file_digests, records_root
from ingestion.pipeline.laying_out import Assigner
from ingestion.pipeline.records import ids_in
from ingestion.pipeline.schema import RECORD_ID, is_media
from ingestion.selectors import stored_sha256

TEXT_BATCH_ROWS = 2000
MEDIA_BATCH_ROWS = 64


@dataclass(frozen=True)
class BuiltShard:
    """A shard and its record list on this machine's disk, not yet in the store."""

    path: Path
    digests: Digests
    rows: int
    row_groups: int
    records_path: Path
    records_sha256: str
    records_root: str
    statistics: dict[str, Any]
    preview: list[dict[str, Any]]


def build(segments: Iterable[Segment], schema: pa.Schema, folder: Path, layout: Layout) -> BuiltShard:
    """Write the shard and its record list into `folder`. The same segments and schema give the same bytes."""
    path = folder / "shard.parquet"
    with DataFileWriter(path, schema) as writer:
        for segment in segments:
            taken = 0
            for batch in rows_in_place(segment, schema, layout):
                # A few of each contribution, so that the preview shows what is different among them.
                writer.show(batch, max(0, PREVIEW_ROWS - taken))
                taken += batch.num_rows
                writer.write(batch, ids_in(batch.column(RECORD_ID)))
    return BuiltShard(
        path=path,
        digests=file_digests(path),
        rows=writer.rows,
        row_groups=writer.groups,
        records_path=writer.records_path,
        records_sha256=file_digests(writer.records_path).sha256,
        records_root=records_root(writer.records_path, rows=writer.rows),
        statistics=writer.statistics.totals(),
        preview=writer.preview,
    )


def rows_in_place(segment: Segment, schema: pa.Schema, layout: Layout) -> Iterator[pa.RecordBatch]:
    """The segment's rows; of those it spans, the ones in its place that are neither left out nor erased."""
    if segment.span is None:
        yield from segment_batches(segment, schema)
        return
    assigner, rows, at = Assigner(layout), 0, segment.first_row
    for batch in segment_batches(replace(segment, rows=segment.span), schema):
        for place, part in assigner.divide(_without(batch, at, segment.left_out)):
            if place == segment.place:
                rows += part.num_rows
                yield part
        at += batch.num_rows
    if rows != segment.rows:
        raise ValueError(f"{segment.prepared_sha256} has {rows} rows for {segment.place}, not {segment.rows}")


def rows_by_place(segment: Segment, schema: pa.Schema, layout: Layout) -> dict[Place, int]:
    """How many of the segment's rows the layout puts where. Reads no more columns than it needs.

    An erased row is missing, unless all rows are in one place by rule.
    """
    if layout == Layout():
        return {(CONFIG, SPLIT): segment.rows}
    assigner, counts = Assigner(layout), Counter[Place]()
    for batch in segment_batches(segment, _needed(schema, layout)):
        for place, part in assigner.divide(_without(batch, 0, ())):
            counts[place] += part.num_rows
    return dict(counts)


def places_of_rows(
    segment: Segment, rows: Collection[int], schema: pa.Schema, layout: Layout
) -> dict[Place, list[int]]:
    """Where the layout puts single rows of the segment's object, which holds all of them; erased ones as above."""
    if layout == Layout():
        return {(CONFIG, SPLIT): sorted(rows)}
    assigner, at, found = Assigner(layout), segment.first_row, defaultdict[Place, list[int]](list)
    for batch in segment_batches(segment, _needed(schema, layout)):
        for row in sorted(row for row in rows if at <= row < at + batch.num_rows):
            for place, part in assigner.divide(_without(batch.slice(row - at, 1), row, ())):
                if part.num_rows:
                    found[place].append(row)
        at += batch.num_rows
    return dict(found)


def segment_batches(segment: Segment, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """The segment's rows in the columns of `schema`; a column that the object lacks is null. Reads only its groups."""
    batch_rows = MEDIA_BATCH_ROWS if any(map(is_media, schema)) else TEXT_BATCH_ROWS
    with published().open(stored_sha256(segment.prepared_sha256)) as stored:
        file = pq.ParquetFile(stored, pre_buffer=False)
        skipped, groups = groups_with(file, segment.first_row, segment.rows)
        left, skip = segment.rows, segment.first_row - skipped
        held = [field.name for field in schema if field.name in file.schema_arrow.names]
        for batch in file.iter_batches(batch_size=batch_rows, row_groups=groups, columns=held, use_threads=False):
            wanted = batch.slice(skip, left)
            skip = max(0, skip - batch.num_rows)
            left -= wanted.num_rows
            if wanted.num_rows:
                yield _in_schema(wanted, schema)
            if left == 0:
                return
    raise ValueError(f"{segment.prepared_sha256} has {left} rows too few")


def _needed(schema: pa.Schema, layout: Layout) -> pa.Schema:
    return pa.schema([field for field in schema if field.name in (RECORD_ID, *layout.columns)])


def _without(batch: pa.RecordBatch, first_row: int, left_out: Collection[int]) -> pa.RecordBatch:
    """The batch begins at `first_row` of its object. An erased row has no id, and goes in any case."""
    gone = [row - first_row for row in left_out if first_row <= row < first_row + batch.num_rows]
    ids = batch.column(RECORD_ID)
    if not gone and not ids.null_count:
        return batch
    kept = np.array(pc.is_valid(ids).to_pylist())
    kept[gone] = False
    return batch.filter(pa.array(kept, pa.bool_()))


def groups_with(file: pq.ParquetFile, first_row: int, count: int) -> tuple[int, list[int]]:
    """Rows before the first row group that is needed, and the groups that hold these rows."""
    before, first, groups = 0, None, []
    end = first_row + count
    for number in range(file.metadata.num_row_groups):
        rows = file.metadata.row_group(number).num_rows
        if before + rows > first_row and before < end:
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
