"""Reading JSONL at the speed of Arrow, as long as nothing is unusual about it.

The careful reader in `jsonl.py` says what is right; this one gives the same rows or gives up. It guesses the columns
from a sample, so a value that does not fit the guess is not an error: the columns widen, and the piece starts again.
"""

from collections.abc import Iterator
from typing import BinaryIO, Protocol

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import json as arrow_json

from ingestion.domain.problems import BrokenFileError, ProblemList
from ingestion.pipeline.limits import LINE_BYTES, MIB
from ingestion.pipeline.readers.base import Scan, check_columns
from ingestion.pipeline.readers.columns import ColumnTypes
from ingestion.pipeline.readers.jsonl import NotAnObjectError, parse_object
from ingestion.pipeline.readers.lines import BOM

BLOCK_BYTES = 4 * MIB
SAMPLE_BYTES = MIB


class NotQuickError(Exception):
    """Something here needs the careful reader."""


class WiderSchemaError(Exception):
    """A value does not fit. Start again with `schema`."""

    def __init__(self, schema: pa.Schema) -> None:
        self.schema = schema
        super().__init__(str(schema))


class QuickReader(Protocol):
    def __init__(self, scan: Scan) -> None: ...

    def first_schema(self) -> pa.Schema:
        """A guess. Raises NotQuickError."""

    def batches(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """In the columns of `schema`. Raises NotQuickError, WiderSchemaError."""


class QuickJsonLines:
    def __init__(self, scan: Scan) -> None:
        self.scan = scan

    def first_schema(self) -> pa.Schema:
        """A guess, from the first lines of the whole file where they are known. Raises NotQuickError."""
        if self.scan.sample is not None:
            block = self.scan.sample.read_bytes()
            return _seen_in(block[: block.rfind(b"\n") + 1], ColumnTypes(ProblemList()))
        with self.scan.path.open("rb") as file:
            file.seek(self.scan.begin)
            return _seen_in(whole_lines(file, SAMPLE_BYTES), ColumnTypes(ProblemList()))

    def batches(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """Raises NotQuickError, WiderSchemaError."""
        left, rows = self.scan.size, 0
        with self.scan.path.open("rb") as file:
            file.seek(self.scan.begin)
            while left > 0:
                block = whole_lines(file, min(BLOCK_BYTES, left))
                left -= len(block)
                batch = _parsed(block, schema)
                rows += batch.num_rows
                self.scan.progress(rows, self.scan.size - left)
                if batch.num_rows:
                    yield batch


def whole_lines(file: BinaryIO, wanted: int) -> bytes:
    """About `wanted` bytes, to the end of a line. Raises NotQuickError for a line too long."""
    block = file.read(wanted)
    if block.endswith(b"\n") or len(block) < wanted:
        return block
    rest = file.readline(LINE_BYTES + 1)
    if len(block) - block.rfind(b"\n") - 1 + len(rest) > LINE_BYTES:
        raise NotQuickError
    return block + rest


def _parsed(block: bytes, schema: pa.Schema) -> pa.RecordBatch:
    options = arrow_json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="error")
    # One block, or a line that is split over two of them could be guessed at.
    reading = arrow_json.ReadOptions(use_threads=False, block_size=len(block) + 1)
    try:
        table = arrow_json.read_json(pa.BufferReader(block), read_options=reading, parse_options=options)
        table.validate(full=True)
    except pa.ArrowInvalid as error:
        raise _wider(block, schema) from error
    if not _has_as_many_rows(table.num_rows, block) or not all(map(_is_finite, table.columns)):
        raise NotQuickError
    batches = table.combine_chunks().to_batches()
    return batches[0] if batches else pa.record_batch([pa.nulls(0, each.type) for each in schema], schema=schema)


def _wider(block: bytes, schema: pa.Schema) -> Exception:
    types = ColumnTypes(ProblemList())
    types.types = {field.name: field.type for field in schema}
    try:
        wider = _seen_in(block, types)
    except NotQuickError as error:
        return error
    return NotQuickError() if wider.equals(schema) else WiderSchemaError(wider)


def _seen_in(block: bytes, types: ColumnTypes) -> pa.Schema:
    try:
        for number, line in enumerate(block.removeprefix(BOM).decode("utf-8").split("\n"), start=1):
            if line.strip():
                types.see(parse_object(line), number)
    except (NotAnObjectError, BrokenFileError, UnicodeDecodeError) as error:
        raise NotQuickError from error
    check_columns(list(types.types), types.problems)
    if types.problems or not types.types:
        raise NotQuickError
    return types.seen()


def _has_as_many_rows(rows: int, block: bytes) -> bool:
    """Arrow would also read two objects from one line, or one from two."""
    lines = block.count(b"\n") + (not block.endswith(b"\n"))
    return rows == lines or rows == sum(1 for line in block.split(b"\n") if line.strip())


def _is_finite(column: pa.ChunkedArray) -> bool:
    """JSON has no infinity, but Arrow reads one."""
    return all(pc.all(pc.is_finite(floats)).as_py() is not False for floats in _floats(column))


def _floats(column: pa.ChunkedArray) -> Iterator[pa.ChunkedArray]:
    """The numbers with a fraction in a column, however deep in lists and objects."""
    kind = column.type
    if pa.types.is_floating(kind):
        yield column
    elif pa.types.is_list(kind):
        yield from _floats(pc.list_flatten(column))
    elif pa.types.is_struct(kind):
        for number in range(kind.num_fields):
            yield from _floats(pc.struct_field(column, number))
