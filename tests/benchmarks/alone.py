"""Sharding alone: read, give ids, write, name by content. No checks, no statistics, no record hashes.

`python -m tests.benchmarks.alone INPUT FOLDER`, with the parts and settings of the real step, `pipeline/prepare.py`.
INPUT "import" only loads the libraries, so that their cost can be taken off.
"""

import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from ingestion.pipeline.child import without_pandas
from ingestion.pipeline.data_file import published_schema
from ingestion.pipeline.parquet import GroupedWriter
from ingestion.pipeline.prepare import PART_BYTES
from ingestion.pipeline.readers.base import Scan
from ingestion.pipeline.readers.choice import quick_reader_for, reader_for
from ingestion.pipeline.records import RecordIds, id_column
from ingestion.pipeline.schema import RECORD_ID, media_columns, settled


def shards(source: Path, folder: Path) -> None:
    schema, batches = _opened(source)
    whole = schema.insert(0, pa.field(RECORD_ID, pa.string()))
    ids, number = RecordIds("benchmark"), 0
    batch = next(batches, None)
    while batch is not None:
        path = folder / f"part-{number:05d}.parquet"
        with GroupedWriter(path, published_schema(whole), media=media_columns(whole)) as writer:
            while batch is not None and writer.written_bytes < PART_BYTES:
                columns = [id_column(ids.take(batch.num_rows)), *batch.cast(schema).columns]
                writer.write(pa.record_batch(columns, schema=published_schema(whole)))
                batch = next(batches, None)
        with path.open("rb") as file:
            path.rename(folder / f"{hashlib.file_digest(file, 'sha256').hexdigest()}.parquet")
        number += 1


def _opened(source: Path) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    scan = Scan(source, lambda _rows, _bytes: None)
    quick = quick_reader_for(scan)
    if quick is not None:
        guessed = quick.first_schema()
        return settled(guessed), quick.batches(guessed)
    reader = reader_for(scan)
    schema = reader.schema()
    return schema, reader.batches(schema)


def main() -> None:
    source, folder = sys.argv[1:]
    without_pandas()
    if source != "import":
        shards(Path(source), Path(folder))
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
