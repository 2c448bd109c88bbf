"""Files that come with a request: taken by what they are, kept under their hash."""

import hashlib
import tempfile
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from collective.accounts.models import User
from collective.catalog.errors import DatasetNotFoundError
from collective.catalog.selectors import datasets_visible_to
from collective.core.db.conflicts import insert_or_none
from collective.core.storage import published
from licensing.domain import evidence
from licensing.errors import AccessFileNotFoundError, AccessFileTooLargeError, AccessFileTypeError
from licensing.models import AccessFile, AccessRequest, AccessRequestFile


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
    digest = hashlib.sha256(content).hexdigest()
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        published().put(Path(file.name), sha256=digest)
    return AccessFile.objects.create(
        dataset=dataset,
        uploaded_by=actor,
        name=evidence.safe_name(name, media_type),
        media_type=media_type,
        size=len(content),
        sha256=digest,
        at=timezone.now(),
    )


@transaction.atomic
def attach(request: AccessRequest, actor: User, files: Iterable[tuple[str, str]]) -> None:
    """Files as (id, question code). Only the actor's own, for this dataset, each once: AccessFileNotFoundError."""
    mine = {str(row.pk): row for row in AccessFile.objects.filter(uploaded_by=actor, dataset=request.dataset)}
    for file_id, question in files:
        row = mine.get(file_id)
        if row is None or insert_or_none(AccessRequestFile(request=request, file=row, question=question)) is None:
            raise AccessFileNotFoundError
