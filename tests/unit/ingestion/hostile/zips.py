"""ZIP files that mean harm, each with the code it is refused with."""

import io
import pickle  # noqa: TID251 - what is made here is refused, never loaded
import struct
import zipfile
import zlib
from collections.abc import Callable

import numpy as np

from tests.unit.ingestion.makers import png, wav, zipped

Case = tuple[Callable[[], bytes], str]
MIB = 1024**2


def _member(info: zipfile.ZipInfo, data: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(info, data)
    return target.getvalue()


def _special(sort: int) -> bytes:
    info = zipfile.ZipInfo("innocent.wav")
    info.create_system, info.external_attr = 3, (sort | 0o777) << 16
    return _member(info, b"/etc/passwd")


def _encrypted() -> bytes:
    data = bytearray(zipped({"a.wav": b"data"}))
    for offset in (6, data.index(b"PK\x01\x02") + 8):
        data[offset] |= 1
    return bytes(data)


def _overlapping() -> bytes:
    """Two directory entries that share one stretch of data: the trick of the densest bombs."""
    body = zlib.compress(bytes(1000))[2:-4]
    crc = zlib.crc32(bytes(1000))
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 33, crc, len(body), 1000, 1, 0)
    entry = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 8, 0, 33, crc, len(body), 1000, 1, *[0] * 6)
    directory = entry + b"a" + entry + b"b"
    start = len(local) + 1 + len(body)
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 2, 2, len(directory), start, 0)
    return local + b"a" + body + directory + end


def _empty_members(count: int = 2_000_000) -> bytes:
    entry = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 0, 0, 33, 0, 0, 0, 1, *[0] * 6) + b"a"
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, len(entry) * count, 0, 0)
    return b"PK\x03\x04" + entry * count + end


def _lying_sizes() -> bytes:
    honest = zipped({"a.wav": bytes(1_000_000)})
    for offset in (honest.index(b"PK\x03\x04") + 22, honest.index(b"PK\x01\x02") + 24):
        honest = honest[:offset] + struct.pack("<I", 10) + honest[offset + 4 :]
    return honest


def _gap() -> bytes:
    """Bytes between the last member and the directory, which no reader shows."""
    data = zipped({"a.wav": wav()})
    at = data.index(b"PK\x01\x02")
    moved = data[:at] + b"hidden" * 10 + data[at:]
    end = moved.rindex(b"PK\x05\x06") + 16
    return moved[:end] + struct.pack("<I", at + 60) + moved[end + 4 :]


def _comment_with_an_end() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.wav", wav())
        archive.comment = b"PK\x05\x06" + bytes(30)
    return target.getvalue()


def _second_name() -> bytes:
    info = zipfile.ZipInfo("a.wav")
    other = b"\x01" + struct.pack("<I", zlib.crc32(b"a.wav")) + b"../../outside.wav"
    info.extra = struct.pack("<HH", 0x7075, len(other)) + other
    return _member(info, wav())


def _object_array() -> bytes:
    target = io.BytesIO()
    np.savez(target, a=np.array([{"a": 1}], dtype=object), allow_pickle=True)
    return target.getvalue()


def _bomb() -> bytes:
    """About 10 MB that unpack to 10 GB."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = bytes(64 * MIB)
    body = b"".join([*(packed.compress(block) for _ in range(4)), packed.flush()])
    crc = zlib.crc32(block, zlib.crc32(block, zlib.crc32(block, zlib.crc32(block))))
    parts, directory, at, count = [], [], 0, 40
    for number in range(count):
        name = f"{number:02d}.wav".encode()
        sizes = (crc, len(body), 256 * MIB)
        local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 33, *sizes, len(name), 0) + name + body
        directory.append(
            struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 8, 0, 33, *sizes, len(name), 0, 0, 0, 0, 0, at) + name
        )
        parts.append(local)
        at += len(local)
    whole = b"".join(directory)
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, len(whole), at, 0)
    return b"".join([*parts, whole, end])


UNSAFE = "unsafe_archive_member"
AMBIGUOUS = "ambiguous_container"
CASES: dict[str, Case] = {
    "traversal": (lambda: zipped({"../../outside.wav": wav()}), UNSAFE),
    "traversal-inside": (lambda: zipped({"a/../../outside.wav": wav()}), UNSAFE),
    "absolute": (lambda: zipped({"/etc/outside.wav": wav()}), UNSAFE),
    "drive": (lambda: zipped({"C:/outside.wav": wav()}), UNSAFE),
    "backslash": (lambda: zipped({"..\\outside.wav": wav()}), UNSAFE),
    "control": (lambda: zipped({"a\x1b[2Jb.wav": wav()}), UNSAFE),
    "nul": (lambda: zipped({"aXb.wav": wav()}).replace(b"aXb.wav", b"a\0b.wav"), UNSAFE),
    "long-name": (lambda: zipped({"x" * 300 + ".wav": wav()}), UNSAFE),
    "case-twins": (lambda: zipped({"a.wav": wav(), "A.wav": wav()}), UNSAFE),
    "nfc-twins": (lambda: zipped({"\u00e9.wav": wav(), "e\u0301.wav": wav()}), UNSAFE),
    "link": (lambda: _special(0o120000), UNSAFE),
    "device": (lambda: _special(0o060000), UNSAFE),
    "password": (_encrypted, "encrypted_archive"),
    "overlap": (_overlapping, AMBIGUOUS),
    "bomb": (_bomb, "expands_too_much"),
    "two-million-members": (_empty_members, "too_many_members"),
    "nested": (lambda: zipped({"a.wav": wav(), "b.zip": zipped({"c.wav": wav()})}), "nested_archive"),
    "other-name": (lambda: zipped({"a.wav": wav()}).replace(b"a.wav", b"b.wav", 1), AMBIGUOUS),
    "lying-sizes": (_lying_sizes, "invalid_archive"),
    "page-in-front": (lambda: b"<html><script>x()</script>" + zipped({"a.wav": wav()}), AMBIGUOUS),
    "gifar": (lambda: b"GIF89a" + bytes(100) + zipped({"a.class": b"\xca\xfe\xba\xbe"}), AMBIGUOUS),
    "pdf": (lambda: b"%PDF-1.7\n%%EOF\n" + zipped({"a.wav": wav()}), AMBIGUOUS),
    "zip-in-a-picture": (lambda: zipped({"a.png": png() + zipped({"b": b"c"})}), AMBIGUOUS),
    "gap": (_gap, AMBIGUOUS),
    "behind": (lambda: zipped({"a.wav": wav()}) + b"hidden", AMBIGUOUS),
    "two-ends": (_comment_with_an_end, AMBIGUOUS),
    "second-name": (_second_name, AMBIGUOUS),
    "cut": (lambda: zipped({"a.wav": wav(1.0)})[:400], "invalid_archive"),
    "model": (lambda: zipped({"model/data.pkl": pickle.dumps({}), "model/version": b"3"}), "refused_format"),
    "pickle-inside": (lambda: zipped({"a.wav": pickle.dumps([1, 2])}), "refused_format"),
    "old-pickle-inside": (lambda: zipped({"a.txt": b"cos\nsystem\n(S'ls'\ntR."}), "refused_format"),
    "arrays": (_object_array, "refused_format"),
    "java": (lambda: zipped({"META-INF/MANIFEST.MF": b"", "a.class": b"\xca\xfe\xba\xbe\0\0"}), "refused_format"),
    "script": (lambda: zipped({"a.txt": b"#!/bin/sh\nrm -rf /\n"}), "refused_format"),
    "workbook": (lambda: zipped({"[Content_Types].xml": b"<?xml?>", "xl/workbook.xml": b"<"}), "refused_format"),
    "macros": (
        lambda: zipped({"[Content_Types].xml": b"<?xml?>", "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}),
        "refused_format",
    ),
}
