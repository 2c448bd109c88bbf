"""Reading what gzip or Zstandard packed, as a stream of bounded blocks that are charged as they appear."""

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import pyarrow as pa

from ingestion.domain.kinds import Kind
from ingestion.domain.problems import BrokenFileError, broken
from ingestion.pipeline.limits import EXPANSION_RATIO, expansion_limit


class UnpackingError(Exception):
    """The packed stream is damaged, or something follows it."""


class Budget:
    """Counts unpacked bytes as they appear, whatever the headers claim."""

    def __init__(self, size: int) -> None:
        self.left = expansion_limit(size)

    def take(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise expands_too_much()


def expands_too_much() -> BrokenFileError:
    return broken(
        "expands_too_much",
        f"The file unpacks to more than {EXPANSION_RATIO} times its own size.",
        "Remove filler data, or split the file.",
    )


@contextmanager
def unpacked(path: Path, packing: Kind | None) -> Iterator[BinaryIO]:
    """The bytes inside, or the file itself if it is not packed. Reading raises UnpackingError."""
    with path.open("rb") as raw:
        if packing is None:
            yield raw
        else:
            yield cast(BinaryIO, _Unpacking(raw, packing))


class _Unpacking(io.RawIOBase):
    """One kind of error for all ways of being damaged. Reads at most what it is asked for."""

    def __init__(self, raw: BinaryIO, packing: Kind) -> None:
        super().__init__()
        # Arrow would end a gzip stream that is cut off as if it were whole; Python checks its length and CRC.
        self._stream = gzip.GzipFile(fileobj=raw) if packing == "gzip" else _Zstandard(raw)

    def readable(self) -> bool:
        return True

    def read(self, count: int = -1) -> bytes:
        try:
            return self._stream.read(count)
        except (OSError, EOFError, zlib.error, pa.ArrowException) as error:
            raise UnpackingError(str(error)) from error


class _Zstandard:
    """Frames one after another."""

    def __init__(self, raw: BinaryIO) -> None:
        self._stream = pa.CompressedInputStream(pa.PythonFile(raw, mode="r"), "zstd")

    def read(self, count: int = -1) -> bytes:
        return cast(bytes, self._stream.read(None if count < 0 else count))
