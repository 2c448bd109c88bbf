"""From a user's file, or a piece of it, to prepared Parquet: `record_id` first, then the contributor's columns."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from ingestion.domain.findings import Finding
from ingestion.domain.own_keys import OwnKey
from ingestion.domain.problems import Problem, ProblemList, broken
from ingestion.pipeline.checks import Checks
from ingestion.pipeline.checks.language import Language
from ingestion.pipeline.checks.language_model import UNKNOWN
from ingestion.pipeline.checks.media import MediaChecks
from ingestion.pipeline.data_file import PREVIEW_ROWS, DataFileWriter
from ingestion.pipeline.limits import MIB
from ingestion.pipeline.readers.base import Scan
from ingestion.pipeline.readers.choice import quick_reader_for, reader_for
from ingestion.pipeline.readers.quick import NotQuickError, WiderSchemaError
from ingestion.pipeline.records import RecordIds, id_column
from ingestion.pipeline.schema import RECORD_ID, settled

# A prepared object is closed after this many bytes: it becomes a shard, and a shard should not be a huge download.
PART_BYTES = 128 * MIB
# How often the guessed columns may turn out too narrow before the careful reader is quicker.
RESTARTS = 6


@dataclass(frozen=True)
class Part:
    """What is in the file `part-00000.parquet`, `part-00001.parquet` …, in order."""

    statistics: dict[str, Any]
    preview: list[dict[str, Any]]


@dataclass
class Prepared:
    """What became of a file. With problems there are no parts."""

    problems: ProblemList
    warnings: list[Problem] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    own_keys: list[OwnKey] = field(default_factory=list)
    rows: int = 0


def prepare(scan: Scan, output: Path, *, seed: str) -> Prepared:
    """Guess the columns and write, or look at everything first, then write. Raises BrokenFileError.

    `seed` names the piece, whatever else is in the contribution: record ids come from it.
    """
    done = _prepare_quickly(scan, output, seed)
    if done is not None:
        return done
    _clear(output)
    scan.looker = media = MediaChecks()
    reader = reader_for(scan)
    schema = reader.schema()
    if scan.problems:
        return Prepared(scan.problems, list(scan.warnings))
    done = _written(scan, reader.batches(schema), schema, output, seed)
    done.findings += media.findings()
    return done


def _prepare_quickly(scan: Scan, output: Path, seed: str) -> Prepared | None:
    reader = quick_reader_for(scan)
    if reader is None:
        return None
    try:
        schema = reader.first_schema()
        for _ in range(RESTARTS):
            try:
                return _written(scan, reader.batches(schema), settled(schema), output, seed)
            except WiderSchemaError as wider:
                schema = wider.schema
                _clear(output)
    except NotQuickError:
        return None
    return None


def _written(scan: Scan, batches: Iterator[pa.RecordBatch], schema: pa.Schema, output: Path, seed: str) -> Prepared:
    whole = schema.insert(0, pa.field(RECORD_ID, pa.string()))
    prepared = Prepared(scan.problems, list(scan.warnings))
    ids, checks, writers = RecordIds(seed), Checks(schema), list[DataFileWriter]()
    batch = next(batches, None)
    if batch is None:
        raise broken("empty", "The file has no records.", "Add at least one record below the header.")
    while batch is not None:
        path = output / f"part-{len(writers):05d}.parquet"
        with DataFileWriter(path, whole) as writer:
            while batch is not None and writer.written_bytes < PART_BYTES:
                settled_batch = batch.cast(schema)
                checks.see(settled_batch, prepared.rows + 1)
                _write(writer, settled_batch, ids.take(batch.num_rows), whole)
                prepared.rows += batch.num_rows
                batch = next(batches, None)
        writers.append(writer)
    prepared.findings, prepared.own_keys = list(checks.findings()), checks.own_keys()
    _tell_languages(writers[0], prepared.findings)
    prepared.parts = [Part(writer.statistics.totals(), writer.preview) for writer in writers]
    return prepared


def _tell_languages(writer: DataFileWriter, findings: list[Finding]) -> None:
    """What the check counted in its sample of the whole piece belongs to the piece's statistics, once."""
    by_column: dict[str, dict[str, int]] = {}
    for each in findings:
        if each.check == Language.name and each.code != UNKNOWN:
            by_column.setdefault(each.column, {})[each.code] = each.count
    for column, counts in by_column.items():
        if column in writer.statistics.columns:
            writer.statistics.see_languages(column, counts)


def _write(writer: DataFileWriter, batch: pa.RecordBatch, ids: bytes, whole: pa.Schema) -> None:
    identified = pa.record_batch([id_column(ids), *batch.columns], schema=whole)
    writer.show(identified, PREVIEW_ROWS - len(writer.preview))
    writer.write(identified, ids)


def _clear(output: Path) -> None:
    """What an attempt that did not hold has written."""
    for path in output.iterdir():
        path.unlink()
