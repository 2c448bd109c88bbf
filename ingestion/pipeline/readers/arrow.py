"""Arrow IPC, as a file or as a stream. A file is a stream between two marks; its index at the end is not asked."""

from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa

from ingestion.domain.problems import BrokenFileError, broken
from ingestion.pipeline.limits import GROUP_ROWS, MESSAGE_BYTES, MIB, expansion_limit
from ingestion.pipeline.readers.arrow_frames import BadFrameError, Frame, frames
from ingestion.pipeline.readers.base import Scan, check_columns
from ingestion.pipeline.readers.media_columns import MediaColumns
from ingestion.pipeline.readers.types import kept_batches, kept_fields, weight

FILE_MARK = b"ARROW1"
FILE_START = 8


class ArrowReader:
    def __init__(self, scan: Scan) -> None:
        self.scan = scan

    def schema(self) -> pa.Schema:
        self._check_frames()
        with self._open() as stream:
            fields = kept_fields(stream.schema, self.scan.problems)
            check_columns(stream.schema.names, self.scan.problems)
            if not self.scan.problems:
                media = MediaColumns(self.scan, fields)
                for batch in self._batches(stream):
                    media.see(batch)
        return pa.schema(list(fields.values()))

    def batches(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        with self._open() as stream:
            for batch in self._batches(stream):
                yield from kept_batches(batch, schema)

    def _check_frames(self) -> None:
        """Everything that would be unpacked, added up by what the headers say; Arrow allocates exactly that."""
        left = expansion_limit(self.scan.path.stat().st_size)
        try:
            with self.scan.path.open("rb") as file:
                file.seek(self._start())
                for frame in frames(file):
                    left -= frame.unpacked
                    if left < 0:
                        raise _expands()
                    _check_size(frame)
        except BadFrameError as error:
            raise _unreadable() from error

    def _start(self) -> int:
        with self.scan.path.open("rb") as file:
            if file.read(len(FILE_MARK)) != FILE_MARK:
                return 0
            file.seek(-len(FILE_MARK), 2)
            if file.read() != FILE_MARK:
                raise _unreadable()
        return FILE_START

    @contextmanager
    def _open(self) -> Iterator[pa.RecordBatchStreamReader]:
        try:
            with pa.OSFile(str(self.scan.path)) as file:
                file.seek(self._start())
                with pa.ipc.open_stream(file, options=pa.ipc.IpcReadOptions(use_threads=False)) as stream:
                    yield stream
        except (pa.ArrowException, OSError) as error:
            raise _unreadable() from error

    def _batches(self, stream: pa.RecordBatchStreamReader) -> Iterator[pa.RecordBatch]:
        size = self.scan.path.stat().st_size
        left, rows = expansion_limit(size), 0
        for batch in stream:
            batch.validate(full=True)
            left, rows = left - weight(batch), rows + batch.num_rows
            if left < 0:
                raise _expands(rows)
            # Where the file stands is known only to Arrow; rows are what people see move.
            self.scan.progress(rows, 0)
            yield batch


def _check_size(frame: Frame) -> None:
    if frame.unpacked > MESSAGE_BYTES or not 0 <= frame.rows <= GROUP_ROWS:
        raise broken(
            "batch_too_large",
            f"A batch has more than {GROUP_ROWS:,} rows or {MESSAGE_BYTES // MIB} MiB.",
            "Write the file with smaller record batches.",
        )


def _expands(row: int | None = None) -> BrokenFileError:
    return broken(
        "expands_too_much",
        "The file unpacks to many times its own size.",
        "Write it again without repeated filler data, or split it.",
        row=row,
    )


def _unreadable() -> BrokenFileError:
    return broken("invalid_arrow", "The Arrow file is damaged.", "Write the file again and replace it.")
