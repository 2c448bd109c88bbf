"""The server's side of an upload: join the parts, hash every byte again, have it scanned, count it in; remove."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import BinaryIO
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from collective.accounts.models import User
from collective.catalog.models import Contribution
from collective.catalog.services import set_upload_totals
from collective.core import audit
from collective.core.jobs import enqueue
from collective.core.storage import incoming
from collective.core.storage.errors import ObjectNotFoundError, UploadNotFoundError
from ingestion.models import Upload
from ingestion.policies import check_can_change_files
from ingestion.selectors import upload_for
from ingestion.services.quarantine import quarantine, record_quarantine
from ingestion.services.quotas import give_back
from ingestion.services.scanning import ScanRound, Verdict
from ingestion.services.uploads import abort_upload

BLOCK = 1024 * 1024
# What the scanner does not manage meanwhile is stored, and scanned on by a job of its own.
SCAN_SECONDS = 300


@dataclass(frozen=True)
class Arrived:
    """What lies in the store now: its SHA-256 and what the scanner says of it; or what is wrong with it."""

    sha256: str = ""
    problem: str = ""
    verdict: Verdict = field(default_factory=Verdict)


def store_upload(*, upload_id: UUID) -> None:
    """Job: join the parts, re-hash the object, have it scanned, and count it in. Any step may be repeated."""
    upload = Upload.objects.select_related("contribution").get(pk=upload_id)
    if upload.state != "assembling":
        return
    arrived = _looked_at(upload, ScanRound(seconds=SCAN_SECONDS))
    with transaction.atomic():
        _settle(upload, arrived)
        push_totals(upload.contribution_id)
        if upload.state == "stored":
            audit.record(actor=None, action="ingestion.upload_stored", obj=upload, sha256=upload.sha256)
        elif arrived.verdict.found:
            record_quarantine(upload, arrived.verdict.found)


def store_batch(*, batch_id: UUID) -> None:
    """Job: the same for the small files that were completed together. All of it may be repeated."""
    uploads = list(Upload.objects.filter(batch=batch_id, state="assembling").order_by("created_at", "id"))
    if not uploads:
        return
    scans = ScanRound(seconds=SCAN_SECONDS)
    looked_at = [(upload, _looked_at(upload, scans)) for upload in uploads]
    contribution = uploads[0].contribution
    with transaction.atomic():
        for upload, arrived in looked_at:
            _settle(upload, arrived)
        push_totals(contribution.pk)
        stored = {str(upload.pk): upload.sha256 for upload in uploads if upload.state == "stored"}
        audit.record(actor=None, action="ingestion.batch_stored", obj=contribution, sha256=stored)
        for upload, arrived in looked_at:
            if arrived.verdict.found:
                record_quarantine(upload, arrived.verdict.found)


def check_stored_bytes(upload: Upload) -> tuple[str, str]:
    """SHA-256 of the whole object, and what is wrong with it ("" if nothing): every part against the manifest.

    Raises ObjectNotFoundError.
    """
    announced = list(upload.parts.order_by("number").values_list("number", "size", "sha256"))
    whole = hashlib.sha256()
    with incoming().open(upload.key) as stored:
        for number, size, expected in announced:
            if _hash_part(stored, size, whole) != expected:
                return "", f"Part {number} arrived changed. Cancel this upload and send the file again."
        if stored.read(1):
            return "", "More bytes arrived than were announced. Cancel this upload and send the file again."
    return whole.hexdigest(), ""


def remove_file(*, actor: User, upload_id: UUID) -> None:
    """Take a stored file out of a contribution that may still change. Removing twice changes nothing."""
    upload = upload_for(actor, upload_id)
    if upload.state == "removed":
        return
    check_can_change_files(actor, upload.contribution)
    with transaction.atomic():
        upload.transition_to("removed")
        push_totals(upload.contribution_id)
        enqueue("ingestion.drop_upload", key=f"drop:{upload.pk}", upload_id=upload.pk)
        audit.record(actor=actor, action="ingestion.file_removed", obj=upload)


def discard_upload(*, actor: User, upload_id: UUID) -> None:
    """What a person means by "remove": cancel a transfer, clear a failure, or take a stored file out."""
    if upload_for(actor, upload_id).state in ("stored", "removed"):
        remove_file(actor=actor, upload_id=upload_id)
    else:
        abort_upload(actor=actor, upload_id=upload_id)


def drop_bytes(*, upload_id: UUID) -> None:
    """Job: delete what an aborted or removed upload left in the store, and only then count it no more."""
    upload = Upload.objects.select_related("contribution__dataset__organization", "contribution__payee").get(
        pk=upload_id
    )
    if upload.state not in ("aborted", "removed"):
        return
    if upload.storage_id:
        incoming().abort(upload.key, upload.storage_id)
    incoming().delete(upload.key)
    give_back(upload)


def fail_store(*, upload_id: UUID, reason: str) -> None:
    """The store job gave up: the contributor reads why."""
    _fail(Upload.objects.filter(pk=upload_id), reason)


def fail_batch(*, batch_id: UUID, reason: str) -> None:
    _fail(Upload.objects.filter(batch=batch_id), reason)


def push_totals(contribution_id: UUID) -> None:
    """Tell the catalog how many files are stored."""
    stored = Upload.objects.stored().filter(contribution_id=contribution_id)
    total = stored.aggregate(total=Sum("size"))["total"] or 0
    set_upload_totals(contribution_id=contribution_id, file_count=stored.count(), byte_count=total)


def _looked_at(upload: Upload, scans: ScanRound) -> Arrived:
    _join(upload)
    try:
        digest, problem = check_stored_bytes(upload)
        return Arrived(problem=problem) if problem else Arrived(digest, verdict=scans.look_at(upload))
    except ObjectNotFoundError:
        return Arrived(problem="The store lost this file before it was checked. Upload it again.")


def _settle(upload: Upload, arrived: Arrived) -> None:
    verdict, now = arrived.verdict, timezone.now()
    if arrived.problem:
        upload.transition_to("failed", problem=arrived.problem)
    elif verdict.found:
        quarantine(upload, verdict.found, sha256=arrived.sha256)
    else:
        _replace_namesake(upload)
        upload.transition_to(
            "stored",
            sha256=arrived.sha256,
            stored_at=now,
            scan=verdict.scan,
            scanned_bytes=verdict.scanned_bytes,
            scan_tried_at=None if verdict.scan == "off" else now,
        )


def _fail(uploads: Iterable[Upload], reason: str) -> None:
    for upload in uploads:
        if upload.state == "assembling":
            upload.transition_to("failed", problem=f"The file could not be stored: {reason} Upload it again.")


def _join(upload: Upload) -> None:
    if upload.is_whole:
        if not upload.size:
            incoming().put_whole(upload.key, b"")
        return
    try:
        parts = incoming().list_parts(upload.key, upload.storage_id)
    except UploadNotFoundError:
        return  # joined by an attempt that died afterwards
    incoming().complete(upload.key, upload.storage_id, parts)


def _replace_namesake(upload: Upload) -> None:
    """A file of the same name takes the place of the one before.

    The lock leaves the key alone: whoever begins a file here meanwhile refers to the contribution while it holds the
    audit trail, which this transaction wants next.
    """
    Contribution.objects.select_for_update(no_key=True).get(pk=upload.contribution_id)
    stored = Upload.objects.stored().filter(contribution_id=upload.contribution_id, name_key=upload.name_key)
    for before in stored:
        before.transition_to("removed")
        enqueue("ingestion.drop_upload", key=f"drop:{before.pk}", upload_id=before.pk)


def _hash_part(stored: BinaryIO, size: int, whole: "hashlib._Hash") -> str:
    part, left = hashlib.sha256(), size
    while left and (block := stored.read(min(BLOCK, left))):
        part.update(block)
        whole.update(block)
        left -= len(block)
    return part.hexdigest()
