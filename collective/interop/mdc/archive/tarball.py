"""A tar.gz whose bytes follow from its contents alone: no clock, no user, no file name of this machine."""

import gzip
import io
import tarfile
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self


class Tarball:
    """Members are written in the order in which they are added, each dated `mtime` (seconds since the epoch)."""

    def __init__(self, target: BinaryIO, *, mtime: int, level: int) -> None:
        self._mtime = mtime
        self._gzip = gzip.GzipFile(filename="", mode="wb", fileobj=target, mtime=0, compresslevel=level)
        self._tar = tarfile.open(fileobj=self._gzip, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - closed below

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """After an error there is no end of an archive, and whoever began it throws it away."""
        if error is None:
            self._tar.close()
        self._gzip.close()

    def add_bytes(self, name: str, content: bytes) -> None:
        self._tar.addfile(self._member(name, len(content)), io.BytesIO(content))

    def add_file(self, name: str, path: Path) -> None:
        with path.open("rb") as content:
            self._tar.addfile(self._member(name, path.stat().st_size), content)

    def _member(self, name: str, size: int) -> tarfile.TarInfo:
        member = tarfile.TarInfo(name)
        member.size, member.mtime, member.mode = size, self._mtime, 0o644
        return member
