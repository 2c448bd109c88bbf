"""JSONL: one object per line."""

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

import pyarrow as pa

from ingestion.domain.problems import Problem
from ingestion.pipeline.readers.base import BATCH_ROWS, Scan, check_columns
from ingestion.pipeline.readers.columns import ColumnTypes, batch_of
from ingestion.pipeline.readers.lines import lines


class JsonLinesReader:
    def __init__(self, scan: Scan) -> None:
        self.scan = scan

    def schema(self) -> pa.Schema:
        types = ColumnTypes(self.scan.problems)
        with self.scan.path.open("rb") as file:
            for row, number, offset in self._objects(file, report=True):
                types.see(row, number)
                self.scan.progress(number, offset)
        check_columns(list(types.types), self.scan.problems)
        return types.schema()

    def batches(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        rows: list[dict[str, Any]] = []
        with self.scan.path.open("rb") as file:
            for row, number, offset in self._objects(file, report=False):
                rows.append(row)
                if len(rows) == BATCH_ROWS:
                    yield batch_of(rows, schema)
                    rows = []
                    self.scan.progress(number, offset)
        if rows:
            yield batch_of(rows, schema)

    def _objects(self, file: BinaryIO, *, report: bool) -> Iterator[tuple[dict[str, Any], int, int]]:
        file.seek(self.scan.begin)
        for number, text, offset in lines(file):
            row = self._object(text, number, report=report) if text.strip() else None
            if row is not None:
                yield row, number, offset
            if offset >= self.scan.size:
                return

    def _object(self, text: str, number: int, *, report: bool) -> dict[str, Any] | None:
        try:
            value = parse_object(text)
        except NotAnObjectError as error:
            if report:
                self.scan.problems.add(
                    Problem(error.code, error.what, error.action, row=number, example=text.strip()[:120])
                )
            return None
        return value


class NotAnObjectError(Exception):
    def __init__(self, code: str, what: str, action: str) -> None:
        self.code, self.what, self.action = code, what, action
        super().__init__(what)


def parse_object(text: str) -> dict[str, Any]:
    """A JSON object whose strings are valid Unicode. Raises NotAnObjectError."""
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise NotAnObjectError("too_deep", "This line is nested too deeply.", "Flatten the record.") from error
    except json.JSONDecodeError as error:
        what = f"This line is not valid JSON: {error.msg}, at character {error.pos + 1}."
        raise NotAnObjectError("invalid_json", what, "Correct the line, then replace the file.") from error
    except ValueError as error:
        raise NotAnObjectError("invalid_json", f"This line is not valid JSON: {error}.", "Correct the line.") from error
    if not isinstance(value, dict):
        what = "This line is valid JSON, but not an object."
        raise NotAnObjectError("not_an_object", what, "Write each record as {“name”: value, …}.")
    if "\\ud" in text.lower():
        _check_unicode(value)
    return value


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not a JSON number")


def _check_unicode(value: dict[str, Any]) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        what = "A text on this line has half of a character (a lone surrogate)."
        raise NotAnObjectError("invalid_unicode", what, "Write the text out in UTF-8.") from error
