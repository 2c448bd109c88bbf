"""Files that prove an answer: kept sealed, in the store that hands out no download."""

import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import Final
from uuid import UUID

from collective.core.storage import incoming
from collective.core.storage.keys import KEPT
from licensing.domain.hashing import bytes_sha256
from licensing.errors import EvidenceTooLargeError, ImportRefusedError
from licensing.models import Evidence
from licensing.services import sealing

FILE_MAX: Final = 20 * 1024 * 1024
ARCHIVE_MAX: Final = 200 * 1024 * 1024
FILES_MAX: Final = 5_000


def files_in(archive: bytes) -> dict[str, bytes]:
    """The files of a ZIP by their names without folders. Raises EvidenceTooLargeError, ImportRefusedError."""
    try:
        with zipfile.ZipFile(BytesIO(archive)) as opened:
            members = [each for each in opened.infolist() if not each.is_dir()]
            _check_sizes(members)
            return {each.filename.rsplit("/", 1)[-1]: _bounded(opened, each) for each in members}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError):
        raise ImportRefusedError(fields={"evidence": ["This is not a ZIP archive that can be read."]}) from None


def keep(contribution_id: UUID, files: Mapping[str, bytes]) -> dict[str, str]:
    """Store each file; returns its key by its hash. The same file twice is the same object. Outside a transaction."""
    kept = {}
    for content in files.values():
        sha256 = bytes_sha256(content)
        kept[sha256] = f"{KEPT}/evidence/{contribution_id}/{sha256}"
        incoming().put_whole(kept[sha256], sealing.seal(sealing.EVIDENCE, content))
    return kept


def content_of(evidence: Evidence) -> bytes:
    """What was handed in, for whoever must prove it. Precondition: `is_held`."""
    with incoming().open(evidence.storage_key) as file:
        return sealing.unseal(sealing.EVIDENCE, file.read())


def _check_sizes(members: list[zipfile.ZipInfo]) -> None:
    largest = max((each.file_size for each in members), default=0)
    total = sum(each.file_size for each in members)
    if largest > FILE_MAX:
        raise EvidenceTooLargeError(size=largest, limit=FILE_MAX)
    if total > ARCHIVE_MAX or len(members) > FILES_MAX:
        raise EvidenceTooLargeError(size=total, limit=ARCHIVE_MAX)


def _bounded(opened: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """No more than its header says, which was checked."""
    with opened.open(member) as file:
        return file.read(FILE_MAX + 1)
