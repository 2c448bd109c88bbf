"""Walking a ZIP or TAR member by member. Nothing is ever unpacked to a path that the archive names."""

import gzip
import io
import re
import struct
import tarfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, Literal

from ingestion.domain.problems import BrokenFileError, broken
from ingestion.pipeline.limits import (
    EXPANSION_RATIO,
    MEMBER_BYTES,
    MEMBER_NAME_BYTES,
    MEMBERS,
    MIB,
    expansion_limit,
)

CENTRAL, END = b"PK\x01\x02", b"PK\x05\x06"
END_BYTES = 22
LOCAL_HEADER = struct.Struct("<4s5H3I2H")
DESCRIPTOR_FLAG, ENCRYPTED_FLAG, UTF8_FLAG = 0x08, 0x01, 0x800
JUNK = re.compile(r"(^|/)(__MACOSX/.*|\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*)$")
STREAM: Literal["r|"] = "r|"
DRIVE = re.compile(r"^[A-Za-z]:")
REMAKE = "Pack the files again with a common program, with plain relative names, and replace the archive."


@dataclass(frozen=True)
class Member:
    name: str
    data: bytes


class Budget:
    """Counts unpacked bytes as they appear, whatever the headers claim."""

    def __init__(self, size: int) -> None:
        self.left = expansion_limit(size)

    def take(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise broken(
                "expands_too_much",
                f"The archive unpacks to more than {EXPANSION_RATIO} times its own size.",
                "Remove filler files, or split the archive.",
            )


def members(path: Path, kind: str) -> Iterator[Member]:
    """The files of an archive in its own order, junk of operating systems left out. Raises BrokenFileError."""
    names = NameCheck()
    walk = _zip_members(path) if kind == "zip" else _tar_members(path, compressed=kind == "tar.gz")
    for member in walk:
        if JUNK.search(member.name):
            continue
        names.check(member.name)
        yield member


class NameCheck:
    """Refuses names that lead elsewhere, hide something, or that a file system would confuse."""

    def __init__(self) -> None:
        self.seen: set[str] = set()

    def check(self, name: str) -> None:
        parts = name.split("/")
        unsafe = (
            name.startswith("/")
            or "\\" in name
            or DRIVE.match(name)
            or any(part in ("", ".", "..") for part in parts)
            or any(unicodedata.category(char) in ("Cc", "Cs") for char in name)
            or len(name.encode("utf-8", "surrogatepass")) > MEMBER_NAME_BYTES
        )
        if unsafe:
            raise unsafe_member(name, "has a name that leads out of the archive or hides something")
        key = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", name).casefold())
        if key in self.seen:
            raise unsafe_member(name, "has the same name as another file, up to letter case")
        self.seen.add(key)


def unsafe_member(name: str, what: str) -> BrokenFileError:
    shown = "".join(char if char.isprintable() else "�" for char in name[:100])
    return broken("unsafe_archive_member", f"“{shown}” in the archive {what}.", REMAKE, example=shown)


def _zip_members(path: Path) -> Iterator[Member]:
    _check_zip_size(path)
    budget = Budget(path.stat().st_size)
    try:
        with path.open("rb") as raw, zipfile.ZipFile(raw) as archive:
            infos = archive.infolist()
            _check_zip_layout(raw, archive, infos)
            for info in infos:
                if not info.is_dir():
                    with archive.open(info) as file:
                        yield Member(info.filename, _bounded(file, info.filename, budget))
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        struct.error,
        NotImplementedError,
        RuntimeError,
        OSError,
    ) as error:
        raise broken("invalid_archive", "The ZIP file is damaged.", REMAKE) from error


def _check_zip_size(path: Path) -> None:
    """Before `zipfile` builds an object per entry: count the entries that the tail of the file can hold."""
    with path.open("rb") as file:
        count, overlap = 0, b""
        while block := file.read(MIB):
            count += (overlap + block).count(CENTRAL)
            overlap = block[-3:]
            if count > MEMBERS:
                raise broken(
                    "too_many_members", f"The archive has more than {MEMBERS:,} files.", "Split it into smaller ones."
                )


def _check_zip_layout(raw: BinaryIO, archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> None:
    """Local headers say what the directory says, lie one after another from the start, and overlap nowhere."""
    end = 0
    for info in sorted(infos, key=lambda each: each.header_offset):
        if info.header_offset < end or (end == 0 and info.header_offset != 0):
            raise _ambiguous(info.filename)
        end = info.header_offset + _checked_local_header(raw, info)
    if end > archive.start_dir:
        raise _ambiguous(infos[-1].filename)


def _checked_local_header(raw: BinaryIO, info: zipfile.ZipInfo) -> int:
    """Bytes of header and data. Raises for a header that differs from the central directory."""
    raw.seek(info.header_offset)
    found = LOCAL_HEADER.unpack(raw.read(LOCAL_HEADER.size))
    _, _, flags, method, _, _, crc, packed, size, name_length, extra_length = found
    name = raw.read(name_length).decode("utf-8" if flags & UTF8_FLAG else "cp437", "replace")
    if info.flag_bits & ENCRYPTED_FLAG or flags & ENCRYPTED_FLAG:
        raise broken("encrypted_archive", "The archive is protected by a password.", "Pack it again without one.")
    if info.external_attr >> 28 == 0xA:
        raise unsafe_member(info.filename, "is a link")
    sizes_said = not flags & DESCRIPTOR_FLAG and packed != 0xFFFFFFFF
    sizes_differ = sizes_said and (crc, packed, size) != (info.CRC, info.compress_size, info.file_size)
    if name != info.orig_filename or method != info.compress_type or sizes_differ:
        raise _ambiguous(info.filename)
    return int(LOCAL_HEADER.size + name_length + extra_length + info.compress_size)


def _ambiguous(name: str) -> BrokenFileError:
    shown = "".join(char if char.isprintable() else "�" for char in name[:100])
    return broken("ambiguous_container", f"The ZIP file contradicts itself about “{shown}”.", REMAKE)


def _tar_members(path: Path, *, compressed: bool) -> Iterator[Member]:
    budget, count = Budget(path.stat().st_size), 0
    try:
        with (
            path.open("rb") as raw,
            _plain_stream(raw, compressed=compressed) as stream,
            tarfile.open(fileobj=_Counted(stream, budget), mode=STREAM) as archive,
        ):
            for info in archive:
                # The stubs do not know this list; left alone, tarfile keeps every header in it for ever.
                archive.members = []  # type: ignore[attr-defined]
                count += 1
                if count > MEMBERS:
                    raise broken("too_many_members", f"The archive has more than {MEMBERS:,} files.", "Split it.")
                if not info.isdir():
                    yield Member(info.name, _tar_data(archive, info))
    except (tarfile.TarError, zlib.error, EOFError, OSError, ValueError, OverflowError) as error:
        raise broken("invalid_archive", "The TAR file is damaged.", REMAKE) from error


def _plain_stream(raw: BinaryIO, *, compressed: bool) -> BinaryIO:
    return gzip.GzipFile(fileobj=raw) if compressed else raw  # type: ignore[return-value]  # it reads like one


def _tar_data(archive: tarfile.TarFile, info: tarfile.TarInfo) -> bytes:
    if not info.isreg() or info.sparse is not None:
        raise unsafe_member(info.name, "is a link, a device or another special file")
    if info.size > MEMBER_BYTES:
        raise _too_large(info.name)
    file = archive.extractfile(info)
    data = file.read() if file else b""
    if len(data) != info.size:
        raise EOFError
    return data


class _Counted(io.RawIOBase):
    """A stream that charges what is read to the budget."""

    def __init__(self, stream: BinaryIO, budget: Budget) -> None:
        super().__init__()
        self.stream, self.budget = stream, budget

    def read(self, count: int = -1) -> bytes:
        block = self.stream.read(count)
        self.budget.take(len(block))
        return block


def _bounded(file: IO[bytes], name: str, budget: Budget) -> bytes:
    blocks, total = [], 0
    while block := file.read(MIB):
        total += len(block)
        if total > MEMBER_BYTES:
            raise _too_large(name)
        budget.take(len(block))
        blocks.append(block)
    return b"".join(blocks)


def _too_large(name: str) -> BrokenFileError:
    return broken(
        "member_too_large",
        f"“{name[:100]}” is larger than {MEMBER_BYTES // MIB} MiB.",
        "Split the recording or picture into smaller ones.",
    )
