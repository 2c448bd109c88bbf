"""CSV and TSV: a header row, then records; types are read from all values of a column."""

import csv
import io
import re
from collections.abc import Iterator
from typing import Any, BinaryIO, Self

import pyarrow as pa

from ingestion.domain.problems import Problem, ProblemList, broken
from ingestion.pipeline.limits import FIELD_CHARACTERS
from ingestion.pipeline.readers.base import BATCH_ROWS, Scan, check_columns
from ingestion.pipeline.readers.columns import batch_of
from ingestion.pipeline.readers.lines import lines
from ingestion.pipeline.schema import INT64

# A leading zero or plus makes it a code, not a number: “007” stays text.
WHOLE = re.compile(r"-?(0|[1-9]\d{0,18})", re.ASCII)
NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d{1,3})?", re.ASCII)
YES_NO = {"true": True, "false": False, "True": True, "False": False, "TRUE": True, "FALSE": False}
# In a tie the first: a comma is the one that also stands in prose.
DELIMITERS = "\t;|,"
SAMPLE_BYTES = 65_536
SAMPLE_ROWS = 50
csv.field_size_limit(FIELD_CHARACTERS)


class DelimitedReader:
    def __init__(self, scan: Scan) -> None:
        self.scan = scan
        self.names: list[str] = []

    def schema(self) -> pa.Schema:
        table = Table(self.scan)
        with self.scan.path.open("rb") as file:
            self.names = table.header(file)
            check_columns(self.names, self.scan.problems)
            guesses = [Guess() for _ in self.names]
            for number, fields, offset in table.records():
                if fields_fit(fields, self.names, number, self.scan.problems):
                    for guess, text in zip(guesses, fields, strict=True):
                        guess.see(text)
                self.scan.progress(number, offset)
        return pa.schema([pa.field(name, guess.type) for name, guess in zip(self.names, guesses, strict=True)])

    def batches(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        rows: list[dict[str, Any]] = []
        table = Table(self.scan)
        with self.scan.path.open("rb") as file:
            table.header(file)
            for number, fields, offset in table.records():
                rows.append(typed(fields, schema))
                if len(rows) == BATCH_ROWS:
                    yield batch_of(rows, schema)
                    rows = []
                    self.scan.progress(number, offset)
        if rows:
            yield batch_of(rows, schema)


class Table:
    """The csv module over bounded lines, with numbers that people can find: rows count from 1 after the header."""

    def __init__(self, scan: Scan) -> None:
        self.scan = scan
        self.offset = 0
        self.delimiter = ","
        self._rows: Iterator[list[str]] = iter(())

    def header(self, file: BinaryIO) -> list[str]:
        source = lines(file)
        first = next(source, None)
        if first is None:
            raise broken("empty", "The file has no rows.", "Add a header row and at least one record.")
        self.delimiter = self._delimiter()
        self._rows = csv.reader(self._texts(first, source), delimiter=self.delimiter, strict=True)
        return [name.strip() for name in self._next(0) or []]

    def records(self) -> Iterator[tuple[int, list[str], int]]:
        number = 0
        while (fields := self._next(number + 1)) is not None:
            if fields:
                number += 1
                yield number, fields, self.offset

    def _delimiter(self) -> str:
        with self.scan.path.open("rb") as file:
            return delimiter_of(file.read(SAMPLE_BYTES).decode("utf-8-sig", "replace"))

    def _texts(self, first: tuple[int, str, int], rest: Iterator[tuple[int, str, int]]) -> Iterator[str]:
        yield first[1]
        for _, text, offset in rest:
            self.offset = offset
            yield text

    def _next(self, number: int) -> list[str] | None:
        try:
            return next(self._rows, None)
        except csv.Error as error:
            raise broken(
                "invalid_csv",
                f"Row {number} cannot be read: {error}.",
                "Check the quotation marks around this row: each that opens must close.",
                row=number,
            ) from error


class Guess:
    """The narrowest type that holds every text of a column seen so far; empty texts say nothing."""

    def __init__(self) -> None:
        self.whole = self.number = self.yes_no = True
        self.seen = False

    def see(self, text: str) -> None:
        if not text:
            return
        self.seen = True
        if self.whole and not (WHOLE.fullmatch(text) and int(text) in INT64):
            self.whole = False
        if self.number and not self.whole and not NUMBER.fullmatch(text):
            self.number = False
        if self.yes_no and text not in YES_NO:
            self.yes_no = False

    @classmethod
    def of_type(cls, kind: pa.DataType) -> Self:
        """What is known when all texts so far were of this type; null: there were none."""
        guess = cls()
        guess.seen = not pa.types.is_null(kind)
        if guess.seen:
            guess.yes_no = pa.types.is_boolean(kind)
            guess.whole = pa.types.is_integer(kind)
            guess.number = guess.whole or pa.types.is_floating(kind)
        return guess

    @property
    def seen_type(self) -> pa.DataType:
        """As `type`, but null as long as there was nothing to see."""
        return self.type if self.seen else pa.null()

    @property
    def type(self) -> pa.DataType:
        if self.seen and self.yes_no:
            return pa.bool_()
        if self.seen and self.whole:
            return pa.int64()
        return pa.float64() if self.seen and self.number else pa.string()


def delimiter_of(sample: str) -> str:
    """The one with which the first rows have the most fields, and all as many as the header; a comma if none does.

    If with none all rows are equal, then the one that occurs most often in the header: the rows are what is wrong.
    """
    header = sample.split("\n", 1)[0]
    present = [each for each in DELIMITERS if each in header]
    widths = {each: _widths(sample, each) for each in present}
    even = [each for each in present if len(set(widths[each])) == 1 and widths[each][0] > 1]
    return max(even or present, key=lambda each: (widths[each][0] if even else 0, header.count(each)), default=",")


def _widths(sample: str, delimiter: str) -> list[int]:
    """Fields of each of the first rows. The last may be cut off, so it does not count."""
    rows = csv.reader(io.StringIO(sample, newline="\n"), delimiter=delimiter)
    found = []
    try:
        found = [len(fields) for _, fields in zip(range(SAMPLE_ROWS), rows, strict=False) if fields]
    except csv.Error:  # the reader itself says what is wrong, and where
        return [0]
    return found[:-1] if len(found) > 1 and len(found) < SAMPLE_ROWS and not sample.endswith("\n") else found


def fields_fit(fields: list[str], names: list[str], number: int, problems: ProblemList) -> bool:
    if len(fields) == len(names):
        return True
    what = f"Fields in row {number}: {len(fields)}. Fields in the header: {len(names)}."
    action = "Put texts that hold the separator in quotation marks, and check for missing fields."
    column = names[len(fields)] if len(fields) < len(names) else names[-1] if names else None
    problems.add(Problem("field_count", what, action, row=number, column=column, example=" | ".join(fields)[:120]))
    return False


def typed(fields: list[str], schema: pa.Schema) -> dict[str, Any]:
    """A row's texts as values of the schema; an empty text is null."""
    return {field.name: _value(text, field.type) for field, text in zip(schema, fields, strict=True)}


def _value(text: str, kind: pa.DataType) -> Any:
    if not text:
        return None
    if pa.types.is_string(kind):
        return text
    if pa.types.is_boolean(kind):
        return YES_NO[text]
    return int(text) if pa.types.is_integer(kind) else float(text)
