"""The first walk over an archive: every member is named, looked at by content, and refused if it is not data."""

import posixpath
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ingestion.domain.kinds import ARCHIVES, MEDIA_KINDS, PACKED, Kind
from ingestion.domain.problems import BrokenFileError, Problem, broken
from ingestion.pipeline.archives import Member, members
from ingestion.pipeline.limits import METADATA_BYTES, MIB
from ingestion.pipeline.member_names import shown
from ingestion.pipeline.readers.base import Scan
from ingestion.pipeline.sniff import TEXT_HEAD, kind_of_bytes, kind_of_text, refuse, refuse_hidden

TEXTS: tuple[Kind, ...] = ("jsonl", "delimited", "text")


@dataclass(frozen=True)
class Entry:
    """`kind` is None for bytes that are nothing we know; `trouble` says why. `path` is where a kept one lies."""

    name: str
    kind: Kind | None
    trouble: Problem | None = None
    path: Path | None = None

    @property
    def folder(self) -> str:
        return posixpath.dirname(self.name)

    @property
    def base(self) -> str:
        return posixpath.basename(self.name)

    @property
    def is_media(self) -> bool:
        return self.kind in MEDIA_KINDS

    @property
    def is_text(self) -> bool:
        return self.kind in TEXTS


def index_of(scan: Scan, kind: Kind, kept: Callable[[str], bool]) -> list[Entry]:
    """The entries in the archive's order; those whose name is `kept` are written beside the archive."""
    entries: list[Entry] = []
    read, size = 0, scan.path.stat().st_size
    for member in members(scan.path, kind):
        entry, weight = _looked_at(scan, member, kept=kept(member.name), number=len(entries))
        entries.append(entry)
        read += weight
        scan.progress(0, min(read, size))
    return entries


def _looked_at(scan: Scan, member: Member, *, kept: bool, number: int) -> tuple[Entry, int]:
    """The entry and its size. The bytes are let go with the end of this function."""
    data = member.read()
    path = _keep(scan, member.name, data, number) if kept else None
    return _entry(member.name, data, path), len(data)


def _entry(name: str, data: bytes, path: Path | None) -> Entry:
    head = data[:TEXT_HEAD]
    kind = kind_of_bytes(head)
    if kind in ARCHIVES or kind in PACKED:
        raise broken(
            "nested_archive",
            f"“{shown(name)}” is an archive inside the archive.",
            "Unpack it, and pack its files together with the others.",
            example=shown(name),
        )
    refuse(head, shown(name))
    if kind in MEDIA_KINDS:
        refuse_hidden(data, shown(name))
    if kind is not None:
        return Entry(name, kind, path=path)
    try:
        return Entry(name, kind_of_text(head, whole=len(data) <= TEXT_HEAD), path=path)
    except BrokenFileError as error:
        return Entry(name, None, in_member(error.problem, name), path)


def in_member(problem: Problem, name: str) -> Problem:
    """The same, said of a file in the archive."""
    return Problem(
        problem.code, f"“{shown(name)}”: {problem.message}", problem.action, row=problem.row, column=problem.column
    )


def _keep(scan: Scan, name: str, data: bytes, number: int) -> Path:
    if len(data) > METADATA_BYTES:
        what = f"“{shown(name)}” is larger than {METADATA_BYTES // MIB} MiB."
        raise broken("metadata_too_large", what, "Split the archive.", example=shown(name))
    path = scan.path.with_name(f"member-{number}")
    path.write_bytes(data)
    return path
