"""From rows to columns: the type of each column over all rows, and batches in those types."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from ingestion.domain.problems import Problem, ProblemList
from ingestion.pipeline.limits import COLUMNS
from ingestion.pipeline.schema import (
    INT64,
    PLAIN,
    TooDeepError,
    TooLargeNumberError,
    TypeConflictError,
    merged,
    settled,
    type_of,
)

FAST = {**PLAIN, int: pa.int64()}


class ColumnTypes:
    """Types seen so far. The first row that does not fit a column is named once per column."""

    def __init__(self, problems: ProblemList) -> None:
        self.problems = problems
        self.types: dict[str, pa.DataType] = {}
        self._told: set[str] = set()

    def see(self, row: dict[str, Any], number: int) -> None:
        for name, value in row.items():
            known = self.types.get(name)
            # The usual case costs one lookup: the same plain type as before.
            if known is not None and FAST.get(type(value)) is known and not isinstance(value, int):
                continue
            if len(self.types) <= COLUMNS:
                self._see(name, value, number, known if known is not None else pa.null())

    def schema(self) -> pa.Schema:
        return settled(self.seen())

    def seen(self) -> pa.Schema:
        """The types so far; a column that was always empty has none yet."""
        return pa.schema([pa.field(name, kind) for name, kind in self.types.items()])

    def _see(self, name: str, value: Any, number: int, known: pa.DataType) -> None:
        self.types.setdefault(name, known)
        if type(value) is int and value in INT64 and (known is FAST[int] or known is FAST[float]):
            return
        try:
            self.types[name] = _same_object(merged(known, type_of(value)))
        except TypeConflictError as conflict:
            self._tell(
                name, value, number, f"holds {conflict.found} here and {conflict.expected} before", "type_conflict"
            )
        except TooLargeNumberError:
            self._tell(name, value, number, "holds a whole number beyond 64 bits", "number_too_large")
        except TooDeepError:
            self._tell(name, value, number, "is nested too deeply", "too_deep")

    def _tell(self, name: str, value: Any, number: int, what: str, code: str) -> None:
        if name in self._told:
            return
        self._told.add(name)
        self.problems.add(
            Problem(
                code,
                f"The column “{name[:100]}” {what}.",
                "Use one kind of value in this column, for example text everywhere.",
                row=number,
                column=name[:100],
                example=repr(value)[:120],
            )
        )


def batch_of(rows: Sequence[dict[str, Any]], schema: pa.Schema) -> pa.RecordBatch:
    """Rows as columns of the schema; absent values are null, whole numbers widen where the column needs it."""
    return pa.record_batch([_column(rows, field) for field in schema], schema=schema)


def _column(rows: Sequence[dict[str, Any]], field: pa.Field) -> pa.Array:
    values = [row.get(field.name) for row in rows]
    if pa.types.is_floating(field.type):
        values = [None if value is None else float(value) for value in values]
    return pa.array(values, field.type)


def _same_object(kind: pa.DataType) -> pa.DataType:
    """The shared instance of a plain type, so that later comparisons are by identity."""
    return next((plain for plain in FAST.values() if plain.equals(kind)), kind)
