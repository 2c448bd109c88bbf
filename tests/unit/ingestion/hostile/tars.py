"""TAR files that mean harm, each with the code it is refused with."""

import io
import tarfile
from functools import partial

from tests.unit.ingestion.hostile.zips import AMBIGUOUS, UNSAFE, Case
from tests.unit.ingestion.makers import gzipped, gzipped_run, tar_with, tarred, wav

MIB = 1024**2
LINKS = {"link": tarfile.SYMTYPE, "hardlink": tarfile.LNKTYPE}
DEVICES = {"device": tarfile.CHRTYPE, "block": tarfile.BLKTYPE, "pipe": tarfile.FIFOTYPE, "odd": tarfile.CONTTYPE}


def _link(kind: bytes, target: str = "/etc/passwd") -> bytes:
    info = tarfile.TarInfo("innocent.wav")
    info.type, info.linkname = kind, target
    return tar_with(info)


def _chain() -> bytes:
    """CVE-2025-4517: links that resolve to a path longer than the system looks at, then a file through them."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        path = ""
        for step in "abcdefghijklmnop":
            folder = tarfile.TarInfo(path + "d" * 247)
            folder.type = tarfile.DIRTYPE
            archive.addfile(folder)
            link = tarfile.TarInfo(path + step)
            link.type, link.linkname = tarfile.SYMTYPE, "d" * 247
            archive.addfile(link)
            path += step + "/"
        info = tarfile.TarInfo("escape/outside.wav")
        info.size = 4
        archive.addfile(info, io.BytesIO(b"pwnd"))
    return target.getvalue()


def _with_size(field: bytes) -> bytes:
    """A header whose size is replaced, with its checksum made right again."""
    data = bytearray(tarred({"a.wav": wav()}))
    data[124:136] = field
    return bytes(_summed(data, 0))


def _summed(data: bytearray, at: int) -> bytearray:
    data[at + 148 : at + 156] = b" " * 8
    data[at + 148 : at + 156] = b"%06o\0 " % sum(data[at : at + 512])
    return data


def _header(name: str, kind: bytes, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.type, info.size = kind, size
    return info.tobuf(tarfile.GNU_FORMAT)


def _long_name_bomb(kind: bytes) -> bytes:
    """A name of 400 MB, which `tarfile` would read as a whole."""
    return gzipped_run(_header("x", kind, 400 * MIB), bytes(MIB), 400)


def _large_member() -> bytes:
    return gzipped_run(_header("a.wav", tarfile.REGTYPE, 200 * MIB), bytes(MIB), 200, bytes(1024))


def _extended(records: dict[str, str]) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=tarfile.PAX_FORMAT) as archive:
        info = tarfile.TarInfo("a.wav")
        info.pax_headers = records
        archive.addfile(info)
    return target.getvalue()


def _chained_headers(count: int = 5000) -> bytes:
    body = b"11 foo=bar\n".ljust(512, b"\0")
    return (_header("x", tarfile.XHDTYPE, 11) + body) * count


def _empty_members(count: int = 100_100) -> bytes:
    """As many more as one likes: it ends with the first that is too many."""
    return gzipped(b"".join(_header(f"{number}.wav", tarfile.REGTYPE, 0) for number in range(count)))


CASES: dict[str, Case] = {
    "traversal": (lambda: tarred({"../../outside.wav": wav()}), UNSAFE),
    "absolute": (lambda: tarred({"/tmp/outside.wav": wav()}), UNSAFE),  # noqa: S108 - where it must not appear
    "twins": (lambda: tarred({"\u00e9.wav": wav(), "e\u0301.wav": wav()}), UNSAFE),
    **{name: (partial(_link, kind), UNSAFE) for name, kind in LINKS.items()},
    **{name: (partial(_link, kind, ""), UNSAFE) for name, kind in DEVICES.items() if name != "odd"},
    "chain": (_chain, UNSAFE),
    "sparse": (lambda: _header("a.wav", tarfile.GNUTYPE_SPARSE, 0) + bytes(1024), UNSAFE),
    "sparse-extended": (
        lambda: _extended({"GNU.sparse.size": "9999999999", "GNU.sparse.numblocks": "0", "GNU.sparse.name": "b.wav"}),
        UNSAFE,
    ),
    "negative-size": (lambda: _with_size(b"\xff" * 11 + b"\0"), "invalid_archive"),
    "negative-extended-size": (lambda: _extended({"size": "-1024"}), "invalid_archive"),
    "huge-size": (lambda: _with_size(b"\x80" + b"\0" * 4 + b"\x7f" * 7), "member_too_large"),
    "larger-than-the-file": (lambda: _with_size(b"00000777777\0"), "invalid_archive"),
    "long-name-bomb": (lambda: _long_name_bomb(tarfile.GNUTYPE_LONGNAME), "invalid_archive"),
    "extended-header-bomb": (lambda: _long_name_bomb(tarfile.XHDTYPE), "invalid_archive"),
    "chained-headers": (_chained_headers, "invalid_archive"),
    "gzip-bomb": (_large_member, "expands_too_much"),
    "too-many-members": (_empty_members, "too_many_members"),
    "behind": (lambda: tarred({"a.wav": wav()}) + b"hidden", AMBIGUOUS),
    "zip-behind": (lambda: tarred({"a.wav": wav()}) + tarred({"b.wav": wav()}), AMBIGUOUS),
    "pdf": (lambda: tarred({"%PDF-1.7": wav()}), AMBIGUOUS),
    "page": (lambda: tarred({"<html><script>x()": wav()}), AMBIGUOUS),
    "nested": (lambda: tarred({"a.tar": tarred({"b.wav": wav()})}), "nested_archive"),
    "program": (lambda: tarred({"a.wav": b"\x7fELF\2\1\1"}), "refused_format"),
    "cut": (lambda: tarred({"a.wav": wav(1.0)})[:1000], "invalid_archive"),
}
