"""Types of columns by allow-list, for files that bring their own: what we keep for each, or None."""

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from ingestion.domain.problems import Problem, ProblemList
from ingestion.pipeline.limits import MIB
from ingestion.pipeline.readers.base import BATCH_ROWS
from ingestion.pipeline.schema import MEDIA

# A batch that is handed on weighs no more than this, or is a single row.
BATCH_BYTES = 16 * MIB


def kept_fields(schema: pa.Schema, problems: ProblemList) -> dict[str, pa.Field]:
    """The columns in the types that we keep. A type that we do not take is a problem."""
    fields = {}
    for field in schema:
        kind = kept_type(field.type)
        if kind is None:
            problems.add(_unsupported(field))
        fields[field.name] = pa.field(field.name, kind or pa.string())
    return fields


def kept_type(kind: pa.DataType) -> pa.DataType | None:
    """Dictionaries become their values; long variants become plain."""
    simple = pa.types
    if simple.is_dictionary(kind):
        return kept_type(kind.value_type)
    if simple.is_list(kind) or simple.is_large_list(kind) or simple.is_fixed_size_list(kind):
        inner = kept_type(kind.value_type)
        return pa.list_(inner) if inner is not None else None
    return _kept_struct(kind) if simple.is_struct(kind) else _kept_leaf(kind)


def kept_batches(batch: pa.RecordBatch, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """The batch in the columns of `schema`, in slices small enough to be written out."""
    rows = BATCH_ROWS
    while rows > 1 and max(weights(batch, rows)) > BATCH_BYTES:
        rows //= 2
    for start in range(0, batch.num_rows, rows):
        part = batch.slice(start, rows)
        yield pa.record_batch([_plain(part.column(field.name), field.type) for field in schema], schema=schema)


def weight(batch: pa.RecordBatch) -> int:
    """Bytes of the batch when dictionaries are written out; no cell counts for less than one."""
    cells = batch.num_rows * batch.num_columns
    total: int = max(cells, sum(map(_weight, batch.columns)))
    return total


def weights(batch: pa.RecordBatch, rows: int) -> list[int]:
    return [weight(batch.slice(start, rows)) for start in range(0, batch.num_rows, rows)] or [0]


def _weight(column: pa.Array) -> int:
    kind = column.type
    if pa.types.is_dictionary(kind):
        return len(column) * 4 + _dictionary_weight(column)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        return len(column) * 4 + _weight(column.flatten())
    if pa.types.is_struct(kind):
        return sum(_weight(child) for child in column.flatten())
    return int(column.nbytes)


def _dictionary_weight(column: pa.DictionaryArray) -> int:
    kind = column.dictionary.type
    if pa.types.is_nested(kind) or pa.types.is_dictionary(kind):
        each = _weight(column.dictionary) // max(1, len(column.dictionary)) + 1
        return each * len(column)
    if not _has_length(kind):
        return len(column) * 16
    lengths = pc.binary_length(column.dictionary)
    return int(pc.sum(lengths.take(column.indices)).as_py() or 0)


def _has_length(kind: pa.DataType) -> bool:
    simple = pa.types
    plain = simple.is_string(kind) or simple.is_binary(kind)
    return bool(plain or simple.is_large_string(kind) or simple.is_large_binary(kind))


def _kept_struct(kind: pa.StructType) -> pa.DataType | None:
    fields = {field.name: kept_type(field.type) for field in kind}
    if not fields or None in fields.values():
        return None
    paths = (pa.string(), pa.null())
    if fields.keys() == {"bytes", "path"} and fields["bytes"] == pa.binary() and fields["path"] in paths:
        return MEDIA
    return pa.struct(list(fields.items()))


def _kept_leaf(kind: pa.DataType) -> pa.DataType | None:
    simple = pa.types
    if simple.is_string(kind) or simple.is_large_string(kind) or simple.is_string_view(kind):
        return pa.string()
    if simple.is_binary(kind) or simple.is_large_binary(kind) or simple.is_binary_view(kind):
        return pa.binary()
    if simple.is_fixed_size_binary(kind) and not simple.is_decimal(kind):
        return pa.binary()
    plain = simple.is_primitive(kind) or simple.is_decimal(kind) or simple.is_null(kind)
    return kind if plain and not simple.is_interval(kind) else None


def _plain(column: pa.Array, kind: pa.DataType) -> pa.Array:
    """Written out, level by level: Arrow cannot cast a dictionary that is inside a list."""
    simple = pa.types
    if simple.is_dictionary(column.type):
        return _plain(column.dictionary_decode(), kind)
    if column.type.equals(kind):
        return column
    if simple.is_fixed_size_list(column.type):
        column = column.cast(pa.list_(column.type.value_type))
    if simple.is_list(column.type) or simple.is_large_list(column.type):
        inner = _plain(column.values, kind.value_type)
        made = type(column).from_arrays(column.offsets, inner, mask=column.is_null() if column.null_count else None)
        return made.cast(kind)
    if simple.is_struct(column.type):
        children = [_plain(child, each.type) for child, each in zip(column.flatten(), kind, strict=True)]
        return pa.StructArray.from_arrays(children, fields=list(kind), mask=column.is_null())
    return column.cast(kind)


def _unsupported(field: pa.Field) -> Problem:
    return Problem(
        "unsupported_type",
        f"The column “{field.name[:100]}” has the type {str(field.type)[:80]}, which we do not take.",
        "Convert the column to text, numbers, times, lists or simple objects.",
        column=field.name[:100],
    )
