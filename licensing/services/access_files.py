"""Files that come with a request: taken by what they are, kept sealed in the store that hands out no download."""

from collections.abc import Iterable
from io import BytesIO
from typing import BinaryIO, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from collective.accounts.models import User
from collective.catalog.domain.objects import is_needed
from collective.catalog.errors import DatasetNotFoundError
from collective.catalog.selectors import datasets_visible_to
from collective.core.db.conflicts import insert_or_none
from collective.core.ids import new_id
from collective.core.jobs import enqueue
from collective.core.storage import incoming, published
from collective.core.storage.errors import ObjectNotFoundError
from collective.core.storage.keys import KEPT
from licensing.domain import evidence
from licensing.domain.hashing import bytes_sha256
from licensing.errors import AccessFileNotFoundError, AccessFileTooLargeError, AccessFileTypeError
from licensing.models import AccessFile, AccessRequest, AccessRequestFile, sealing

FOLDER: Final = f"{KEPT}/access"


def store_access_file(*, actor: User, dataset_id: UUID, name: str, content: bytes) -> AccessFile:
    """Keep a file for a request that this person is about to make or to answer. Not inside a transaction.

    Raises AccessFileTooLargeError, AccessFileTypeError.
    """
    dataset = datasets_visible_to(actor).filter(pk=dataset_id).first()
    if dataset is None:
        raise DatasetNotFoundError
    if len(content) > evidence.BYTES_MAX:
        raise AccessFileTooLargeError(limit=evidence.BYTES_MAX // 1024**2)
    media_type = evidence.media_type_of(content)
    if not media_type:
        raise AccessFileTypeError
    key = _kept(content)
    return AccessFile.objects.create(
        dataset=dataset,
        uploaded_by=actor,
        name=evidence.safe_name(name, media_type),
        media_type=media_type,
        size=len(content),
        sha256=bytes_sha256(content),
        storage_key=key,
        at=timezone.now(),
    )


@transaction.atomic
def attach(request: AccessRequest, actor: User, files: Iterable[tuple[str, str]]) -> None:
    """Files as (id, question code). Only the actor's own, for this dataset, each once: AccessFileNotFoundError."""
    rows = AccessFile.objects.filter(uploaded_by=actor, dataset=request.dataset, deleted_at=None)
    # Locked: a sweep that deletes what nobody attached looks before or after, not in between.
    mine = {str(row.pk): row for row in rows.select_for_update(no_key=True)}
    for file_id, question in files:
        row = mine.get(file_id)
        if row is None or insert_or_none(AccessRequestFile(request=request, file=row, question=question)) is None:
            raise AccessFileNotFoundError


def access_file_content(file: AccessFile) -> BinaryIO:
    """What was handed in. Raises AccessFileNotFoundError once it is deleted."""
    if file.deleted_at is not None:
        raise AccessFileNotFoundError
    if not file.storage_key:
        return published().open(file.sha256)
    with incoming().open(file.storage_key) as stored:
        return BytesIO(sealing.unseal(sealing.EVIDENCE, stored.read()))


def move_access_files() -> int:
    """Job, daily: files that were once kept in the published store go to the private one. Returns how many."""
    rows = list(AccessFile.objects.filter(storage_key="", deleted_at=None))
    return len([row for row in rows if _moved(row)])


def drop_published(*, file_id: UUID) -> None:
    """Job. Equal bytes are one object: it stays while a version, an upload or another request has it."""
    row = AccessFile.objects.get(pk=file_id)
    others = AccessFile.objects.filter(sha256=row.sha256, storage_key="", deleted_at=None)
    if not others.exists() and not is_needed(row.sha256):
        published().delete(row.sha256)


def _moved(row: AccessFile) -> bool:
    try:
        with published().open(row.sha256) as stored:
            key = _kept(stored.read())
    except ObjectNotFoundError:
        return False
    with transaction.atomic():
        if not AccessFile.objects.filter(pk=row.pk, storage_key="").update(storage_key=key):
            return False
        enqueue("licensing.drop_published", key=f"drop-published:{row.pk}", file_id=row.pk)
    return True


def _kept(content: bytes) -> str:
    """Its key. What no row names in the end is swept away."""
    key = f"{FOLDER}/{new_id()}"
    incoming().put_whole(key, sealing.seal(sealing.EVIDENCE, content))
    return key
