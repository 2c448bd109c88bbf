"""The layout of Common Voice: `clips/` and beside it tables by split. Each clip is one record, with its split."""

import csv
import posixpath
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa

from ingestion.domain.kinds import Kind
from ingestion.domain.problems import Problem, broken
from ingestion.pipeline.member_names import shown
from ingestion.pipeline.readers.archives.folders import SPLIT, key_of
from ingestion.pipeline.readers.archives.index import Entry
from ingestion.pipeline.readers.archives.media_table import MediaTableReader
from ingestion.pipeline.readers.archives.tables import read_whole
from ingestion.pipeline.readers.base import Scan
from ingestion.pipeline.readers.delimited import DelimitedReader
from ingestion.pipeline.readers.lines import lines

CLIPS = "clips"
PATH = "path"
# First the tables that give a split; a clip that is in `validated.tsv` alone has none.
TABLES = {"train.tsv": "train", "dev.tsv": "validation", "test.tsv": "test", "validated.tsv": ""}


def is_table(name: str) -> bool:
    return posixpath.basename(name).lower() in TABLES


def is_common_voice(entries: Sequence[Entry]) -> bool:
    clips = {posixpath.dirname(entry.folder) for entry in entries if posixpath.basename(entry.folder) == CLIPS}
    return any(is_table(entry.name) and entry.folder in clips for entry in entries)


def common_voice_reader(scan: Scan, kind: Kind, entries: Sequence[Entry]) -> MediaTableReader:
    clips = {key_of(entry.name): entry.name for entry in entries if entry.is_media}
    tables = [entry for entry in entries if is_table(entry.name)]
    if len({entry.folder for entry in tables}) > 1:
        raise broken(
            "two_metadata_files", "There are several folders with clips.", "Make one archive of each language."
        )
    rows: dict[str, int] = {}
    path = scan.path.with_name("clips.tsv")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", quoting=csv.QUOTE_ALL)
        for fields in _records(scan, tables, clips, rows):
            writer.writerow(fields)
    table = read_whole(scan, path, "clips", DelimitedReader) if rows and not scan.problems else pa.table({})
    _tell_left_out(scan, len(clips) - len(rows))
    return MediaTableReader(scan, kind, rows, table)


def _records(scan: Scan, tables: Sequence[Entry], clips: dict[str, str], rows: dict[str, int]) -> Iterator[list[str]]:
    """A header, and then each clip once: the columns of the first table without the path, and the split."""
    header: list[str] = []
    for entry in sorted(tables, key=lambda each: list(TABLES).index(each.base.lower())):
        split = TABLES[entry.base.lower()]
        for number, fields in _rows(scan, entry):
            if number == 0:
                if not header:
                    header = fields
                    _check_header(header, entry)
                    yield [*(name for name in header if name != PATH), SPLIT]
                order = [fields.index(name) if name in fields else -1 for name in header]
                continue
            values = [fields[at] if 0 <= at < len(fields) else "" for at in order]
            name = _clip(entry.folder, values[header.index(PATH)], clips)
            if name is None:
                _missing(scan, entry, number, values[header.index(PATH)])
            elif name not in rows:
                rows[name] = len(rows)
                yield [*(value for value, title in zip(values, header, strict=True) if title != PATH), split]
            elif split:
                what = f"“{shown(posixpath.basename(name))}” is in two splits, or twice in one."
                scan.problems.add(Problem("duplicate_row", what, "Keep one row.", row=number, column=PATH))


def _rows(scan: Scan, entry: Entry) -> Iterator[tuple[int, list[str]]]:
    """Fields as they stand between the tabs: Common Voice quotes nothing, and sentences hold quotation marks."""
    path = entry.path or Path()
    with path.open("rb") as file:
        for number, text, _ in lines(file):
            stripped = text.rstrip("\r\n")
            if stripped:
                yield number - 1, stripped.split("\t")


def _check_header(header: Sequence[str], entry: Entry) -> None:
    if PATH not in header:
        what = f"“{entry.base}” has no column “{PATH}”."
        raise broken("no_file_name", what, "Keep the header of Common Voice, with the column path.", column=PATH)


def _clip(folder: str, name: str, clips: dict[str, str]) -> str | None:
    """Older releases name the clip without its ending."""
    path = key_of(posixpath.join(folder, CLIPS, name))
    return clips.get(path) or clips.get(f"{path}.mp3")


def _missing(scan: Scan, entry: Entry, row: int, name: str) -> None:
    what = f"“{entry.base}” names “{shown(name)}”, which is not in {CLIPS}/."
    scan.problems.add(Problem("missing_file", what, "Add the clip, or take the row out.", row=row, column=PATH))


def _tell_left_out(scan: Scan, count: int) -> None:
    if count:
        what = f"Clips that are in none of {', '.join(TABLES)} were left out: {count}."
        scan.warnings.append(Problem("left_out", what, "Nothing, unless they belong to the data."))
