"""Files announced by their hash alone and named later, as Git LFS does: announce, send by one PUT, commit under names.

An announced file is an open upload like any other: it takes room, and is swept when nobody comes back to it. Only a
commit gives it its name and has it hashed; until then it is no file of the contribution. It travels as the one part of
a multipart upload, because the address of a part is worth nothing once the upload is complete: nobody can put other
bytes in the place of those that were hashed and scanned.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.conf import settings
from django.db import transaction

from collective.accounts.models import User
from collective.catalog.models import Contribution
from collective.catalog.selectors import contribution_for
from collective.core import audit
from collective.core.jobs import enqueue
from collective.core.storage import incoming
from collective.core.storage.limits import PART_SIZE_MAX
from collective.core.web.sizes import bytes_text
from ingestion.domain.names import name_key
from ingestion.domain.parts import AnnouncedFile, NamedFile
from ingestion.errors import (
    AnnouncedMissingError,
    FileNeedsUploaderError,
    NameTwinError,
    SameBytesError,
)
from ingestion.models import Upload
from ingestion.policies import check_can_change_files
from ingestion.services.batches import FILES_PER_JOB, Begun, begin, hand_over, taken_up
from ingestion.services.files import discard_upload
from ingestion.services.in_store import arrived_whole, begin_in_store
from ingestion.services.quotas import lock_room
from ingestion.services.uploads import new_upload


def announce_files(*, actor: User, contribution_id: UUID, files: Sequence[AnnouncedFile]) -> list[Begun]:
    """How to send each, in the order of `files`; no request for what has arrived. Raises what says which limit is met.

    What the actor announced to this contribution before is found again, so an interrupted push goes on.
    """
    contribution = contribution_for(actor, contribution_id)
    check_can_change_files(actor, contribution)
    fitting = {file.fingerprint: file for file in files if not _too_large(file)}
    with transaction.atomic():
        lock_room(contribution)
        found = _announced(actor, contribution, fitting, "open", "expired")
        new = [_unnamed(actor, contribution, file) for key, file in fitting.items() if key not in found]
        begin(actor, contribution, new, fitting)
        taken_up(actor, found.values())
    uploads = {upload.fingerprint: upload for upload in [*found.values(), *new]}
    arrived = arrived_whole(found.values())
    begin_in_store(uploads.values())
    return [_answer(file, uploads, arrived) for file in files]


def has_arrived(*, actor: User, contribution_id: UUID, file: AnnouncedFile) -> bool:
    """Whether as many bytes lie in the store as were announced. Which bytes they are is found out at the commit."""
    contribution = contribution_for(actor, contribution_id)
    found = _announced(actor, contribution, [file.fingerprint], "open")
    return bool(arrived_whole(found.values()))


def commit_files(*, actor: User, contribution_id: UUID, files: Sequence[NamedFile]) -> None:
    """Give arrived files their names; each is hashed in the background and takes the place of its namesake.

    Committing the same twice changes nothing. Raises AnnouncedMissingError, NameTwinError, SameBytesError.
    """
    contribution = contribution_for(actor, contribution_id)
    check_can_change_files(actor, contribution)
    _check_names(contribution, [each.name for each in files])
    waiting = _announced(actor, contribution, [each.file.fingerprint for each in files], "open")
    new = [each for each in files if each.file.fingerprint in waiting or not _is_committed(actor, contribution, each)]
    _check_bytes_differ(new)
    _check_arrived(new, waiting)
    uploads = [_named(waiting[each.file.fingerprint], each.name) for each in new]
    with transaction.atomic():
        Upload.objects.bulk_update(uploads, ["name", "name_key"], batch_size=500)
        _store(uploads)
        size = sum(upload.size for upload in uploads)
        audit.record(actor=actor, action="ingestion.files_committed", obj=contribution, files=len(uploads), size=size)


def remove_files(*, actor: User, contribution_id: UUID, names: Iterable[str]) -> None:
    """Take named files out of a contribution that may still change, whatever state they are in."""
    contribution = contribution_for(actor, contribution_id)
    check_can_change_files(actor, contribution)
    for upload in contribution.uploads.live().filter(created_by=actor, name__in=list(names)):
        discard_upload(actor=actor, upload_id=upload.pk)


def _too_large(file: AnnouncedFile) -> FileNeedsUploaderError | None:
    most = min(PART_SIZE_MAX, settings.UPLOAD_MAX_BYTES)
    if file.size <= most:
        return None
    return FileNeedsUploaderError(size=bytes_text(file.size), limit=bytes_text(most))


def _unnamed(actor: User, contribution: Contribution, file: AnnouncedFile) -> Upload:
    upload = new_upload(actor, contribution, f"not committed yet ({file.sha256[:12]})", file.size, file.fingerprint)
    upload.part_size = file.size
    return upload


def _announced(actor: User, contribution: Contribution, fingerprints: Iterable[str], *states: str) -> dict[str, Upload]:
    """The actor's own only: what others have sent is nobody's to find out."""
    mine = contribution.uploads.filter(created_by=actor, state__in=states, fingerprint__in=list(fingerprints))
    return {upload.fingerprint: upload for upload in mine}


def _answer(file: AnnouncedFile, uploads: dict[str, Upload], arrived: set[UUID]) -> Begun:
    upload = uploads.get(file.fingerprint)
    if upload is None:
        return Begun(problem=_too_large(file))
    if upload.pk in arrived:
        return Begun(upload)
    return Begun(upload, incoming().sign_unhashed_part(upload.key, upload.storage_id, upload.size))


def _is_committed(actor: User, contribution: Contribution, named: NamedFile) -> bool:
    committed = contribution.uploads.filter(created_by=actor, state__in=["assembling", "stored"])
    return committed.filter(name=named.name, fingerprint=named.file.fingerprint).exists()


def _check_names(contribution: Contribution, names: Sequence[str]) -> None:
    """Two names that a file system would confuse: both of this commit, or one that is here already."""
    keys = {name_key(name): name for name in reversed(names)}
    for name in names:
        if keys[name_key(name)] != name:
            raise NameTwinError(name=name, other=keys[name_key(name)])
    here = contribution.uploads.live().filter(name_key__in=keys).values_list("name_key", "name")
    for key, name in here:
        if keys[key] != name:
            raise NameTwinError(name=keys[key], other=name)


def _check_bytes_differ(files: Sequence[NamedFile]) -> None:
    """What was sent once can be stored once: the same bytes under two names would be the same records twice."""
    names: dict[str, str] = {}
    for each in files:
        other = names.setdefault(each.file.fingerprint, each.name)
        if other != each.name:
            raise SameBytesError(name=each.name, other=other)


def _check_arrived(files: Sequence[NamedFile], waiting: dict[str, Upload]) -> None:
    arrived = arrived_whole(waiting.values())
    here = {key for key, upload in waiting.items() if upload.pk in arrived}
    missing = [each.name for each in files if each.file.fingerprint not in here]
    if missing:
        raise AnnouncedMissingError(name=missing[0], count=len(missing))


def _named(upload: Upload, name: str) -> Upload:
    upload.name, upload.name_key = name, name_key(name)
    return upload


def _store(uploads: Sequence[Upload]) -> None:
    """Small files share a job; a large one has its own, so that a worker that dies repeats little."""
    small = [upload for upload in uploads if upload.size <= settings.UPLOAD_PART_BYTES]
    for first in range(0, len(small), FILES_PER_JOB):
        hand_over(small[first : first + FILES_PER_JOB])
    for upload in uploads:
        if upload.size > settings.UPLOAD_PART_BYTES:
            upload.transition_to("assembling")
            enqueue("ingestion.store_upload", key=f"store:{upload.pk}", upload_id=upload.pk)
