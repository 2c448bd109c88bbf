"""Reading a file as the parsing child does, in this process."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from ingestion.domain.problems import BrokenFileError
from ingestion.pipeline.readers.base import Reader, Scan
from ingestion.pipeline.readers.choice import reader_for
from ingestion.pipeline.readers.quick import QuickReader, WiderSchemaError
from ingestion.pipeline.schema import dtype_of, settled
from ingestion.pipeline.sights import Looker, Nobody


@dataclass
class Read:
    schema: pa.Schema
    rows: list[dict[str, Any]]
    codes: list[str]
    warnings: list[str]

    @property
    def dtypes(self) -> dict[str, str]:
        return {field.name: dtype_of(field) for field in self.schema}


def quiet(_rows: int, _read: int) -> None:
    """Nobody listens."""


def read(folder: Path, data: bytes, *, name: str = "", looker: Looker | None = None) -> Read:
    """Both passes; rows only if the first found no problems. Raises BrokenFileError."""
    path = folder / "input"
    path.write_bytes(data)
    scan = Scan(path, quiet, name=name, looker=looker or Nobody())
    reader = reader_for(scan)
    schema = reader.schema()
    rows: list[dict[str, Any]] = []
    if not scan.problems:
        batches = list(reader.batches(schema))
        assert all(batch.schema.equals(schema) for batch in batches)
        rows = [row for batch in batches for row in batch.to_pylist()]
    return Read(schema, rows, [each.code for each in scan.problems.shown], [each.code for each in scan.warnings])


def refusal(folder: Path, data: bytes) -> str:
    """The code with which it is refused, or of the first problem."""
    try:
        found = read(folder, data)
    except BrokenFileError as error:
        return error.problem.code if error.problem.message and error.problem.action else "said nothing"
    assert found.codes, found.rows[:3]
    return found.codes[0]


def scan_of(folder: Path, data: bytes) -> Scan:
    path = folder / "input"
    path.write_bytes(data)
    return Scan(path, quiet)


def quickly(kind: type[QuickReader], scan: Scan) -> pa.Table:
    """Raises NotQuickError."""
    reader = kind(scan)
    schema = reader.first_schema()
    while True:
        try:
            batches = list(reader.batches(schema))
        except WiderSchemaError as wider:
            schema = wider.schema
        else:
            return pa.Table.from_batches(batches, schema).cast(settled(schema))


def carefully(kind: Callable[[Scan], Reader], scan: Scan) -> pa.Table:
    """Raises BrokenFileError, AssertionError."""
    reader = kind(scan)
    schema = reader.schema()
    assert not scan.problems
    return pa.Table.from_batches(reader.batches(schema), schema)
