"""Abandoned uploads: put away, kept for a while, then gone; and bytes that no upload knows of."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from collective.core.models import AuditEvent
from collective.core.storage import incoming
from collective.core.storage.errors import ObjectNotFoundError, UploadNotFoundError
from ingestion.errors import UploadNotOpenError
from ingestion.models import StorageQuota, StoreSweep, Upload
from ingestion.services import (
    abort_upload,
    arrived_parts,
    complete_upload,
    restore_upload,
    sign_parts,
    start_upload,
    sweep_store,
    sweep_uploads,
)
from tests.factories import ContributionFactory
from tests.integration.ingestion.clips import begun, clips, completed, put, uploads_of
from tests.integration.ingestion.flow import cut, digests, send, uploaded
from tests.services.jobs import run_all_jobs

pytestmark = pytest.mark.django_db(transaction=True)

MIB = 1024 * 1024
DATA = bytes(2 * MIB + 9)
PRINT = "f" * 64


@pytest.fixture
def half(settings: Settings, tmp_path: Path) -> Upload:
    """An upload of which the first two of three parts have arrived."""
    settings.UPLOAD_PART_BYTES = MIB
    settings.STORAGE_DIR = tmp_path / "objects"  # what other tests left behind is not swept here
    contribution = ContributionFactory()
    upload = start_upload(
        actor=contribution.contributor,
        contribution_id=contribution.pk,
        name="a.jsonl",
        size=len(DATA),
        fingerprint=PRINT,
    )
    send(upload, cut(DATA, MIB)[:2])
    return upload


def rest(upload: Upload, **ago: int) -> None:
    Upload.objects.filter(pk=upload.pk).update(active_at=timezone.now() - timedelta(**ago))
    sweep_uploads()
    run_all_jobs()
    upload.refresh_from_db()


def test_what_rests_is_put_away_after_a_week_and_not_before(half: Upload) -> None:
    rest(half, days=6, hours=23)
    assert half.state == "open"
    rest(half, days=7, minutes=1)
    assert half.state == "expired"
    with pytest.raises(UploadNotOpenError):
        sign_parts(actor=half.created_by, upload_id=half.pk, parts=digests([DATA[:MIB]]))
    assert AuditEvent.objects.filter(action="ingestion.upload_expired", object_id=str(half.pk)).count() == 1


@pytest.mark.parametrize("way", ["the same file again", "restore"])
def test_what_was_put_away_goes_on_where_it_stopped(half: Upload, way: str) -> None:
    rest(half, days=20)
    owner = half.created_by
    if way == "restore":
        again = restore_upload(actor=owner, upload_id=half.pk)
    else:
        again = start_upload(
            actor=owner,
            contribution_id=half.contribution_id,
            name="a.jsonl",
            size=len(DATA),
            fingerprint=PRINT,
        )
    assert (again.pk, again.state) == (half.pk, "open")
    assert [part.number for part in arrived_parts(actor=owner, upload_id=half.pk)] == [1, 2]
    send(half, cut(DATA, MIB))
    complete_upload(actor=owner, upload_id=half.pk)
    run_all_jobs()
    half.refresh_from_db()
    assert half.state == "stored"
    assert AuditEvent.objects.filter(action="ingestion.upload_restored").count() == 1


def test_after_the_restore_window_its_parts_are_deleted(half: Upload) -> None:
    rest(half, days=7, minutes=1)
    rest(half, days=20, hours=23)
    assert half.state == "expired"
    assert len(incoming().list_parts(half.key, half.storage_id)) == 2
    rest(half, days=21, minutes=1)
    assert half.state == "aborted"
    assert half.dropped_at is not None
    with pytest.raises(UploadNotFoundError):
        incoming().list_parts(half.key, half.storage_id)
    assert set(StorageQuota.objects.values_list("held_bytes", flat=True)) == {0}
    assert AuditEvent.objects.filter(action="ingestion.upload_forgotten").count() == 1


def test_a_failure_that_nobody_clears_is_forgotten_too(half: Upload) -> None:
    Upload.objects.filter(pk=half.pk).update(state="failed", problem="It was lost.")
    rest(half, days=20)
    assert half.state == "failed"
    rest(half, days=22)
    assert half.state == "aborted"


def test_an_expired_batch_is_taken_up_by_sending_the_same_list(half: Upload) -> None:
    contribution, files = half.contribution, clips(4)
    first = uploads_of(begun(contribution, files))
    incoming().put_whole(first[0].key, files["clips/0000.wav"])
    Upload.objects.filter(is_whole=True).update(active_at=timezone.now() - timedelta(days=8))
    sweep_uploads()
    assert Upload.objects.filter(state="expired").count() == 4
    again = begun(contribution, files)
    assert [each.pk for each in uploads_of(again)] == [each.pk for each in first]
    assert put(again, files) == 3
    assert completed(contribution, first) == ["assembling"] * 4


def test_bytes_without_an_upload_are_removed_after_their_time(half: Upload, settings: Settings) -> None:
    stored = uploaded(half.contribution, "stored.jsonl", b"{}\n")
    given_up = uploads_of(begun(half.contribution, clips(1)))[0]
    abort_upload(actor=half.created_by, upload_id=given_up.pk)
    run_all_jobs()
    incoming().put_whole(given_up.key, b"arrived too late")
    lost = incoming().create("staging/nobody/0")
    sweep_store()
    assert incoming().sizes([given_up.key]) != {}  # it is young: somebody may be about to say whose it is

    settings.UPLOAD_ORPHAN_HOURS = -1
    sweep_store()

    assert incoming().sizes([given_up.key]) == {}
    with pytest.raises(UploadNotFoundError):
        incoming().list_parts("staging/nobody/0", lost)
    assert [part.number for part in incoming().list_parts(half.key, half.storage_id)] == [1, 2]
    with incoming().open(stored.key) as file:
        assert file.read() == b"{}\n"
    (sweep,) = StoreSweep.objects.filter(removed=2)
    event = AuditEvent.objects.get(action="ingestion.orphans_removed")
    assert (event.object_id, event.data["count"]) == (str(sweep.pk), 2)
    assert set(event.data["first"]) == {given_up.key, lost}


def test_a_draft_of_a_write_that_died_is_removed(half: Upload, settings: Settings) -> None:
    settings.UPLOAD_ORPHAN_HOURS = -1
    draft = settings.STORAGE_DIR / "tmp" / "0197-draft"
    draft.write_bytes(b"half a part")
    sweep_store()
    assert not draft.exists()
    with pytest.raises(ObjectNotFoundError):
        incoming().open("staging/nothing/0")
