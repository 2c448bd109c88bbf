"""Many small files at once: begun by one request, each sent by one signed PUT, completed by one request."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from collective.accounts.models import User
from collective.catalog.models import Contribution
from collective.catalog.selectors import contribution_for
from collective.core import audit
from collective.core.errors import InvalidError
from collective.core.ids import new_id
from collective.core.jobs import enqueue
from collective.core.storage import incoming
from collective.core.storage.base import PartSpec, SignedRequest
from ingestion.domain.parts import AnnouncedFile, SmallFile
from ingestion.errors import FileNeedsPartsError, NameTwinError, PartsMissingError, UploadNotFoundError
from ingestion.models import Upload, UploadPart
from ingestion.policies import check_can_change_files
from ingestion.selectors import uploads_visible_to
from ingestion.services.quotas import lock_room, take_room
from ingestion.services.uploads import new_upload, reopened

MOST_AT_ONCE = 500
# So many files are hashed by one job: few enough to be repeated when a worker dies.
FILES_PER_JOB = 100
KNOWN = ("open", "expired", "assembling", "stored")


@dataclass(frozen=True)
class Begun:
    """What became of one file: an upload, and how to send it if that is still needed; or why not."""

    upload: Upload | None = None
    request: SignedRequest | None = None
    problem: InvalidError | None = None


@dataclass(frozen=True)
class Completed:
    upload: Upload
    problem: PartsMissingError | None = None


def start_batch(*, actor: User, contribution_id: UUID, files: Sequence[SmallFile]) -> list[Begun]:
    """Begin what is new, find again what the actor has sent or begun here before; in the order of `files`.

    A file that cannot be taken does not stop the others. A quota or a limit stops all of them.
    """
    contribution = contribution_for(actor, contribution_id)
    check_can_change_files(actor, contribution)
    with transaction.atomic():
        lock_room(contribution)
        found = _known(actor, contribution, files)
        begun = [found.get(file.fingerprint) or _planned(actor, contribution, file) for file in files]
        begun = _without_twins(contribution, begun)
        new = [each for each in begun if isinstance(each, Upload) and each.fingerprint not in found]
        begin(actor, contribution, new, {file.fingerprint: file for file in files})
        waiting = taken_up(actor, found.values())
    arrived = incoming().sizes([each.key for each in waiting])
    return [_answer(each, file, arrived) for each, file in zip(begun, files, strict=True)]


def complete_batch(*, actor: User, contribution_id: UUID, upload_ids: Sequence[UUID]) -> list[Completed]:
    """What has arrived is hashed in the background, a hundred files per job; what is missing stays open."""
    contribution = contribution_for(actor, contribution_id)
    check_can_change_files(actor, contribution)
    mine = uploads_visible_to(actor).filter(contribution=contribution, is_whole=True)
    uploads = mine.in_bulk(upload_ids)
    if set(upload_ids) - set(uploads):
        raise UploadNotFoundError
    waiting = [upload for upload in uploads.values() if upload.state == "open"]
    sizes = incoming().sizes([upload.key for upload in waiting if upload.size])
    ready = [upload for upload in waiting if sizes.get(upload.key, 0) == upload.size]
    for first in range(0, len(ready), FILES_PER_JOB):
        hand_over(ready[first : first + FILES_PER_JOB])
    return [_outcome(each) for each in _in_order(mine.in_bulk(upload_ids), upload_ids)]


def _known(actor: User, contribution: Contribution, files: Sequence[SmallFile]) -> dict[str, Upload]:
    """The actor's own only: what others have sent is nobody's to find out."""
    mine = contribution.uploads.filter(created_by=actor, is_whole=True, state__in=KNOWN)
    found = mine.filter(fingerprint__in=[file.fingerprint for file in files])
    by_progress = sorted(found, key=lambda upload: KNOWN.index(upload.state))
    return {upload.fingerprint: upload for upload in by_progress}


def taken_up(actor: User, found: Iterable[Upload]) -> list[Upload]:
    """Those of `found` that still wait for their bytes; put away ones are open again."""
    waiting = [reopened(actor, each) for each in found if each.state in ("open", "expired")]
    Upload.objects.filter(pk__in=[each.pk for each in waiting]).update(active_at=timezone.now())
    return waiting


def _planned(actor: User, contribution: Contribution, file: SmallFile) -> Upload | InvalidError:
    if file.size > settings.UPLOAD_PART_BYTES:
        return FileNeedsPartsError(name=file.name, limit=settings.UPLOAD_PART_BYTES)
    upload = new_upload(actor, contribution, file.name, file.size, file.fingerprint)
    upload.is_whole = True
    return upload


def _without_twins(contribution: Contribution, planned: Sequence[Upload | InvalidError]) -> list[Upload | InvalidError]:
    """The first of two names that a file system would confuse stays; one that is here already comes first."""
    keys = [each.name_key for each in planned if isinstance(each, Upload)]
    here = dict(contribution.uploads.live().filter(name_key__in=keys).values_list("name_key", "name"))
    taken: dict[str, Upload] = {}
    checked: list[Upload | InvalidError] = []
    for each in planned:
        if not isinstance(each, Upload):
            checked.append(each)
        elif here.get(each.name_key, each.name) != each.name:
            checked.append(NameTwinError(name=each.name, other=here[each.name_key]))
        elif taken.setdefault(each.name_key, each) != each:
            checked.append(NameTwinError(name=each.name, other=taken[each.name_key].name))
        else:
            checked.append(each)
    return checked


def begin(
    actor: User,
    contribution: Contribution,
    new: Sequence[Upload],
    said: Mapping[str, SmallFile | AnnouncedFile],
) -> None:
    """Under `lock_room`: take their room, and keep what was `said` of each by its fingerprint."""
    if not new:
        return
    size = sum(upload.size for upload in new)
    announced = any(isinstance(file, AnnouncedFile) for file in said.values())
    take_room(actor=actor, contribution=contribution, count=len(new), size=size, announced=announced)
    Upload.objects.bulk_create(new)
    files = ((upload, said[upload.fingerprint]) for upload in new if upload.size)
    UploadPart.objects.bulk_create(
        UploadPart(upload=upload, number=1, size=file.size, md5=file.md5, sha256=file.sha256) for upload, file in files
    )
    audit.record(actor=actor, action="ingestion.batch_started", obj=contribution, files=len(new), size=size)


def _answer(begun: Upload | InvalidError, file: SmallFile, arrived: dict[str, int]) -> Begun:
    if not isinstance(begun, Upload):
        return Begun(problem=begun)
    if begun.state != "open" or not begun.size or arrived.get(begun.key) == begun.size:
        return Begun(begun)
    return Begun(begun, incoming().sign_whole(begun.key, PartSpec(1, file.size, file.md5)))


@transaction.atomic
def hand_over(uploads: Sequence[Upload]) -> None:
    """One job for these. Who completes the same ones at the same moment finds them taken."""
    batch = new_id()
    keys = [upload.pk for upload in uploads]
    for upload in Upload.objects.select_for_update(no_key=True).filter(pk__in=keys, state="open").order_by("pk"):
        upload.transition_to("assembling", batch=batch)
    enqueue("ingestion.store_batch", key=f"store-batch:{batch}", batch_id=batch)


def _outcome(upload: Upload) -> Completed:
    missing = PartsMissingError(missing=1, count=1) if upload.state == "open" else None
    return Completed(upload, missing)


def _in_order(uploads: dict[UUID, Upload], upload_ids: Sequence[UUID]) -> list[Upload]:
    return [uploads[key] for key in upload_ids]
