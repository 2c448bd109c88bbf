"""Files that prove an answer: kept sealed, in the store that hands out no download."""

import zipfile
from collections.abc import Iterable, Mapping
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
FOLDER: Final = f"{KEPT}/evidence"
ARCHIVE: Final = b"PK\x03\x04"
# So many wrong files are named.
NAMED: Final = 5


def files_from(uploads: Iterable[tuple[str, bytes]]) -> dict[str, bytes]:
    """Single files, and those in ZIP archives, by their names without folders.

    Raises EvidenceTooLargeError, ImportRefusedError.
    """
    found: dict[str, bytes] = {}
    for name, content in uploads:
        some = files_in(content) if content.startswith(ARCHIVE) else {name.rsplit("/", 1)[-1]: content}
        if twice := sorted(set(some) & set(found)):
            raise ImportRefusedError(fields={"evidence": [f"Two files have the name {twice[0]}."]})
        found |= some
    _check_sizes([len(content) for content in found.values()])
    return found


def files_in(archive: bytes) -> dict[str, bytes]:
    """The files of a ZIP by their names without folders. Raises EvidenceTooLargeError, ImportRefusedError."""
    try:
        with zipfile.ZipFile(BytesIO(archive)) as opened:
            members = [each for each in opened.infolist() if not each.is_dir()]
            _check_sizes([each.file_size for each in members])
            return {each.filename.rsplit("/", 1)[-1]: _bounded(opened, each) for each in members}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError):
        raise ImportRefusedError(fields={"evidence": ["This is not a ZIP archive that can be read."]}) from None


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
