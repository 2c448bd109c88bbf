"""Counting batches, adding up parts, and what people are shown of it."""

from collections.abc import Iterable, Mapping

import pyarrow as pa

from ingestion.pipeline.statistics.columns import Column, ValueCounts, column_for, column_from_json
from ingestion.pipeline.statistics.parsing import Totals, count_of, object_of


class StatisticsCounter:
    """Feed it batches; `totals()` is JSON that `merged` adds up."""

    def __init__(self, schema: pa.Schema) -> None:
        """Columns of the batches that the schema does not name are not counted."""
        self.columns = {field.name: column_for(field, len(schema)) for field in schema}
        self.rows = 0

    def see(self, batch: pa.RecordBatch) -> None:
        self.rows += batch.num_rows
        for name, column in self.columns.items():
            column.see(batch.column(name))

    def see_languages(self, column: str, counts: Mapping[str, int]) -> None:
        """Records by language of a text column, as a check has found them."""
        self.columns[column].see_languages(dict(counts))

    def totals(self) -> Totals:
        return _as_json(self.rows, self.columns)


def merged(parts: Iterable[Totals]) -> Totals:
    """The totals of all parts together, in their order. A column that a part lacks is empty there."""
    return _as_json(*_added(parts))


def checked(totals: object) -> Totals:
    """The same totals, if a counter could have said so: a child may have been taken over. Raises ValueError."""
    if not isinstance(totals, dict):
        raise ValueError("totals are an object")
    try:
        return _as_json(*_parsed(totals))
    except (TypeError, OverflowError, RecursionError, AttributeError) as error:
        raise ValueError("not totals") from error


def presented(totals: Totals) -> Totals:
    """What people are shown: means, quantiles and histograms, and the whole length of recordings."""
    rows, columns = _parsed(totals)
    shown = {name: column.shown() for name, column in columns.items()}
    seconds = sum(each.get("seconds", 0) for each in shown.values())
    return {"rows": rows, "columns": shown, **({"seconds": round(seconds, 3)} if seconds else {})}


def values_in(totals: Totals, column: str) -> ValueCounts:
    """How often each value of a column of texts, whole numbers or truths occurs; "" stands for the empty ones."""
    found = _parsed(totals)[1].get(column)
    return found.values() if found else ValueCounts({}, 0)


def _added(parts: Iterable[Totals]) -> tuple[int, dict[str, Column]]:
    rows, columns = 0, dict[str, Column]()
    for part in parts:
        more, others = _parsed(part)
        for name, other in others.items():
            if name in columns:
                columns[name].add(other)
            else:
                other.see_nulls(rows)
                columns[name] = other
        for name in columns.keys() - others.keys():
            columns[name].see_nulls(more)
        rows += more
    return rows, columns


def _parsed(totals: Totals) -> tuple[int, dict[str, Column]]:
    columns = object_of(totals, "columns")
    read = {name: column_from_json(object_of(columns, name), len(columns)) for name in columns}
    return count_of(totals, "rows"), read


def _as_json(rows: int, columns: Mapping[str, Column]) -> Totals:
    return {"rows": rows, "columns": {name: column.as_json() for name, column in columns.items()}}
