"""Parquet: read batch by batch, counting what comes out; types by allow-list."""

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.domain.problems import Problem, broken
from ingestion.pipeline.limits import COLUMNS, GROUP_ROWS, expansion_limit
from ingestion.pipeline.media import UnreadableMediaError, media_facts
from ingestion.pipeline.readers.base import BATCH_ROWS, Scan, check_columns
from ingestion.pipeline.schema import MEDIA, is_media, merged_fields, with_feature

MEDIA_BATCH_ROWS = 32
FEATURES = {"AudioFacts": "Audio", "ImageFacts": "Image"}


class ParquetReader:
    def __init__(self, scan: Scan) -> None:
        self.scan = scan

    def schema(self) -> pa.Schema:
        with self._open() as file:
            self._check_footer(file)
            fields = {field.name: self._checked(field) for field in file.schema_arrow}
            if not self.scan.problems:
                for batch, _ in self._batches(file):
                    self._check_media(batch, fields)
        check_columns(list(fields), self.scan.problems)
        return pa.schema(list(fields.values()))

    def batches(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        with self._open() as file:
            for batch, _ in self._batches(file):
                columns = [_plain(batch.column(field.name), field.type) for field in schema]
                yield pa.record_batch(columns, schema=schema)

    def _open(self) -> pq.ParquetFile:
        try:
            return pq.ParquetFile(self.scan.path, memory_map=False, pre_buffer=False, arrow_extensions_enabled=False)
        except (pa.ArrowException, OSError) as error:
            raise _unreadable() from error

    def _check_footer(self, file: pq.ParquetFile) -> None:
        meta = file.metadata
        if meta.num_columns > COLUMNS:
            raise broken("too_many_columns", f"There are {meta.num_columns} columns.", f"Keep at most {COLUMNS}.")
        if any(meta.row_group(each).num_rows > GROUP_ROWS for each in range(meta.num_row_groups)):
            raise broken(
                "row_group_too_large", "A row group has more than a million rows.", "Write it with smaller row groups."
            )

    def _checked(self, field: pa.Field) -> pa.Field:
        kind = _plain_type(field.type)
        if kind is None:
            self.scan.problems.add(
                Problem(
                    "unsupported_type",
                    f"The column “{field.name[:100]}” has the type {str(field.type)[:80]}, which we do not take.",
                    "Convert the column to text, numbers, times, lists or simple objects.",
                    column=field.name[:100],
                )
            )
        return pa.field(field.name, kind or pa.string())

    def _check_media(self, batch: pa.RecordBatch, fields: dict[str, pa.Field]) -> None:
        """A column of `{bytes, path}` is media if its bytes are: decided by content, row by row."""
        for name in [name for name, field in fields.items() if field.type.equals(MEDIA)]:
            for value in batch.column(name).to_pylist():
                if value and value["bytes"]:
                    fields[name] = _with_facts(fields[name], value["bytes"])

    def _batches(self, file: pq.ParquetFile) -> Iterator[tuple[pa.RecordBatch, int]]:
        size = self.scan.path.stat().st_size
        limit, decoded, rows = expansion_limit(size), 0, 0
        heavy = any(_plain_type(field.type) == MEDIA for field in file.schema_arrow)
        batch_rows = MEDIA_BATCH_ROWS if heavy else BATCH_ROWS
        try:
            for batch in file.iter_batches(batch_size=batch_rows, use_threads=False):
                decoded, rows = decoded + batch.nbytes, rows + batch.num_rows
                if decoded > limit:
                    raise broken(
                        "expands_too_much",
                        "The file unpacks to many times its own size.",
                        "Write it again without repeated filler data, or split it.",
                        row=rows,
                    )
                self.scan.progress(rows, min(size, size * rows // max(1, file.metadata.num_rows)))
                yield batch, rows
        except (pa.ArrowException, OSError) as error:
            raise _unreadable(rows + 1) from error


def _with_facts(field: pa.Field, data: bytes) -> pa.Field:
    try:
        facts = media_facts(data)
    except UnreadableMediaError:
        return field
    feature: dict[str, Any] = {"_type": FEATURES[type(facts).__name__]}
    if feature["_type"] == "Audio":
        feature["sampling_rate"] = vars(facts)["sampling_rate"]
    found = with_feature(field, feature)
    return merged_fields(field, found) if is_media(field) else found


def _plain_type(kind: pa.DataType) -> pa.DataType | None:
    """The type we keep for a type we take, or None. Dictionaries become their values; long variants become plain."""
    simple = pa.types
    if simple.is_dictionary(kind):
        return _plain_type(kind.value_type)
    if simple.is_list(kind) or simple.is_large_list(kind) or simple.is_fixed_size_list(kind):
        inner = _plain_type(kind.value_type)
        return pa.list_(inner) if inner is not None else None
    return _plain_struct(kind) if simple.is_struct(kind) else _plain_leaf(kind)


def _plain_struct(kind: pa.StructType) -> pa.DataType | None:
    fields = {field.name: _plain_type(field.type) for field in kind}
    if not fields or None in fields.values():
        return None
    return MEDIA if fields == {"bytes": pa.binary(), "path": pa.string()} else pa.struct(list(fields.items()))


def _plain_leaf(kind: pa.DataType) -> pa.DataType | None:
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
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    return column if column.type.equals(kind) else column.cast(kind)


def _unreadable(row: int | None = None) -> Exception:
    return broken("invalid_parquet", "The Parquet file is damaged.", "Write the file again and replace it.", row=row)
