"""Recordings or pictures in an archive, with one metadata file that has a row for each."""

import posixpath
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import pyarrow as pa

from ingestion.domain.problems import Problem, ProblemList, broken
from ingestion.pipeline.archives import Member, members
from ingestion.pipeline.decoding import check_decodes
from ingestion.pipeline.limits import METADATA_BYTES, MIB
from ingestion.pipeline.media import AudioFacts, ImageFacts, UnreadableMediaError, media_facts
from ingestion.pipeline.readers.base import Reader, Scan
from ingestion.pipeline.readers.columns import batch_of
from ingestion.pipeline.readers.delimited import DelimitedReader
from ingestion.pipeline.readers.jsonl import JsonLinesReader
from ingestion.pipeline.schema import MEDIA, with_feature
from ingestion.pipeline.sniff import HEAD, kind_of_bytes, refused_kind

METADATA_NAMES: dict[str, Callable[[Scan], Reader]] = {
    "metadata.csv": DelimitedReader,
    "metadata.tsv": DelimitedReader,
    "metadata.jsonl": JsonLinesReader,
}
FILE_NAME = "file_name"
NESTED = ("zip", "tar", "tar.gz", "parquet")
BATCH_BYTES = 8 * MIB
HOW_TO = (
    "Put a file metadata.csv into the archive with the column file_name, one row per file, and a column for each "
    "thing you know about it."
)


class ArchiveReader:
    """Rows come in the order of the archive. Metadata is kept in memory, media never more than one batch."""

    def __init__(self, scan: Scan, kind: str) -> None:
        self.scan, self.kind = scan, kind
        self.column = ""
        self.metadata: dict[str, dict[str, Any]] = {}

    def schema(self) -> pa.Schema:
        media, metadata, read = {}, None, 0
        for member in members(self.scan.path, self.kind):
            read += len(member.data)
            if posixpath.basename(member.name).lower() in METADATA_NAMES:
                metadata = self._one_metadata(metadata, member)
            else:
                media[member.name] = self._facts(member)
            self.scan.progress(len(media), min(read, self.scan.path.stat().st_size))
        if metadata is None:
            raise broken("no_metadata", "The archive has no metadata file.", HOW_TO)
        field = self._media_field(media)
        fields = self._read_metadata(metadata)
        self._compare(media)
        return pa.schema([field, *fields])

    def batches(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        rows: list[dict[str, Any]] = []
        weight = 0
        for number, member in enumerate(members(self.scan.path, self.kind)):
            known = self.metadata.get(member.name)
            if known is None:
                continue
            name = posixpath.basename(member.name)
            rows.append({**known, self.column: {"bytes": member.data, "path": name}})
            weight += len(member.data)
            if weight >= BATCH_BYTES:
                yield batch_of(rows, schema)
                rows, weight = [], 0
                self.scan.progress(number, 0)
        if rows:
            yield batch_of(rows, schema)

    def _one_metadata(self, found: Member | None, member: Member) -> Member:
        if found is not None:
            what = f"The archive has two metadata files, “{found.name[:80]}” and “{member.name[:80]}”."
            raise broken("two_metadata_files", what, "Keep one metadata file for the whole archive.")
        if len(member.data) > METADATA_BYTES:
            raise broken("metadata_too_large", "The metadata file is larger than 64 MiB.", "Split the archive.")
        return member

    def _facts(self, member: Member) -> AudioFacts | ImageFacts | None:
        head = member.data[:HEAD]
        what = "an archive inside the archive" if kind_of_bytes(head) in NESTED else refused_kind(head)
        if what or head.startswith(b"\x1f\x8b"):
            code = "nested_archive" if kind_of_bytes(head) in NESTED or not what else "refused_format"
            raise broken(
                code,
                f"“{member.name[:100]}” is {what or 'a compressed file'}.",
                "Take it out.",
                example=member.name[:100],
            )
        try:
            facts = media_facts(member.data)
            check_decodes(member.data, facts)
        except UnreadableMediaError as error:
            self.scan.problems.add(
                Problem(
                    "unreadable_media",
                    f"“{member.name[:100]}” is not a WAV, FLAC, PNG or JPEG file that can be read: {error}.",
                    "Export this file again, or take it and its metadata row out.",
                    example=member.name[:100],
                )
            )
            return None
        return facts

    def _read_metadata(self, member: Member) -> list[pa.Field]:
        """Fills `metadata` by full member name; returns the columns besides `file_name`."""
        folder, base = posixpath.split(member.name)
        with NamedTemporaryFile(dir=self.scan.path.parent) as file:
            file.write(member.data)
            file.flush()
            inner = Scan(Path(file.name), lambda _rows, _bytes: None)
            reader = METADATA_NAMES[base.lower()](inner)
            schema = reader.schema()
            if not inner.problems:
                self._take_rows(reader.batches(schema), folder, schema)
        for problem in inner.problems.shown:
            self.scan.problems.add(Problem(**{**vars(problem), "message": f"{base}: {problem.message}"}))
        return [field for field in schema if field.name != FILE_NAME]

    def _take_rows(self, batches: Iterator[pa.RecordBatch], folder: str, schema: pa.Schema) -> None:
        if FILE_NAME not in schema.names:
            raise broken("no_file_name", f"The metadata file has no column “{FILE_NAME}”.", HOW_TO, column=FILE_NAME)
        number = 0
        for batch in batches:
            for row in batch.to_pylist():
                number += 1
                name = posixpath.normpath(posixpath.join(folder, str(row.pop(FILE_NAME) or "")))
                if name in self.metadata:
                    what = f"“{posixpath.basename(name)[:100]}” has two rows in the metadata file."
                    self.scan.problems.add(Problem("duplicate_row", what, "Keep one.", row=number, column=FILE_NAME))
                self.metadata[name] = row

    def _compare(self, media: dict[str, AudioFacts | ImageFacts | None]) -> None:
        if self.scan.problems:
            return
        for number, name in enumerate(self.metadata, start=1):
            if name not in media:
                what = f"The metadata names “{name[:100]}”, which is not in the archive."
                action = "Add the file, or take the row out. Names are relative to the metadata file."
                _add(self.scan.problems, "missing_file", what, action, row=number)
        for name in media:
            if name not in self.metadata:
                what = f"“{name[:100]}” has no row in the metadata file."
                _add(self.scan.problems, "missing_row", what, "Add a row for it, or take the file out.")

    def _media_field(self, media: dict[str, AudioFacts | ImageFacts | None]) -> pa.Field:
        facts = [each for each in media.values() if each is not None]
        kinds = {type(each) for each in facts}
        if len(kinds) > 1:
            raise broken("mixed_media", "The archive holds recordings and pictures.", "Make one archive of each.")
        if not facts:
            if self.scan.problems:
                return pa.field("audio", MEDIA)
            raise broken("no_media", "The archive holds no recordings or pictures.", HOW_TO)
        self.column = "audio" if kinds == {AudioFacts} else "image"
        return with_feature(pa.field(self.column, MEDIA), _feature(facts))


def _feature(facts: list[AudioFacts | ImageFacts]) -> dict[str, Any]:
    """`sampling_rate` only when all recordings share one."""
    rates = {each.sampling_rate for each in facts if isinstance(each, AudioFacts)}
    if not rates:
        return {"_type": "Image"}
    return {"_type": "Audio", "sampling_rate": rates.pop()} if len(rates) == 1 else {"_type": "Audio"}


def _add(problems: ProblemList, code: str, message: str, action: str, row: int | None = None) -> None:
    problems.add(Problem(code, message, action, row=row, column=FILE_NAME))
