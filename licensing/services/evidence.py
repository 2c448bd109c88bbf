"""Files that prove an answer: kept sealed, in the store that hands out no download."""

import lzma
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import Final
from uuid import UUID

from collective.core.ids import new_id
from collective.core.storage import incoming
from collective.core.storage.keys import KEPT
from licensing.domain.evidence import is_proof
from licensing.domain.hashing import bytes_sha256
from licensing.errors import EvidenceTooLargeError, EvidenceTypeError, ImportRefusedError
from licensing.models import Evidence, sealing

FILE_MAX: Final = 20 * 1024 * 1024
ARCHIVE_MAX: Final = 200 * 1024 * 1024
FILES_MAX: Final = 5_000
ARCHIVES_MAX: Final = 20
FOLDER: Final = f"{KEPT}/evidence"
ARCHIVE: Final = b"PK\x03\x04"
# So many wrong files are named.
NAMED: Final = 5
# What the standard library raises on archives that are damaged, or packed or locked in a way that it does not know.
DAMAGE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
)


def files_from(uploads: Iterable[tuple[str, bytes]]) -> dict[str, bytes]:
    """Single files, and those in ZIP archives, by their names without folders. One upload is read after the other.

    Raises EvidenceTooLargeError, ImportRefusedError.
    """
    found: dict[str, bytes] = {}
    archives = 0
    for name, content in uploads:
        is_archive = content.startswith(ARCHIVE)
        archives += is_archive
        if archives > ARCHIVES_MAX:
            raise _refusal(f"Send at most {ARCHIVES_MAX} ZIP archives at once.")
        held = [len(each) for each in found.values()]
        some = files_in(content, held) if is_archive else {_plain(name): content}
        _check_names([*found, *some])
        _check_sizes([*held, *map(len, some.values())])
        found |= some
    return found


def files_in(archive: bytes, held: Sequence[int] = ()) -> dict[str, bytes]:
    """The files of a ZIP by their names without folders. `held`: the sizes of those that came before it.

    Raises EvidenceTooLargeError, ImportRefusedError.
    """
    try:
        with zipfile.ZipFile(BytesIO(archive)) as opened:
            members = [each for each in opened.infolist() if not each.is_dir()]
            _check_names([_plain(each.filename) for each in members])
            _check_sizes([*held, *(each.file_size for each in members)])
            return {_plain(each.filename): _bounded(opened, each) for each in members}
    except DAMAGE:
        raise _refusal("This is not a ZIP archive that can be read.") from None


def check_types(files: Mapping[str, bytes]) -> None:
    """By their bytes; names decide nothing. Raises EvidenceTypeError."""
    if wrong := [name for name, content in files.items() if not is_proof(content)]:
        named = ", ".join(wrong[:NAMED])
        raise EvidenceTypeError(named=named, fields={"evidence": [EvidenceTypeError.text.format(named=named)]})


def keep(contribution_id: UUID, files: Mapping[str, bytes]) -> dict[str, str]:
    """Store each file under a key of its own; returns keys by hash. Outside a transaction.

    What no row names in the end is swept away.
    """
    kept = {}
    for content in files.values():
        sha256 = bytes_sha256(content)
        kept[sha256] = f"{FOLDER}/{contribution_id}/{new_id()}"
        incoming().put_whole(kept[sha256], sealing.seal(sealing.EVIDENCE, content))
    return kept


def content_of(evidence: Evidence) -> bytes:
    """What was handed in, for whoever must prove it. Precondition: `is_held`."""
    with incoming().open(evidence.storage_key) as file:
        return sealing.unseal(sealing.EVIDENCE, file.read())


def _plain(name: str) -> str:
    return name.rsplit("/", 1)[-1]


def _refusal(text: str) -> ImportRefusedError:
    return ImportRefusedError(fields={"evidence": [text]})


def _check_names(names: list[str]) -> None:
    """A table knows files by their names alone."""
    twice = sorted(name for name, count in Counter(names).items() if count > 1)
    if twice:
        raise _refusal(f"Several files have the same name: {', '.join(twice[:NAMED])}.")


def _check_sizes(sizes: list[int]) -> None:
    largest, total = max(sizes, default=0), sum(sizes)
    if largest > FILE_MAX:
        raise EvidenceTooLargeError(size=largest, limit=FILE_MAX)
    if total > ARCHIVE_MAX or len(sizes) > FILES_MAX:
        raise EvidenceTooLargeError(size=total, limit=ARCHIVE_MAX)


def _bounded(opened: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """No more than its header says, which was checked."""
    with opened.open(member) as file:
        return file.read(FILE_MAX + 1)
