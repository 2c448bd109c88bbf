"""Names inside archives: refused if they lead elsewhere, hide something, or a file system would confuse them."""

import re
import struct
import tarfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from ingestion.domain.names import name_key
from ingestion.domain.problems import BrokenFileError, broken
from ingestion.pipeline.limits import MEMBER_NAME_BYTES, MEMBERS
from ingestion.pipeline.packing import UnpackingError

JUNK = re.compile(r"(^|/)(__MACOSX/.*|\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*)$")
DRIVE = re.compile(r"^[A-Za-z]:")
# What the walkers of Python raise for archives that are cut, broken or made to break them.
DAMAGE = (
    tarfile.TarError,
    zipfile.BadZipFile,
    UnpackingError,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
    IndexError,
    RuntimeError,
)
REMAKE = "Pack the files again with a common program, with plain relative names, and replace the archive."


class NameCheck:
    def __init__(self) -> None:
        self.seen: set[str] = set()

    def check(self, name: str) -> None:
        """Raises BrokenFileError."""
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
        key = name_key(name)
        if key in self.seen:
            raise unsafe_member(name, "has the same name as another file, up to letter case")
        self.seen.add(key)


def is_junk(name: str) -> bool:
    """What operating systems leave in archives without being asked."""
    return bool(JUNK.search(name))


def shown(name: str) -> str:
    return "".join(char if char.isprintable() else "�" for char in name[:100])


def unsafe_member(name: str, what: str) -> BrokenFileError:
    return broken("unsafe_archive_member", f"“{shown(name)}” in the archive {what}.", REMAKE, example=shown(name))


def too_many_members() -> BrokenFileError:
    return broken("too_many_members", f"The archive has more than {MEMBERS:,} files.", "Split it into smaller ones.")


@contextmanager
def damage_told() -> Iterator[None]:
    try:
        yield
    except DAMAGE as error:
        raise broken("invalid_archive", "The archive is damaged.", REMAKE) from error
