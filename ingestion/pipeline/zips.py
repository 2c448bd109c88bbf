"""ZIP archives: the directory at the end says what the headers say, and nothing lies between, before or behind."""

import io
import struct
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import IO, BinaryIO

from ingestion.domain.kinds import MACROS, MODEL, OFFICE, Refused
from ingestion.domain.problems import BrokenFileError, broken
from ingestion.pipeline.limits import MEMBER_BYTES, MEMBERS, MIB
from ingestion.pipeline.member_names import REMAKE, damage_told, shown, too_many_members, unsafe_member
from ingestion.pipeline.packing import Budget

LOCAL_HEADER = struct.Struct("<4s5H3I2H")
CENTRAL, END = b"PK\x01\x02", b"PK\x05\x06"
END_BYTES, LONGEST_COMMENT = 22, 65_535
DESCRIPTOR_FLAG, ENCRYPTED_FLAG, UTF8_FLAG = 0x08, 0x01, 0x800
# Behind the data: signature, CRC and two sizes of four or eight bytes, the signature at will.
DESCRIPTOR_BYTES = (12, 16, 20, 24)
# Only in a ZIP64: a record and its locator stand between the directory and the end.
ZIP64_BYTES = 56 + 20
WIDE = 0xFFFFFFFF
UNICODE_PATH = 0x7075
LINK, REGULAR = 0xA, (0x0, 0x8)


def zip_files(path: Path) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Name and a function that reads it, for each file. Raises BrokenFileError."""
    _check_count(path)
    budget = Budget(path.stat().st_size)
    with damage_told(), path.open("rb") as raw, zipfile.ZipFile(raw) as archive:
        infos = archive.infolist()
        _refuse_documents({info.filename for info in infos})
        _check_layout(raw, archive, infos)
        for info in infos:
            if not info.is_dir():
                yield _name(info), partial(_read, archive, info, budget)


def _name(info: zipfile.ZipInfo) -> str:
    """As it stands in the file: `zipfile` would cut it at a NUL. Some programs write UTF-8 without saying so."""
    if info.flag_bits & UTF8_FLAG:
        return info.orig_filename
    try:
        return info.orig_filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.orig_filename


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget) -> bytes:
    with damage_told(), archive.open(info) as file:
        return _bounded(file, _name(info), budget)


def _bounded(file: IO[bytes], name: str, budget: Budget) -> bytes:
    # A BytesIO gives its own memory away in the end; joining blocks would need it twice.
    target = io.BytesIO()
    while block := file.read(MIB):
        budget.take(len(block))
        if target.tell() + len(block) > MEMBER_BYTES:
            raise too_large(name)
        target.write(block)
    return target.getvalue()


def too_large(name: str) -> BrokenFileError:
    return broken(
        "member_too_large",
        f"“{shown(name)}” is larger than {MEMBER_BYTES // MIB} MiB.",
        "Split the recording or picture into smaller ones.",
        example=shown(name),
    )


def _check_count(path: Path) -> None:
    """Before `zipfile` builds an object per entry: count the entries that the file can hold."""
    with path.open("rb") as file:
        count, overlap = 0, b""
        while block := file.read(MIB):
            count += (overlap + block).count(CENTRAL)
            overlap = block[-3:]
            if count > MEMBERS:
                raise too_many_members()


def _refuse_documents(names: set[str]) -> None:
    """Documents and models that are ZIP files inside. Their names say so before anything is read."""
    found: Refused | None = None
    if any(name.endswith("vbaProject.bin") for name in names):
        found = MACROS
    elif "[Content_Types].xml" in names:
        found = OFFICE
    elif any(name == "data.pkl" or name.endswith("/data.pkl") for name in names):
        found = MODEL
    if found:
        raise broken(found.code, f"This is {found.what}, which this site does not take.", found.instead)


def _check_layout(raw: BinaryIO, archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> None:
    """Local headers say what the directory says and lie one after another, from the start of the file to its end."""
    end = 0
    may_follow: tuple[int, ...] = (0,)
    for info in sorted(infos, key=lambda each: each.header_offset):
        if info.header_offset - end not in may_follow:
            raise ambiguous(_name(info))
        length, described = _checked_local_header(raw, info)
        end = info.header_offset + length
        may_follow = (0, *DESCRIPTOR_BYTES) if described else (0,)
    if archive.start_dir - end not in may_follow:
        raise ambiguous(_name(infos[-1]) if infos else "")
    _check_end(raw, archive)


def _check_end(raw: BinaryIO, archive: zipfile.ZipFile) -> None:
    """The end record is the only one, says where the directory is, and is followed by its comment alone."""
    size = raw.seek(0, 2)
    begin = max(0, size - END_BYTES - LONGEST_COMMENT)
    raw.seek(begin)
    tail = raw.read()
    at = tail.find(END, max(0, archive.start_dir - begin))
    length, start, comment = struct.unpack_from("<IIH", tail, at + 12)
    gap = begin + at - archive.start_dir - length
    wide = WIDE in (length, start)
    if begin + at + END_BYTES + comment != size or (not wide and (gap != 0 or start != archive.start_dir)):
        raise ambiguous("")
    if END in tail[at + 4 :]:
        raise ambiguous("")


def _checked_local_header(raw: BinaryIO, info: zipfile.ZipInfo) -> tuple[int, bool]:
    """Bytes of header and data, and whether a descriptor follows. Raises for a header unlike the directory's."""
    raw.seek(info.header_offset)
    found = LOCAL_HEADER.unpack(raw.read(LOCAL_HEADER.size))
    _, _, flags, method, _, _, crc, packed, size, name_length, extra_length = found
    name = raw.read(name_length).decode("utf-8" if flags & UTF8_FLAG else "cp437", "replace")
    if info.flag_bits & ENCRYPTED_FLAG or flags & ENCRYPTED_FLAG:
        raise broken("encrypted_archive", "The archive is protected by a password.", "Pack it again without one.")
    _check_sort(info)
    described = bool(flags & DESCRIPTOR_FLAG)
    sizes_said = not described and WIDE not in (packed, size)
    sizes_differ = sizes_said and (crc, packed, size) != (info.CRC, info.compress_size, info.file_size)
    other_name = name != info.orig_filename or _unicode_path(info) not in (None, _name(info))
    if other_name or method != info.compress_type or sizes_differ:
        raise ambiguous(_name(info))
    return int(LOCAL_HEADER.size + name_length + extra_length + info.compress_size), described


def _check_sort(info: zipfile.ZipInfo) -> None:
    sort = info.external_attr >> 28 if info.create_system == 3 else 0
    if sort == LINK:
        raise unsafe_member(_name(info), "is a link")
    if sort not in REGULAR and not info.is_dir():
        raise unsafe_member(_name(info), "is a device or another special file")


def _unicode_path(info: zipfile.ZipInfo) -> str | None:
    """A second name that some programs believe instead of the first."""
    extra, at = info.extra, 0
    while at + 4 <= len(extra):
        what, size = struct.unpack_from("<HH", extra, at)
        if what == UNICODE_PATH:
            return extra[at + 9 : at + 4 + size].decode("utf-8", "replace")
        at += 4 + size
    return None


def ambiguous(name: str) -> BrokenFileError:
    about = f" about “{shown(name)}”" if name else ""
    return broken(
        "ambiguous_container", f"The ZIP file contradicts itself{about}.", REMAKE, example=shown(name) or None
    )
