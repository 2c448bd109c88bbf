"""From a user's file to prepared Parquet: `record_id` first, then the contributor's columns."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from ingestion.domain.problems import ProblemList, broken
from ingestion.pipeline.limits import GIB
from ingestion.pipeline.parquet import GroupedWriter
from ingestion.pipeline.readers.base import Reader, Scan
from ingestion.pipeline.readers.choice import reader_for
from ingestion.pipeline.rows import record_id, row_sha256
from ingestion.pipeline.schema import RECORD_ID, media_columns
from ingestion.pipeline.statistics import StatisticsCounter, presented

# A prepared object is closed after this many bytes, so that a shard never waits for a huge download.
PART_BYTES = GIB
LEVEL = 1


@dataclass
class Prepared:
    """What became of a file. `parts` counts the files `part-00000.parquet` … in the output folder."""

    problems: ProblemList
    parts: int = 0
    rows: int = 0
    statistics: dict[str, Any] = field(default_factory=dict)
    warnings: list[Any] = field(default_factory=list)


def prepare(scan: Scan, output: Path, *, contribution_id: str, file_number: int) -> Prepared:
    """Two passes: look at everything, then write, if nothing was wrong. Raises BrokenFileError."""
    reader = reader_for(scan)
    schema = reader.schema()
    prepared = Prepared(scan.problems, warnings=list(scan.warnings))
    if not scan.problems:
        _write(reader, schema, output, prepared, (contribution_id, file_number))
    return prepared


def _write(reader: Reader, schema: pa.Schema, output: Path, prepared: Prepared, identity: tuple[str, int]) -> None:
    whole = schema.insert(0, pa.field(RECORD_ID, pa.string()))
    counter = StatisticsCounter(schema)
    batches = _identified(reader.batches(schema), whole, counter, identity)
    batch = next(batches, None)
    if batch is None:
        raise broken("empty", "The file has no records.", "Add at least one record below the header.")
    while batch is not None:
        path = output / f"part-{prepared.parts:05d}.parquet"
        with GroupedWriter(path, whole, media=media_columns(whole), level=LEVEL) as writer:
            while batch is not None and writer.written_bytes < PART_BYTES:
                writer.write(batch)
                batch = next(batches, None)
        prepared.parts, prepared.rows = prepared.parts + 1, prepared.rows + writer.rows
    prepared.statistics = presented(counter.totals())


def _identified(
    batches: Iterator[pa.RecordBatch], whole: pa.Schema, counter: StatisticsCounter, identity: tuple[str, int]
) -> Iterator[pa.RecordBatch]:
    contribution_id, file_number = identity
    number = 0
    for batch in batches:
        rows = batch.to_pylist()
        counter.see(batch)
        ids = []
        for row in rows:
            number += 1
            sha256 = row_sha256(row)
            ids.append(
                record_id(contribution_id=contribution_id, file_number=file_number, row_number=number, sha256=sha256)
            )
        yield pa.record_batch([pa.array(ids, pa.string()), *batch.columns], schema=whole)
