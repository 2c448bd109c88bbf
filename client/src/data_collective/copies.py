"""A downloaded copy on this computer: its Parquet files, and taking records out of them."""

import hashlib
import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from data_collective.errors import IntegrityError

RECORD_ID = "record_id"
CHUNK = 1024 * 1024
UNFINISHED = ".unfinished-sync"


@dataclass(frozen=True)
class Removal:
    """What was taken out of one file."""

    path: str
    sha256_before: str
    sha256_after: str
    rows_before: int
    rows_after: int
    removed: tuple[str, ...]


def parquet_files(folder: Path, *, besides: Path) -> list[tuple[str, Path]]:
    """Name within the folder, and the file itself, each file once: a link leads to the bytes that are the copy."""
    found: dict[Path, str] = {}
    for path in sorted(folder.rglob("*.parquet")):
        real = path.resolve()
        if real.is_file() and besides not in path.parents:
            found.setdefault(real, path.relative_to(folder).as_posix())
    return sorted((name, real) for real, name in found.items())


def sha256_of(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def record_ids(path: Path) -> Iterator[list[Any]] | None:
    """Batches of ids; None for a file without a column of them. Raises IntegrityError."""
    with _opened(path) as file:
        if RECORD_ID not in file.schema_arrow.names:
            return None
    return _batches_of_ids(path)


def without(path: Path, gone: Collection[str]) -> tuple[Path, list[str], int]:
    """A new file beside it, the ids that were left out, and how many rows are in it. The same for the same input."""
    unfinished, removed = path.with_name(f".{path.name}{UNFINISHED}"), list[str]()
    with _opened(path) as file:
        compression = file.metadata.row_group(0).column(0).compression.lower()
        known = {"uncompressed": "none"}.get(compression, compression)
        with pq.ParquetWriter(unfinished, file.schema_arrow, compression=known, write_page_index=True) as writer:
            for number in range(file.num_row_groups):
                group = file.read_row_group(number)
                ids = group.column(RECORD_ID).to_pylist()
                removed += [each for each in ids if each in gone]
                kept = group.filter(pa.array([each not in gone for each in ids], pa.bool_()))
                if kept.num_rows:
                    writer.write_table(kept, row_group_size=kept.num_rows)
        rows = file.metadata.num_rows - len(removed)
    _settle(unfinished)
    return unfinished, removed, rows


def replace(path: Path, new: Path) -> None:
    """At once and for good: whoever looks sees the old file or the new one, also after a loss of power."""
    os.replace(new, path)  # noqa: PTH105 - says that it replaces
    _settle(path.parent)


def clear_unfinished(folder: Path) -> None:
    for left in folder.rglob(f".*{UNFINISHED}"):
        left.unlink()


def _batches_of_ids(path: Path) -> Iterator[list[Any]]:
    with _opened(path) as file:
        for batch in file.iter_batches(columns=[RECORD_ID]):
            yield batch.column(0).to_pylist()


def _opened(path: Path) -> Any:
    try:
        return pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise IntegrityError(f"{path} is not a whole Parquet file. Download it again, or delete it.") from error


def _settle(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
