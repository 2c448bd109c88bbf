"""Which shape an archive has, and the reader for it."""

from collections.abc import Iterator

import pyarrow as pa

from ingestion.domain.kinds import TABLES, Kind
from ingestion.domain.problems import broken
from ingestion.pipeline.member_names import shown
from ingestion.pipeline.readers.archives import common_voice, folders, text_files
from ingestion.pipeline.readers.archives.index import Entry, index_of
from ingestion.pipeline.readers.archives.lone_table import lone_table, lone_table_reader
from ingestion.pipeline.readers.archives.samples import is_webdataset
from ingestion.pipeline.readers.archives.webdataset import WebDatasetReader
from ingestion.pipeline.readers.base import Reader, Scan


class ArchiveReader:
    """Three walks: what is in it; everything decoded; everything written. Never more than a batch in memory."""

    def __init__(self, scan: Scan, kind: Kind) -> None:
        self.scan, self.kind = scan, kind
        self._reader: Reader | None = None

    def schema(self) -> pa.Schema:
        entries = index_of(self.scan, self.kind, _is_kept)
        if not entries:
            raise broken("empty", "The archive holds no files.", "Pack the files again.")
        self._reader = self._chosen(entries)
        return self._reader.schema() if not self.scan.problems else pa.schema([])

    def batches(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        if self._reader is not None:
            yield from self._reader.batches(schema)

    def _chosen(self, entries: list[Entry]) -> Reader:
        if common_voice.is_common_voice(entries):
            return common_voice.common_voice_reader(self.scan, self.kind, entries)
        if any(folders.is_metadata(entry.name) for entry in entries):
            return folders.folder_reader(self.scan, self.kind, entries)
        if text_files.is_text_files(entries):
            return text_files.TextFilesReader(self.scan, self.kind, entries)
        if is_webdataset(entries):
            return WebDatasetReader(self.scan, self.kind, entries)
        if table := lone_table(entries):
            return lone_table_reader(self.scan, self.kind, entries, table)
        _refuse_tables(entries)
        return folders.folder_reader(self.scan, self.kind, entries)


def _is_kept(name: str) -> bool:
    return folders.is_metadata(name) or common_voice.is_table(name)


def _refuse_tables(entries: list[Entry]) -> None:
    tables = [entry for entry in entries if entry.kind in TABLES]
    if tables and not any(entry.is_media for entry in entries):
        raise broken(
            "tables_in_archive",
            f"The archive holds more than one table, or a table beside other data: first “{shown(tables[0].name)}”.",
            "Upload tables one by one, unpacked or as .gz or .zst.",
            example=shown(tables[0].name),
        )
