"""Reading CSV and TSV at the speed of Arrow, as long as nothing is unusual: see `quick.py`.

Arrow forgives what is written behind a closing quotation mark, single carriage returns and NUL bytes; the careful
reader names them. So the bytes are watched on their way, and whatever looks like that is left to it.
"""

import io
from collections.abc import Iterable, Iterator
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from ingestion.domain.problems import BrokenFileError, ProblemList
from ingestion.pipeline.limits import FIELD_CHARACTERS, MIB
from ingestion.pipeline.readers.base import Scan, check_columns
from ingestion.pipeline.readers.delimited import NUMBER, WHOLE, YES_NO, Guess, Table
from ingestion.pipeline.readers.lines import BOM
from ingestion.pipeline.readers.quick import NotQuickError, WiderSchemaError

# Arrow reads up to 32 of them ahead.
BLOCK_BYTES = 3 * MIB // 2
SAMPLE_ROWS = 500
# Longer than any run of quotation marks that is no mistake.
OVERLAP = 64
# Whole numbers of this length are inside 64 bits; longer ones are looked at one by one.
SAFE_DIGITS = 18
YES = pa.array([text for text, value in YES_NO.items() if value])


class QuickDelimited:
    def __init__(self, scan: Scan) -> None:
        self.scan = scan
        self.table = Table(scan)

    def first_schema(self) -> pa.Schema:
        """A guess, from the first rows. Raises NotQuickError."""
        problems = ProblemList()
        try:
            with self.scan.path.open("rb") as file:
                names = self.table.header(file)
                check_columns(names, problems)
                rows = [fields for _, (_, fields, _) in zip(range(SAMPLE_ROWS), self.table.records(), strict=False)]
        except BrokenFileError as error:
            raise NotQuickError from error
        if problems or any(len(fields) != len(names) for fields in rows):
            raise NotQuickError
        columns = zip(*rows, strict=True) if rows else [()] * len(names)
        guesses = [_guess(values) for values in columns]
        return pa.schema([pa.field(name, each.seen_type) for name, each in zip(names, guesses, strict=True)])

    def batches(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """Raises NotQuickError, WiderSchemaError."""
        rows = 0
        with self.scan.path.open("rb") as raw:
            watched = _Watched(raw, self.table.delimiter)
            try:
                for texts in _texts(watched, schema, self.table.delimiter):
                    if watched.is_unusual:
                        raise NotQuickError
                    rows += texts.num_rows
                    self.scan.progress(rows, watched.seen)
                    if texts.num_rows:
                        yield _typed(texts, schema)
            except pa.ArrowInvalid as error:
                raise NotQuickError from error
            if watched.is_unusual:
                raise NotQuickError


def _guess(values: Iterable[str]) -> Guess:
    guess = Guess()
    for text in values:
        guess.see(text)
    return guess


class _Watched(io.RawIOBase):
    """A file whose bytes are looked at while Arrow reads them."""

    def __init__(self, raw: BinaryIO, delimiter: str) -> None:
        super().__init__()
        self.raw, self.seen, self.is_unusual = raw, 0, False
        self._before = b"\n"
        edge = {"\t": r"\t", "|": r"\|"}.get(delimiter, delimiter)
        # A mark that closes a field, and then more; after text, or after nothing.
        self._pattern = rf'[^{edge}\n"]"(?:"")*[^{edge}\r\n"]|[{edge}\n](?:"")+[^{edge}\r\n"]'
        if raw.read(len(BOM)) != BOM:
            raw.seek(0)

    def readable(self) -> bool:
        return True

    def read(self, count: int = -1) -> bytes:
        block = self.raw.read(count)
        self.seen += len(block)
        self.is_unusual = self.is_unusual or self._looks_unusual(self._before + block)
        self._before = block[-OVERLAP:]
        return block

    def _looks_unusual(self, block: bytes) -> bool:
        if b"\x00" in block or block.removesuffix(b"\r").count(b"\r") != block.count(b"\r\n"):
            return True
        if b'"' not in block:
            return False
        # Of bytes, so that no character is looked for; the alternatives are all ASCII.
        return bool(pc.match_substring_regex(pa.array([block], pa.large_binary()), self._pattern)[0].as_py())


def _texts(watched: _Watched, schema: pa.Schema, delimiter: str) -> Iterator[pa.RecordBatch]:
    reading = arrow_csv.ReadOptions(use_threads=False, block_size=BLOCK_BYTES)
    parsing = arrow_csv.ParseOptions(delimiter=delimiter, newlines_in_values=True)
    texts = dict.fromkeys(schema.names, pa.string())
    with arrow_csv.open_csv(
        watched,
        read_options=_named(reading, schema),
        parse_options=parsing,
        convert_options=arrow_csv.ConvertOptions(column_types=texts, strings_can_be_null=False),
    ) as reader:
        yield from reader


def _named(reading: arrow_csv.ReadOptions, schema: pa.Schema) -> arrow_csv.ReadOptions:
    """Our names, which are trimmed; so the header row is skipped."""
    reading.column_names = schema.names
    reading.skip_rows_after_names = 1
    return reading


def _typed(texts: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    columns = [_or_null(column) for column in texts.columns]
    wider = [_widened(field, column) for field, column in zip(schema, columns, strict=True)]
    if not pa.schema(wider).equals(schema):
        raise WiderSchemaError(pa.schema(wider))
    values = [_values(column, field.type) for field, column in zip(schema, columns, strict=True)]
    return pa.record_batch(values, schema=schema)


def _or_null(column: pa.Array) -> pa.Array:
    """An empty text is null."""
    sizes = pc.binary_length(column)
    if (pc.max(sizes).as_py() or 0) > FIELD_CHARACTERS:
        raise NotQuickError  # in bytes; the limit is in characters, which the careful reader counts
    if (pc.min(sizes).as_py() or 0) > 0:
        return column
    return pc.if_else(pc.equal(sizes, 0), pa.scalar(None, pa.string()), column)


def _widened(field: pa.Field, column: pa.Array) -> pa.Field:
    """The field, or a wider one if a text does not fit it."""
    kind = field.type
    if pa.types.is_string(kind) or column.null_count == len(column):
        return field
    if not pa.types.is_null(kind) and _all_fit(column, kind):
        return field
    guess = Guess.of_type(kind)
    for text in column.to_pylist():
        guess.see(text or "")
    return field.with_type(guess.seen_type)


def _all_fit(column: pa.Array, kind: pa.DataType) -> bool:
    if pa.types.is_boolean(kind):
        return pc.all(pc.is_in(column.drop_null(), value_set=pa.array(YES_NO))).as_py() is not False
    pattern = WHOLE if pa.types.is_integer(kind) else NUMBER
    if pc.all(pc.match_substring_regex(column, f"^(?:{pattern.pattern})$")).as_py() is False:
        return False
    return pa.types.is_floating(kind) or (pc.max(pc.binary_length(column)).as_py() or 0) <= SAFE_DIGITS


def _values(column: pa.Array, kind: pa.DataType) -> pa.Array:
    if pa.types.is_null(kind):
        return pa.nulls(len(column))
    if pa.types.is_boolean(kind):
        return pc.if_else(pc.is_valid(column), pc.is_in(column, value_set=YES), pa.scalar(None, pa.bool_()))
    return column.cast(kind)
