"""Parquet: read batch by batch, counting what comes out; dictionaries are written out only once they were counted."""

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.domain.problems import BrokenFileError, broken
from ingestion.pipeline.limits import COLUMNS, GROUP_ROWS, expansion_limit
from ingestion.pipeline.readers.base import BATCH_ROWS, Scan, check_columns
from ingestion.pipeline.readers.media_columns import MediaColumns
from ingestion.pipeline.readers.types import BATCH_BYTES, kept_batches, kept_fields, weight


class ParquetReader:
    def __init__(self, scan: Scan) -> None:
        self.scan = scan

    def schema(self) -> pa.Schema:
        with self._open() as file:
            self._check_footer(file)
            fields = kept_fields(file.schema_arrow, self.scan.problems)
            check_columns(file.schema_arrow.names, self.scan.problems)
            if not self.scan.problems:
                media = MediaColumns(self.scan, fields)
                for batch in self._batches(file):
                    media.see(batch)
        return pa.schema(list(fields.values()))

    def batches(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        with self._open() as file:
            for batch in self._batches(file):
                yield from kept_batches(batch, schema)

    def _open(self) -> pq.ParquetFile:
        """Texts stay in their dictionaries: one long text that stands in a million rows is read once."""
        try:
            with pq.ParquetFile(self.scan.path, memory_map=False, pre_buffer=False) as file:
                paths = [file.schema.column(at).path for at in range(len(file.schema))]
                texts = [path for at, path in enumerate(paths) if file.schema.column(at).physical_type == "BYTE_ARRAY"]
            return pq.ParquetFile(
                self.scan.path,
                memory_map=False,
                pre_buffer=False,
                arrow_extensions_enabled=False,
                read_dictionary=texts,
            )
        except (pa.ArrowException, OSError) as error:
            raise _unreadable() from error

    def _check_footer(self, file: pq.ParquetFile) -> None:
        meta = file.metadata
        if meta.num_columns > COLUMNS:
            raise broken("too_many_columns", f"There are {meta.num_columns} columns.", f"Keep at most {COLUMNS}.")
        groups = [meta.row_group(each) for each in range(meta.num_row_groups)]
        if any(group.num_rows > GROUP_ROWS for group in groups):
            raise broken(
                "row_group_too_large", "A row group has more than a million rows.", "Write it with smaller row groups."
            )
        if sum(group.total_byte_size for group in groups) > expansion_limit(self.scan.path.stat().st_size):
            raise _expands(0)

    def _batches(self, file: pq.ParquetFile) -> Iterator[pa.RecordBatch]:
        size = self.scan.path.stat().st_size
        limit, decoded, rows = expansion_limit(size), 0, 0
        try:
            for batch in file.iter_batches(batch_size=_batch_rows(file), use_threads=False):
                decoded, rows = decoded + weight(batch), rows + batch.num_rows
                if decoded > limit:
                    raise _expands(rows)
                self.scan.progress(rows, min(size, size * rows // max(1, file.metadata.num_rows)))
                yield batch
        except (pa.ArrowException, OSError) as error:
            raise _unreadable(rows + 1) from error


def _batch_rows(file: pq.ParquetFile) -> int:
    """As many as weigh BATCH_BYTES by what the file says; what it really holds is counted."""
    meta = file.metadata
    groups = [meta.row_group(each) for each in range(meta.num_row_groups)]
    heaviest = max((group.total_byte_size // max(1, group.num_rows) for group in groups), default=0)
    return max(1, min(BATCH_ROWS, BATCH_BYTES // max(1, heaviest)))


def _expands(row: int) -> BrokenFileError:
    return broken(
        "expands_too_much",
        "The file unpacks to many times its own size.",
        "Write it again without repeated filler data, or split it.",
        row=row or None,
    )


def _unreadable(row: int | None = None) -> BrokenFileError:
    return broken("invalid_parquet", "The Parquet file is damaged.", "Write the file again and replace it.", row=row)
