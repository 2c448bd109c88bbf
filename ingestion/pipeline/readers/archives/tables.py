"""Reading a metadata file of an archive whole: it was bounded when it was kept."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from ingestion.domain.kinds import Kind
from ingestion.domain.problems import BrokenFileError, Problem, ProblemList, broken
from ingestion.pipeline.readers.archives.index import Entry, in_member
from ingestion.pipeline.readers.base import Reader, Scan
from ingestion.pipeline.readers.delimited import DelimitedReader
from ingestion.pipeline.readers.jsonl import JsonLinesReader
from ingestion.pipeline.readers.parquet import ParquetReader

READERS: dict[Kind | None, Callable[[Scan], Reader]] = {
    "delimited": DelimitedReader,
    "text": DelimitedReader,
    "jsonl": JsonLinesReader,
    "parquet": ParquetReader,
}


def table_of(scan: Scan, entry: Entry) -> pa.Table:
    """The rows of a kept entry. Raises BrokenFileError; smaller problems go to the scan, and the table is empty."""
    reader = READERS.get(entry.kind)
    if reader is None or entry.path is None:
        raise BrokenFileError(entry.trouble or _not_a_table(entry))
    return read_whole(scan, entry.path, entry.base, reader)


def read_whole(scan: Scan, path: Path, base: str, made: Callable[[Scan], Reader]) -> pa.Table:
    inner = replace(
        scan, path=path, progress=lambda _rows, _bytes: None, problems=ProblemList(), warnings=[], begin=0, end=None
    )
    try:
        reader = made(inner)
        schema = reader.schema()
        if not inner.problems:
            return pa.Table.from_batches(list(reader.batches(schema)), schema)
    except BrokenFileError as error:
        inner.problems.add(error.problem)
    for problem in inner.problems.shown:
        scan.problems.add(in_member(problem, base))
    return pa.table({})


def joined(tables: Sequence[pa.Table]) -> pa.Table:
    """One below the other; a column that some lack is empty there."""
    try:
        return pa.concat_tables(tables, promote_options="permissive")
    except pa.ArrowException as error:
        raise broken(
            "metadata_differs",
            f"The metadata files do not fit together: {str(error)[:200]}",
            "Give each column the same kind of value in all metadata files.",
        ) from error


def _not_a_table(entry: Entry) -> Problem:
    what = f"“{entry.base[:100]}” is neither CSV, TSV, JSONL nor Parquet."
    return Problem("metadata_unreadable", what, "Write the metadata as CSV in UTF-8.", example=entry.base[:100])
