"""Walking a ZIP or TAR member by member. Nothing is ever unpacked to a path that the archive names."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingestion.domain.kinds import Kind
from ingestion.pipeline.member_names import NameCheck, is_junk
from ingestion.pipeline.tars import tar_files
from ingestion.pipeline.zips import zip_files


@dataclass(frozen=True)
class Member:
    """A file of an archive. `read` gives its bytes: once, before the next member is asked for."""

    name: str
    read: Callable[[], bytes]


def members(path: Path, kind: Kind) -> Iterator[Member]:
    """The files of an archive in its own order, junk of operating systems left out. Raises BrokenFileError.

    Every name and every header is checked, whether the bytes are read or not. A member does not hold its bytes, so two
    large ones are never in memory at the same time unless a reader keeps them.
    """
    names = NameCheck()
    for name, read in zip_files(path) if kind == "zip" else tar_files(path, kind):
        if not is_junk(name):
            names.check(name)
            yield Member(name, read)
