"""Writing Parquet: the same rows and settings give the same bytes, in memory bounded by one row group."""

import io
from collections.abc import Collection
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ingestion.pipeline.limits import MIB

GROUP_ROWS = 50_000
TEXT_GROUP_BYTES = 32 * MIB
MEDIA_GROUP_BYTES = 16 * MIB
LEVEL = 1
# A dictionary pays for short texts that repeat; for anything else it is work that is thrown away.
DICTIONARY_LENGTH = 40
DICTIONARY_SHARE = 10


class GroupedWriter:
    """Collects batches and writes a row group when it is full, by rows or by bytes.

    No time and no host goes into the file; the codec and its level are fixed. Media bytes are stored plain, as
    `datasets` does: they are compressed already. Which columns have a dictionary, the first row group decides.
    """

    def __init__(self, path: Path, schema: pa.Schema, *, media: Collection[str]) -> None:
        """`media` names the columns that hold recordings or pictures."""
        self.schema, self.media = schema, media
        self.group_bytes = MEDIA_GROUP_BYTES if media else TEXT_GROUP_BYTES
        self.groups = self.rows = 0
        self._waiting: list[pa.RecordBatch] = []
        self._waiting_rows = self._waiting_bytes = 0
        self._file = path.open("wb")
        self._writer: pq.ParquetWriter | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.flush()
        if self._writer is not None:
            self._writer.close()
        self._file.close()

    @property
    def written_bytes(self) -> int:
        return self._file.tell()

    def write(self, batch: pa.RecordBatch) -> None:
        self._waiting.append(batch)
        self._waiting_rows += batch.num_rows
        self._waiting_bytes += batch.nbytes
        if self._waiting_rows >= GROUP_ROWS or self._waiting_bytes >= self.group_bytes:
            self.flush()

    def flush(self) -> None:
        if not self._waiting_rows:
            return
        table = pa.Table.from_batches(self._waiting, self.schema)
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._file, self.schema, **_settings(table, self.media))
        self._writer.write_table(table, row_group_size=table.num_rows)
        self.groups, self.rows = self.groups + 1, self.rows + table.num_rows
        self._waiting, self._waiting_rows, self._waiting_bytes = [], 0, 0


def _settings(table: pa.Table, columns: Collection[str]) -> dict[str, Any]:
    media = {f"{name}.bytes" for name in columns}
    leaves = _leaves(table.schema)
    texts = {name for name, column in zip(table.schema.names, table.columns, strict=True) if _is_text(column)}
    repeating = {name for name in texts if _repeats(table[name])}
    return {
        "compression": {leaf: "none" if leaf in media else "zstd" for leaf in leaves},
        "compression_level": {leaf: LEVEL for leaf in leaves if leaf not in media},
        "use_dictionary": [leaf for leaf in leaves if leaf not in media | (texts - repeating)] or False,
        "write_statistics": [leaf for leaf in leaves if leaf not in media | (texts - repeating)] or False,
        "write_page_index": True,
        "use_content_defined_chunking": True,
        "store_schema": True,
    }


def _is_text(column: pa.ChunkedArray) -> bool:
    return bool(pa.types.is_string(column.type))


def _repeats(column: pa.ChunkedArray) -> bool:
    if column.nbytes > (DICTIONARY_LENGTH + 4) * max(1, len(column)):
        return False
    different: int = pc.count_distinct(column).as_py()
    return different * DICTIONARY_SHARE <= max(len(column), DICTIONARY_SHARE)


def _leaves(schema: pa.Schema) -> list[str]:
    """Paths of the leaf columns, as Parquet itself names them."""
    empty = io.BytesIO()
    pq.write_table(schema.empty_table(), empty)
    columns = pq.ParquetFile(empty).schema
    return [columns.column(each).path for each in range(len(columns))]
