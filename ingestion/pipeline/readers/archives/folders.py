"""Folders as `datasets` reads them (audiofolder, imagefolder): metadata files, or labels by folder; and splits."""

import posixpath
import unicodedata
from collections.abc import Sequence

import pyarrow as pa

from ingestion.domain.kinds import Kind
from ingestion.domain.problems import Problem, broken
from ingestion.pipeline.member_names import shown
from ingestion.pipeline.readers.archives.index import Entry
from ingestion.pipeline.readers.archives.media_table import MediaTableReader, unreadable
from ingestion.pipeline.readers.archives.tables import joined, table_of
from ingestion.pipeline.readers.base import Scan

METADATA_NAMES = ("metadata.csv", "metadata.tsv", "metadata.jsonl", "metadata.parquet")
FILE_NAME, LABEL, SPLIT = "file_name", "label", "split"
# The words by which `datasets` knows a split, and the names that it gives them.
SPLITS = {
    **dict.fromkeys(("train", "training"), "train"),
    **dict.fromkeys(("validation", "valid", "val", "dev"), "validation"),
    **dict.fromkeys(("test", "testing", "eval", "evaluation"), "test"),
}
HOW_TO = (
    "Put a file metadata.csv into the archive with the column file_name, one row per file, and a column for each "
    "thing you know about it."
)


def is_metadata(name: str) -> bool:
    return posixpath.basename(name).lower() in METADATA_NAMES


def folder_reader(scan: Scan, kind: Kind, entries: Sequence[Entry]) -> MediaTableReader:
    media = [entry for entry in entries if entry.is_media]
    metadata = [entry for entry in entries if is_metadata(entry.name)]
    if not media and not any(entry.kind is None for entry in entries):
        raise broken("no_media", "The archive holds no recordings or pictures.", HOW_TO)
    if not metadata:
        _tell_others(scan, [entry for entry in entries if not entry.is_media])
        return MediaTableReader(scan, kind, _numbered(media), _with_split(_labels(media), media))
    return _with_metadata(scan, kind, entries, metadata)


def _with_metadata(scan: Scan, kind: Kind, entries: Sequence[Entry], metadata: list[Entry]) -> MediaTableReader:
    _check_one_per_folder(metadata)
    named, tables = [], []
    for entry in metadata:
        table = table_of(scan, entry)
        if scan.problems:
            return MediaTableReader(scan, kind, {}, pa.table({}))
        if FILE_NAME not in table.column_names:
            raise broken("no_file_name", f"The metadata file has no column “{FILE_NAME}”.", HOW_TO, column=FILE_NAME)
        named += [_joined(entry.folder, name) for name in table.column(FILE_NAME).to_pylist()]
        tables.append(table.drop_columns([FILE_NAME]) if table.num_columns > 1 else _no_columns(table.num_rows))
    rows = _matched(scan, named, [entry for entry in entries if entry not in metadata])
    found = {entry.name: entry for entry in entries}
    by_row = {row: found[name] for name, row in rows.items()}
    table = joined(tables) if any(each.num_columns for each in tables) else pa.table({})
    return MediaTableReader(scan, kind, rows, _with_split(table, [by_row.get(at) for at in range(len(named))]))


def _check_one_per_folder(metadata: Sequence[Entry]) -> None:
    folders: dict[str, Entry] = {}
    for entry in metadata:
        other = folders.setdefault(entry.folder, entry)
        if other is not entry:
            what = f"One folder has two metadata files, “{shown(other.name)}” and “{shown(entry.name)}”."
            raise broken("two_metadata_files", what, "Keep one metadata file in each folder.")


def _matched(scan: Scan, named: Sequence[str], entries: Sequence[Entry]) -> dict[str, int]:
    """Member name to row. Names are compared in NFC: some systems decompose the names of files."""
    by_key = {key_of(entry.name): entry for entry in entries}
    rows: dict[str, int] = {}
    for at, name in enumerate(named):
        entry = by_key.get(key_of(name))
        if entry is None:
            what = f"The metadata names “{shown(name)}”, which is not in the archive."
            action = "Add the file, or take the row out. Names are relative to the metadata file."
            scan.problems.add(Problem("missing_file", what, action, row=at + 1, column=FILE_NAME))
        elif entry.name in rows:
            what = f"“{shown(entry.base)}” has two rows in the metadata file."
            scan.problems.add(Problem("duplicate_row", what, "Keep one.", row=at + 1, column=FILE_NAME))
        else:
            rows[entry.name] = at
    for entry in entries:
        if entry.name not in rows and entry.is_media:
            what = f"“{shown(entry.name)}” has no row in the metadata file."
            action = "Add a row for it, or take the file out."
            scan.problems.add(Problem("missing_row", what, action, column=FILE_NAME))
    _tell_others(scan, [entry for entry in entries if entry.name not in rows and not entry.is_media])
    return rows


def _tell_others(scan: Scan, others: Sequence[Entry]) -> None:
    """A readme may stay out, and we say so; bytes that nobody can read are a damaged recording until told otherwise."""
    for entry in others:
        if entry.kind is None:
            scan.problems.add(unreadable(entry.name, "it is nothing we know"))
    texts = [entry for entry in others if entry.kind is not None]
    if texts:
        what = f"Left out, because neither recording nor picture: {len(texts)}, first “{shown(texts[0].name)}”."
        scan.warnings.append(Problem("left_out", what, "Nothing, unless they belong to the data."))


def _labels(media: Sequence[Entry]) -> pa.Table:
    """The folder's name, if all files lie equally deep and there is more than one folder: the rule of `datasets`."""
    folders = [posixpath.basename(entry.folder) for entry in media]
    depths = {entry.name.count("/") for entry in media}
    is_split = all(folder.lower() in SPLITS for folder in folders)
    if len(set(folders)) < 2 or len(depths) != 1 or is_split:
        return pa.table({})
    return pa.table({LABEL: pa.array(folders, pa.string())})


def _with_split(table: pa.Table, entries: Sequence[Entry | None]) -> pa.Table:
    """A column for the split, if any folder says one and the metadata does not."""
    splits = [split_of(entry.folder) if entry else None for entry in entries]
    if not any(splits) or SPLIT in table.column_names:
        return table
    column = pa.array(splits, pa.string())
    return table.append_column(SPLIT, column) if table.num_columns else pa.table({SPLIT: column})


def split_of(folder: str) -> str | None:
    return next((SPLITS[part.lower()] for part in folder.split("/") if part.lower() in SPLITS), None)


def key_of(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _joined(folder: str, name: object) -> str:
    return posixpath.normpath(posixpath.join(folder, str(name or "")))


def _numbered(media: Sequence[Entry]) -> dict[str, int]:
    return {entry.name: at for at, entry in enumerate(media)}


def _no_columns(rows: int) -> pa.Table:
    """A table that knows how many rows it has, although it has no columns."""
    return pa.Table.from_batches([pa.RecordBatch.from_struct_array(pa.array([{}] * rows, pa.struct([])))])
