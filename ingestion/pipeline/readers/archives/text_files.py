"""An archive of text files: each is one record, with its name and, if a folder says one, its split."""

from collections.abc import Iterator, Sequence

import pyarrow as pa

from ingestion.domain.kinds import Kind
from ingestion.domain.problems import BrokenFileError
from ingestion.pipeline.archives import members
from ingestion.pipeline.limits import MIB
from ingestion.pipeline.readers.archives.folders import SPLIT, split_of
from ingestion.pipeline.readers.archives.index import Entry, in_member
from ingestion.pipeline.readers.base import BATCH_ROWS, Scan
from ingestion.pipeline.texts import BOM, not_utf8

ENDINGS = (".txt", ".text", ".md")
TEXT, FILE_NAME = "text", "file_name"
BATCH_BYTES = 8 * MIB


def is_text_files(entries: Sequence[Entry]) -> bool:
    return bool(entries) and all(entry.name.lower().endswith(ENDINGS) for entry in entries)


class TextFilesReader:
    def __init__(self, scan: Scan, kind: Kind, entries: Sequence[Entry]) -> None:
        self.scan, self.kind, self.entries = scan, kind, entries
        self.has_splits = any(split_of(entry.folder) for entry in entries)

    def schema(self) -> pa.Schema:
        for entry in self.entries:
            if entry.trouble:
                self.scan.problems.add(entry.trouble)
        if not self.scan.problems:
            for number, (_, _text) in enumerate(self._texts(), start=1):
                self.scan.progress(number, self._part(number))
        names = [TEXT, FILE_NAME, *([SPLIT] if self.has_splits else [])]
        return pa.schema([pa.field(name, pa.string()) for name in names])

    def batches(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        rows: list[dict[str, str | None]] = []
        weight, done = 0, 0
        for name, text in self._texts():
            rows.append({TEXT: text, FILE_NAME: name, SPLIT: split_of(name.rpartition("/")[0])})
            weight += len(text)
            if weight >= BATCH_BYTES or len(rows) == BATCH_ROWS:
                done += len(rows)
                yield _batch(rows, schema)
                self.scan.progress(done, self._part(done))
                rows, weight = [], 0
        if rows:
            yield _batch(rows, schema)

    def _texts(self) -> Iterator[tuple[str, str]]:
        for member in members(self.scan.path, self.kind):
            yield member.name, text_of(member.read(), member.name)

    def _part(self, number: int) -> int:
        return self.scan.path.stat().st_size * number // len(self.entries)


def text_of(data: bytes, name: str) -> str:
    """A whole file as text, without its byte order mark. Raises BrokenFileError with line and offset."""
    try:
        return data.removeprefix(BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        told = not_utf8(data.removeprefix(BOM), error, line=line, offset=len(data) - len(data.removeprefix(BOM)))
        raise BrokenFileError(in_member(told.problem, name)) from error


def _batch(rows: Sequence[dict[str, str | None]], schema: pa.Schema) -> pa.RecordBatch:
    return pa.record_batch([pa.array([row[name] for row in rows], pa.string()) for name in schema.names], schema=schema)
