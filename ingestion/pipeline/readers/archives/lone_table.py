"""An archive around one table, as clients send it that know no other way: the table is read as if it had come alone."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ingestion.domain.kinds import TABLES, Kind
from ingestion.domain.problems import Problem
from ingestion.pipeline.archives import members
from ingestion.pipeline.member_names import shown
from ingestion.pipeline.readers.archives.index import Entry
from ingestion.pipeline.readers.archives.tables import READERS
from ingestion.pipeline.readers.base import Reader, Scan


def lone_table(entries: Sequence[Entry]) -> Entry | None:
    """The only table among texts such as a readme; None where there are several, or anything else to read."""
    tables = [entry for entry in entries if entry.kind in TABLES]
    if len(tables) != 1 or tables[0].kind not in READERS:
        return None
    return tables[0] if all(entry.kind == "text" for entry in entries if entry is not tables[0]) else None


def lone_table_reader(scan: Scan, kind: Kind, entries: Sequence[Entry], table: Entry) -> Reader:
    others = [entry for entry in entries if entry is not table]
    if others:
        what = f"Left out, because only the table is read: {len(others)}, first “{shown(others[0].name)}”."
        scan.warnings.append(Problem("left_out", what, "Nothing, unless they belong to the data."))
    path, size = _unpacked(scan, kind, table), scan.path.stat().st_size
    inner = replace(scan, path=path, progress=lambda rows, read: scan.progress(rows, min(read, size)))
    return READERS[table.kind](inner)


def _unpacked(scan: Scan, kind: Kind, table: Entry) -> Path:
    """Beside the archive, under a name of ours. `read` refuses what is too large."""
    path = scan.path.with_name("lone-table")
    for member in members(scan.path, kind):
        if member.name == table.name:
            path.write_bytes(member.read())
    return path
