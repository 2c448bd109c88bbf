"""Uploads of other people's clients: no length and no digest of a part, and at the end the SHA-256 of the whole."""

import re
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from collective.accounts.models import User
from collective.core.jobs import enqueue
from collective.core.storage import incoming
from collective.core.storage.base import SignedRequest, StoredPart
from collective.core.storage.errors import UploadNotFoundError as StorageUploadNotFoundError
from ingestion.errors import PartsDifferError, PartsLostError, WrongChecksumError
from ingestion.models import Upload, UploadPart
from ingestion.selectors import upload_for
from ingestion.services.uploads import open_upload, storage_id_of

# S3 joins parts only if all but the last have so many bytes.
LEAST_PART = 5 * 1024 * 1024
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


def sign_unhashed_part(*, actor: User, upload_id: UUID, number: int) -> SignedRequest:
    """A PUT of part `number`, whose bytes are looked at when all are in."""
    upload = open_upload(actor, upload_id)
    storage_id = storage_id_of(upload)
    Upload.objects.filter(pk=upload.pk).update(active_at=timezone.now())
    return incoming().sign_unsized_part(upload.key, storage_id, number, upload.size)


def complete_unhashed(*, actor: User, upload_id: UUID, etags: Mapping[int, str], sha256: str) -> Upload:
    """All parts are in: they are compared with what the store holds now, their bytes with `sha256` by a job.

    Completing twice changes nothing. Raises PartsDifferError, PartsLostError, WrongChecksumError.
    """
    upload = upload_for(actor, upload_id)
    if upload.state in ("assembling", "stored"):
        return upload
    upload = open_upload(actor, upload_id)
    if not _SHA256.fullmatch(sha256):
        raise WrongChecksumError
    check_parts(_held(upload), etags, size=upload.size)
    with transaction.atomic():
        if Upload.objects.select_for_update(no_key=True).filter(pk=upload.pk, state="open").exists():
            # The whole file as one part of the manifest: what the job compares is its SHA-256.
            whole = {"size": upload.size, "md5": "", "sha256": sha256}
            UploadPart.objects.update_or_create(upload=upload, number=1, defaults=whole)
            upload.transition_to("assembling")
            enqueue("ingestion.store_upload", key=f"store:{upload.pk}", upload_id=upload.pk)
    return upload_for(actor, upload_id)


def check_parts(held: Sequence[StoredPart], etags: Mapping[int, str], *, size: int) -> None:
    """The store holds exactly these parts, and together they are as long as announced. Raises PartsDifferError."""
    found = {part.number: part.etag for part in held}
    if sorted(found) != list(range(1, len(found) + 1)) or found != etags:
        raise PartsDifferError(why="the parts are not the ones that arrived")
    total = sum(part.size for part in held)
    if total != size:
        raise PartsDifferError(why=f"{total} bytes arrived, and {size} were announced")
    if any(part.size < LEAST_PART for part in held if part.number < len(held)):
        raise PartsDifferError(why="every part but the last has at least 5 MiB")


def _held(upload: Upload) -> list[StoredPart]:
    if not upload.storage_id:
        return []
    try:
        return sorted(incoming().list_parts(upload.key, upload.storage_id), key=lambda part: part.number)
    except StorageUploadNotFoundError as error:
        raise PartsLostError from error
