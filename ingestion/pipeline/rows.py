"""The records of a stored Parquet object as Python values, a few at a time."""

from collections.abc import Iterator
from typing import Any, BinaryIO

import pyarrow.parquet as pq

from ingestion.pipeline.schema import media_columns

# A recording may have megabytes, a text hardly any.
MEDIA_ROWS, TEXT_ROWS = 16, 2000


def read_rows(stored: BinaryIO) -> Iterator[list[dict[str, Any]]]:
    """In the order of the file. Media are `{"bytes", "path"}`, as they are stored."""
    file = pq.ParquetFile(stored, pre_buffer=False)
    size = MEDIA_ROWS if media_columns(file.schema_arrow) else TEXT_ROWS
    for batch in file.iter_batches(size, use_threads=False):
        yield batch.to_pylist()
