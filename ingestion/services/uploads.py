"""The client's side of an upload: begin, sign parts, ask what arrived, complete, give up, take up again."""

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from collective.accounts.models import User
from collective.catalog.models import Contribution
from collective.catalog.selectors import contribution_for
from collective.core import audit
from collective.core.ids import new_id
from collective.core.jobs import enqueue
from collective.core.storage import incoming
from collective.core.storage.base import PartSpec, SignedRequest, StoredPart
from collective.core.storage.errors import UploadNotFoundError as StorageUploadNotFoundError
from ingestion.domain.names import display_name, name_key
from ingestion.domain.parts import PartDigest, part_length, part_size_for
from ingestion.errors import FileTooLargeError, NameTwinError, PartsMissingError, UploadNotOpenError, WrongPartError
from ingestion.models import Upload, UploadPart
from ingestion.policies import check_can_change_files
from ingestion.selectors import upload_for
from ingestion.services.quotas import GIB, lock_room, take_room


@transaction.atomic
def start_upload(*, actor: User, contribution_id: UUID, name: str, size: int, fingerprint: str = "") -> Upload:
    """Begin an upload of `size` bytes, or return the actor's unfinished one of the same fingerprint, to resume it.

    The fingerprint only ever matches the actor's own uploads to this contribution: a match across people would tell
    who has which file.
    """
    contribution = contribution_for(actor, contribution_id)
    check_can_change_files(actor, contribution)
    upload = new_upload(actor, contribution, display_name(name), size, fingerprint)
    if size > settings.UPLOAD_MAX_BYTES:
        raise FileTooLargeError(name=upload.name, limit=settings.UPLOAD_MAX_BYTES // GIB)
    lock_room(contribution)
    resumed = _twin_to_resume(upload)
    if resumed is not None:
        return reopened(actor, resumed)
    _check_name(upload)
    take_room(actor=actor, contribution=contribution, count=1, size=size)
    upload.save(force_insert=True)
    audit.record(actor=actor, action="ingestion.upload_started", obj=upload, size=size)
    return upload


def new_upload(actor: User, contribution: Contribution, name: str, size: int, fingerprint: str) -> Upload:
    """Not saved yet. An empty file has no parts, so it is whole from the beginning."""
    new = new_id()
    return Upload(
        id=new,
        contribution=contribution,
        created_by=actor,
        name=name,
        name_key=name_key(name),
        size=size,
        fingerprint=fingerprint,
        key=f"staging/{new}/0",
        part_size=part_size_for(size, least=settings.UPLOAD_PART_BYTES),
        is_whole=size == 0,
        active_at=timezone.now(),
    )


def sign_parts(*, actor: User, upload_id: UUID, parts: Sequence[PartDigest]) -> list[SignedRequest]:
    """URLs that take exactly these parts: length and MD5 are bound. What was said of each is kept in the manifest."""
    upload = open_upload(actor, upload_id)
    for part in parts:
        _check_part(upload, part)
    storage_id = "" if upload.is_whole else storage_id_of(upload)
    with transaction.atomic():
        for part in parts:
            digests = {"size": part.size, "md5": part.md5, "sha256": part.sha256}
            UploadPart.objects.update_or_create(upload=upload, number=part.number, defaults=digests)
        Upload.objects.filter(pk=upload.pk).update(active_at=timezone.now())
    specs = (PartSpec(part.number, part.size, part.md5) for part in parts)
    if upload.is_whole:
        return [incoming().sign_whole(upload.key, spec) for spec in specs]
    return [incoming().sign_part(upload.key, storage_id, spec) for spec in specs]


def arrived_parts(*, actor: User, upload_id: UUID) -> list[StoredPart]:
    """The parts that the store holds and that are the ones announced: the only truth for resuming.

    A part whose bytes differ from the manifest counts as not arrived, so the client sends it again.
    """
    upload = upload_for(actor, upload_id)
    return _arrived(upload) if upload.state == "open" else []


def complete_upload(*, actor: User, upload_id: UUID) -> Upload:
    """All parts are in: join them and hash the whole, in the background. Completing twice changes nothing."""
    upload = upload_for(actor, upload_id)
    if upload.state in ("assembling", "stored"):
        return upload
    upload = open_upload(actor, upload_id)
    missing = upload.part_count - len(_arrived(upload))
    if missing:
        raise PartsMissingError(missing=missing, count=upload.part_count)
    with transaction.atomic():
        if Upload.objects.select_for_update(no_key=True).filter(pk=upload.pk, state="open").exists():
            upload.transition_to("assembling")
            enqueue("ingestion.store_upload", key=f"store:{upload.pk}", upload_id=upload.pk)
    return upload_for(actor, upload_id)


def abort_upload(*, actor: User, upload_id: UUID) -> None:
    """Give an unfinished or failed upload up; its bytes go. Aborting twice changes nothing."""
    upload = upload_for(actor, upload_id)
    if upload.state == "aborted":
        return
    with transaction.atomic():
        upload.transition_to("aborted")
        enqueue("ingestion.drop_upload", key=f"drop:{upload.pk}", upload_id=upload.pk)
        audit.record(actor=actor, action="ingestion.upload_aborted", obj=upload)


@transaction.atomic
def restore_upload(*, actor: User, upload_id: UUID) -> Upload:
    """Take up an expired upload: what arrived is still there. Restoring an open one changes nothing."""
    upload = upload_for(actor, upload_id)
    check_can_change_files(actor, upload.contribution)
    return reopened(actor, upload)


def reopened(actor: User, upload: Upload) -> Upload:
    if upload.state != "open":
        upload.transition_to("open", active_at=timezone.now())
        audit.record(actor=actor, action="ingestion.upload_restored", obj=upload)
    return upload


def _twin_to_resume(upload: Upload) -> Upload | None:
    if not upload.fingerprint:
        return None
    mine = upload.contribution.uploads.resumable().filter(created_by=upload.created_by)
    return mine.filter(fingerprint=upload.fingerprint, size=upload.size).first()


def _check_name(upload: Upload) -> None:
    twin = upload.contribution.uploads.live().filter(name_key=upload.name_key).exclude(name=upload.name).first()
    if twin is not None:
        raise NameTwinError(name=upload.name, other=twin.name)


def open_upload(actor: User, upload_id: UUID) -> Upload:
    upload = upload_for(actor, upload_id)
    check_can_change_files(actor, upload.contribution)
    if upload.state != "open":
        raise UploadNotOpenError(state=upload.get_state_display())
    return upload


def _check_part(upload: Upload, part: PartDigest) -> None:
    try:
        expected = part_length(upload.size, upload.part_size, part.number)
    except ValueError:
        expected = 0
    if part.size != expected or expected == 0:
        raise WrongPartError(number=part.number, count=upload.part_count, expected=expected)


def storage_id_of(upload: Upload) -> str:
    """The store's own id, begun at the first signature, outside any transaction; the first of two who race counts."""
    if not upload.storage_id:
        keep_storage_id(upload, incoming().create(upload.key))
    return upload.storage_id


def keep_storage_id(upload: Upload, begun: str) -> None:
    if not Upload.objects.filter(pk=upload.pk, storage_id="").update(storage_id=begun):
        incoming().abort(upload.key, begun)
    upload.refresh_from_db(fields=["storage_id"])


def forget_storage_id(upload: Upload) -> None:
    """A lifecycle rule of the bucket may have dropped the parts: the next signature begins anew."""
    Upload.objects.filter(pk=upload.pk, state="open", storage_id=upload.storage_id).update(storage_id="")
    upload.storage_id = ""


def _arrived(upload: Upload) -> list[StoredPart]:
    announced = dict(upload.parts.values_list("number", "md5"))
    if upload.is_whole:
        sizes = incoming().sizes([upload.key] if announced else [])
        return [StoredPart(1, size, announced[1]) for size in sizes.values() if size == upload.size]
    if not upload.storage_id:
        return []
    try:
        held = incoming().list_parts(upload.key, upload.storage_id)
    except StorageUploadNotFoundError:
        forget_storage_id(upload)
        return []
    return [part for part in held if announced.get(part.number) == part.etag]
