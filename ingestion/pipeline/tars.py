"""TAR archives, plain or packed, read as a stream from the first block to the last."""

import io
import tarfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Literal

from ingestion.domain.kinds import Kind
from ingestion.domain.problems import broken
from ingestion.pipeline.limits import MEMBER_BYTES, MEMBERS, MIB
from ingestion.pipeline.member_names import REMAKE, damage_told, too_many_members, unsafe_member
from ingestion.pipeline.packing import Budget, unpacked
from ingestion.pipeline.zips import too_large

STREAM: Literal["r|"] = "r|"
PACKING: dict[Kind, Kind | None] = {"tar": None, "tar.gz": "gzip", "tar.zst": "zstd"}
# Headers that only describe the next member, and what they may weigh: `tarfile` reads each into memory as a whole.
DESCRIBING = (
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
)
DESCRIBING_BYTES = 64 * 1024


def tar_files(path: Path, kind: Kind) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Name and a function that reads it, for each file; to be called before the next is asked for.

    Raises BrokenFileError.
    """
    with damage_told(), unpacked(path, PACKING[kind]) as stream:
        yield from _files(_Counted(stream, Budget(path.stat().st_size)))


def _files(stream: io.RawIOBase) -> Iterator[tuple[str, Callable[[], bytes]]]:
    count = 0
    with tarfile.open(fileobj=stream, mode=STREAM, tarinfo=_Header) as archive:
        for info in archive:
            # The stubs do not know this list; left alone, tarfile keeps every header in it for ever.
            archive.members = []  # type: ignore[attr-defined]
            count += 1
            if count > MEMBERS:
                raise too_many_members()
            if not info.isdir():
                _check_sort(info)
                yield info.name, partial(_data, archive, info)
        _check_rest(archive.fileobj)


class _Header(tarfile.TarInfo):
    """Python 3.11.7 walks backwards over a negative size, for ever (CVE-2025-8194), so sizes are looked at first."""

    def _block(self, count: int) -> int:
        if count < 0:
            raise tarfile.ReadError("a size is negative")
        if self.type in DESCRIBING and count > DESCRIBING_BYTES:
            raise tarfile.ReadError("a header is longer than any name")
        return super()._block(count)  # type: ignore[misc,no-any-return]  # the stubs leave it out


def _check_sort(info: tarfile.TarInfo) -> None:
    if not info.isreg() or info.sparse is not None:
        raise unsafe_member(info.name, "is a link, a device or another special file")


def _data(archive: tarfile.TarFile, info: tarfile.TarInfo) -> bytes:
    if info.size > MEMBER_BYTES:
        raise too_large(info.name)
    with damage_told():
        file = archive.extractfile(info)
        data = file.read() if file else b""
        if len(data) != info.size:
            raise EOFError
        return data


def _check_rest(stream: Any) -> None:
    """Behind the end there may be zeros to fill up a block, and nothing else."""
    while block := stream.read(MIB):
        if block.strip(b"\0"):
            raise broken("ambiguous_container", "Something follows the end of the TAR archive.", REMAKE)


class _Counted(io.RawIOBase):
    """A stream that charges what is read to the budget."""

    def __init__(self, stream: BinaryIO, budget: Budget) -> None:
        super().__init__()
        self.stream, self.budget = stream, budget

    def readable(self) -> bool:
        return True

    def read(self, count: int = -1) -> bytes:
        block = self.stream.read(count)
        self.budget.take(len(block))
        return block
