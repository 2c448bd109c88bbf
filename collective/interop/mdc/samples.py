"""A sample of a submission: what is shown comes from the checked data, so this is only checked and thrown away."""

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from collective.accounts.models import User
from collective.core.jobs import enqueue
from collective.core.storage import incoming
from collective.core.storage.errors import ObjectNotFoundError, UploadNotFoundError
from collective.interop.mdc.errors import FieldsError, TooManySamplesError, UploadGoneError
from collective.interop.mdc.parts import Announced, Completed
from collective.interop.mdc.submissions import locked_submission
from collective.interop.models import MdcUpload
from ingestion.services import check_parts

SAMPLE_MOST = 256 * 1024**2
# No quota counts their bytes, which lie in the store until they are checked or swept.
UNFINISHED_MOST = 20
BLOCK = 1024 * 1024


def start_sample(*, actor: User, name: str, announced: Announced) -> MdcUpload:
    """Begin to send a sample, which has a limit of its own. Raises FieldsError, TooManySamplesError."""
    if announced.size > SAMPLE_MOST:
        raise FieldsError(f"A sample has at most {SAMPLE_MOST // 1024**2} MiB.")
    with transaction.atomic():
        submission = locked_submission(actor, name)
        _check_room(actor)
        made = MdcUpload.objects.create(submission=submission, filename=announced.filename, size=announced.size)
    made.storage_id = incoming().create(made.key)
    made.save(update_fields=["storage_id"])
    return made


def complete_sample(upload: MdcUpload, said: Completed) -> None:
    """All parts are in; a job compares the SHA-256. Raises PartsDifferError, UploadGoneError."""
    try:
        held = incoming().list_parts(upload.key, upload.storage_id)
    except UploadNotFoundError as error:
        raise UploadGoneError from error
    check_parts(held, said.etags, size=upload.size)
    with transaction.atomic():
        MdcUpload.objects.filter(pk=upload.pk).update(completed_at=timezone.now(), sha256=said.sha256)
        enqueue("interop.check_sample", key=f"mdc-sample:{upload.pk}", upload_id=upload.pk)


def is_lost(sample: MdcUpload) -> bool:
    """Never begun, thrown away, or so old that its parts were swept out of the store."""
    return sample.completed_at is None and (sample.created_at < _swept_before() or not sample.storage_id)


def _check_room(actor: User) -> None:
    begun = MdcUpload.objects.filter(submission__owner=actor, upload=None, completed_at=None)
    count = begun.filter(created_at__gte=_swept_before()).exclude(storage_id="").count()
    if count >= UNFINISHED_MOST:
        raise TooManySamplesError(count=count)


def _swept_before() -> datetime:
    return timezone.now() - timedelta(hours=settings.UPLOAD_ORPHAN_HOURS)


def check_sample(*, upload_id: UUID) -> None:
    """Job: join a sample, compare its SHA-256, and throw it away: what is shown comes from the checked data."""
    upload = MdcUpload.objects.get(pk=upload_id)
    if not upload.storage_id:
        return
    arrived = _joined_sha256(upload) == upload.sha256
    incoming().delete(upload.key)
    MdcUpload.objects.filter(pk=upload.pk).update(storage_id="", completed_at=upload.completed_at if arrived else None)


def _joined_sha256(upload: MdcUpload) -> str:
    """Empty if the bytes are gone. Joining may be repeated."""
    store, digest = incoming(), hashlib.sha256()
    try:
        parts = store.list_parts(upload.key, upload.storage_id)
    except UploadNotFoundError:
        parts = []  # joined by an attempt that died afterwards
    try:
        if parts:
            store.complete(upload.key, upload.storage_id, parts)
        with store.open(upload.key) as content:
            while block := content.read(BLOCK):
                digest.update(block)
    except (ObjectNotFoundError, UploadNotFoundError):
        return ""
    return digest.hexdigest()
