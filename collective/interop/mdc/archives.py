"""The life of an archive: owed, made once by a job, kept under its hash, and gone when its version is.

It is made when a licensee first asks for it, for most versions are never read in this form; and from then on for every
version that follows at once when that is published, because somebody waits for it.
"""

import hashlib
import time
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.db.models import F, Subquery
from django.utils import timezone

from collective.catalog.domain.objects import is_needed, needs_objects
from collective.catalog.models import DatasetVersion
from collective.core.jobs import enqueue
from collective.core.storage import published
from collective.core.storage.withholding import withholds_objects
from collective.interop.mdc.archive.contents import write_sample, write_whole
from collective.interop.mdc.newest import newest_first
from collective.interop.models import MdcArchive
from ingestion.services import work_folder

OUT_OF_ORDER = ("quarantined", "withdrawn")
# A progress that is written down for every handful of records would cost more than the records.
TOLD_SECONDS = 1.0
LOOK_SECONDS = 0.2
# A worker in the middle of an archive when a withdrawal came may store it after the first look.
SECOND_LOOK = timedelta(hours=1)
# Of the version before, for whoever is in the middle of it: links live for minutes, and a download for hours.
SUPERSEDED_KEPT = timedelta(days=1)


@withholds_objects
def is_out_of_service(sha256: str) -> bool:
    """An archive whose version, or dataset, may not be served now, whatever links there are to it."""
    rows = MdcArchive.objects.filter(sha256=sha256)
    states = list(rows.values_list("state", "version__state", "version__dataset__state"))
    servable = ("ready", "published")
    return bool(states) and not any(
        (state, version) == servable and dataset not in OUT_OF_ORDER for state, version, dataset in states
    )


@needs_objects
def is_named(sha256: str) -> bool:
    return MdcArchive.objects.filter(sha256=sha256).exclude(state="dropped").exists()


@transaction.atomic
def wanted_archive(version: DatasetVersion) -> tuple[MdcArchive, bool]:
    """The row of the version's archive, and whether this call began it: the first one, or after it failed or went."""
    archive, first = MdcArchive.objects.get_or_create(
        version=version, kind=MdcArchive.WHOLE, defaults={"rows_total": version.row_count}
    )
    again = not first and MdcArchive.objects.filter(pk=archive.pk, state__in=["failed", "dropped"]).update(
        state="waiting", attempt=F("attempt") + 1, rows_done=0
    )
    begun = first or bool(again)
    if begun:
        archive.refresh_from_db()
        key = f"mdc-archive:{archive.pk}:{archive.attempt}"
        enqueue("interop.build_archive", key=key, archive_id=archive.pk)
    return archive, begun


def awaited(archive: MdcArchive, *, seconds: float) -> MdcArchive:
    """The row after it changed, or after so long: small archives are made while their client waits."""
    until = time.monotonic() + seconds
    while archive.state == "waiting" and time.monotonic() < until:
        time.sleep(LOOK_SECONDS)
        archive.refresh_from_db()
    return archive


def keep_up(version: DatasetVersion) -> None:
    """A new version was published: its archive is made at once if one of a version before was ever asked for."""
    before = MdcArchive.objects.filter(version__dataset=version.dataset_id, kind=MdcArchive.WHOLE)
    if version.state == "published" and before.exists():
        wanted_archive(version)


def build_archive(*, archive_id: UUID) -> None:
    """Job: may be repeated, and gives the same bytes. What nobody may have any more is not made."""
    archive = MdcArchive.objects.select_related("version__dataset__organization").get(pk=archive_id)
    if archive.state != "waiting":
        return
    if not _is_servable(archive.version_id):
        drop_archive(archive)
        return
    with work_folder() as folder:
        _keep(archive, write_whole(archive.version, folder, told=_Progress(archive.pk)))


def sample_archive(version: DatasetVersion) -> MdcArchive | None:
    """A few records: made while the client waits, once. None: the version shows nothing."""
    if not version.preview:
        return None
    archive, _ = MdcArchive.objects.get_or_create(version=version, kind=MdcArchive.SAMPLE)
    MdcArchive.objects.filter(pk=archive.pk, state__in=["failed", "dropped"]).update(state="waiting")
    archive.refresh_from_db()
    if archive.state == "waiting":
        with work_folder() as folder:
            _keep(archive, write_sample(version, folder))
    archive.refresh_from_db()
    return archive if archive.state == "ready" else None


def fail_archive(*, archive_id: UUID, reason: str) -> None:
    MdcArchive.objects.filter(pk=archive_id, state="waiting").update(state="failed", problem=reason)


def drop_archive(archive: MdcArchive) -> None:
    """First nobody is sent there any more, then the bytes go; the hash stays, for who asks what was once given."""
    MdcArchive.objects.filter(pk=archive.pk).exclude(state="dropped").update(state="dropped")
    if archive.sha256 and not is_needed(archive.sha256):
        published().delete(archive.sha256)


def drops_due(*, cause: UUID, dataset_id: UUID) -> None:
    """Something of the dataset was withdrawn (`cause`): two looks, now and when whatever was running has ended."""
    enqueue("interop.drop_archives", key=f"mdc-drop:{cause}", dataset_id=dataset_id)
    again = timezone.now() + SECOND_LOOK
    enqueue("interop.drop_archives", key=f"mdc-drop:{cause}:again", due_at=again, dataset_id=dataset_id)


def drop_archives(*, dataset_id: UUID | None = None) -> None:
    """Job: remove every archive that may not be served, of one dataset or of all: it can be made again.

    Of one, dropped ones too: a worker that died may have stored its object after the row was dropped.
    """
    gone = MdcArchive.objects.exclude(
        version__state="published", version__dataset__state__in=["draft", "listed"]
    ).exclude(sha256="")
    for archive in gone.filter(version__dataset=dataset_id) if dataset_id else gone.exclude(state="dropped"):
        drop_archive(archive)


def drop_superseded() -> None:
    """Job: remove what nobody can ask for any more, since the SDK gets the newest version and no other."""
    newest, before = newest_first("version__dataset"), timezone.now() - SUPERSEDED_KEPT
    rows = MdcArchive.objects.filter(state="ready").annotate(
        newest=Subquery(newest.values("pk")[:1]), since=Subquery(newest.values("published_at")[:1])
    )
    for archive in rows.filter(since__lt=before).exclude(version=F("newest")):
        drop_archive(archive)


class _Progress:
    def __init__(self, archive_id: UUID) -> None:
        self._archive_id, self._done, self._told_at = archive_id, 0, 0.0

    def __call__(self, rows: int) -> None:
        self._done += rows
        if time.monotonic() - self._told_at >= TOLD_SECONDS:
            self._told_at = time.monotonic()
            MdcArchive.objects.filter(pk=self._archive_id).update(rows_done=self._done)


def _keep(archive: MdcArchive, made: Path) -> None:
    with made.open("rb") as content:
        sha256 = hashlib.file_digest(content, "sha256").hexdigest()
    size = made.stat().st_size
    if not MdcArchive.objects.filter(pk=archive.pk, state="waiting").update(sha256=sha256, size=size):
        return
    published().put(made, sha256=sha256)
    archive.sha256 = sha256
    with transaction.atomic():
        # The version is locked against a withdrawal: either that sees this row ready, or we see the version withdrawn.
        servable = _is_servable(archive.version_id, lock=True)
        now = timezone.now()
        done = {"state": "ready", "ready_at": now, "rows_done": F("rows_total"), "problem": ""}
        kept = servable and MdcArchive.objects.filter(pk=archive.pk, state="waiting", sha256=sha256).update(**done)
    if not kept and not MdcArchive.objects.filter(pk=archive.pk, state="ready", sha256=sha256).exists():
        drop_archive(archive)


def _is_servable(version_id: UUID, *, lock: bool = False) -> bool:
    versions = DatasetVersion.objects.filter(pk=version_id, state="published")
    versions = versions.select_for_update(of=("self",), no_key=True) if lock else versions
    found = versions.select_related("dataset").first()
    return found is not None and found.dataset.state not in OUT_OF_ORDER
