"""Thousands of small files: few requests, few jobs, and each of them as safe as a large one."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from collective.core import audit
from collective.core.models import AuditEvent, Job
from collective.core.storage import incoming
from collective.core.storage.errors import ObjectNotFoundError
from ingestion.errors import ContributionFullError, UploadNotFoundError
from ingestion.models import StorageQuota, Upload
from ingestion.services import complete_batch, remove_file
from tests.factories import ContributionFactory
from tests.integration.ingestion.clips import begun, claims, clips, completed, put, uploads_of
from tests.integration.ingestion.flow import uploaded
from tests.services.jobs import run_all_jobs

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_batch_arrives_and_is_hashed_a_hundred_files_per_job() -> None:
    contribution, files = ContributionFactory(), clips(250)
    answers = begun(contribution, files)
    assert put(answers, files) == 250
    assert set(completed(contribution, uploads_of(answers))) == {"assembling"}
    assert Job.objects.filter(name="ingestion.store_batch").count() == 3

    run_all_jobs()

    stored = dict(Upload.objects.stored().values_list("name", "sha256"))
    assert stored == {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    contribution.refresh_from_db()
    assert (contribution.file_count, contribution.byte_count) == (250, sum(map(len, files.values())))
    told = AuditEvent.objects.filter(action="ingestion.batch_stored").values_list("data", flat=True)
    assert sorted(digest for each in told for digest in each["sha256"].values()) == sorted(stored.values())


def test_the_same_list_again_sends_only_what_is_missing() -> None:
    contribution, files = ContributionFactory(), clips(6)
    first = begun(contribution, files)
    half = dict(list(files.items())[:2])
    put(first[:2], half)
    completed(contribution, uploads_of(first[:2]))
    run_all_jobs()
    put(first[2:4], dict(list(files.items())[2:4]))  # arrived, and then the tab was closed

    again = begun(contribution, files)

    assert [each.pk for each in uploads_of(again)] == [each.pk for each in uploads_of(first)]
    assert [each.state for each in uploads_of(again)] == ["stored"] * 2 + ["open"] * 4
    assert [answer.request is not None for answer in again] == [False] * 4 + [True] * 2
    put(again, files)
    completed(contribution, uploads_of(again))
    run_all_jobs()
    assert Upload.objects.stored().count() == Upload.objects.count() == 6


def test_what_has_not_arrived_is_said_and_stays_open() -> None:
    contribution, files = ContributionFactory(), clips(3)
    answers = begun(contribution, files)
    uploads = uploads_of(answers)
    put(answers[:2], dict(list(files.items())[:2]))
    incoming().put_whole(uploads[1].key, b"of another length")
    keys = [upload.pk for upload in reversed(uploads)]
    outcome = complete_batch(actor=contribution.contributor, contribution_id=contribution.pk, upload_ids=keys)
    assert [(each.upload.pk, each.upload.state) for each in outcome] == [
        (keys[0], "open"),
        (keys[1], "open"),
        (keys[2], "assembling"),
    ]
    assert [each.problem.code if each.problem else "" for each in outcome] == ["parts_missing", "parts_missing", ""]


def test_completing_twice_is_completing_once() -> None:
    contribution, files = ContributionFactory(), clips(3)
    answers = begun(contribution, files)
    put(answers, files)
    for _ in range(2):
        assert completed(contribution, uploads_of(answers)) == ["assembling"] * 3
    assert Job.objects.filter(name="ingestion.store_batch").count() == 1
    run_all_jobs()
    assert completed(contribution, uploads_of(answers)) == ["stored"] * 3


def test_other_bytes_than_announced_fail_alone() -> None:
    contribution, files = ContributionFactory(), clips(3)
    answers = begun(contribution, files)
    put(answers, files)
    forged = uploads_of(answers)[1]
    incoming().put_whole(forged.key, bytes(forged.size))
    completed(contribution, uploads_of(answers))
    run_all_jobs()
    forged.refresh_from_db()
    contribution.refresh_from_db()
    assert (forged.state, forged.sha256, contribution.file_count) == ("failed", "", 2)
    assert forged.problem == "Part 1 arrived changed. Cancel this upload and send the file again."


def test_an_empty_file_is_stored_without_being_sent() -> None:
    contribution = ContributionFactory()
    files = {"clips/empty.wav": b"", "clips/full.wav": b"something"}
    answers = begun(contribution, files)
    assert [answer.request is not None for answer in answers] == [False, True]
    put(answers, files)
    completed(contribution, uploads_of(answers))
    run_all_jobs()
    empty = Upload.objects.stored().get(size=0)
    assert empty.sha256 == hashlib.sha256(b"").hexdigest()
    with incoming().open(empty.key) as stored:
        assert stored.read() == b""
    assert uploaded(contribution, "none.jsonl", b"").sha256 == empty.sha256


def test_a_file_that_cannot_be_taken_does_not_stop_the_others(settings: Settings) -> None:
    settings.UPLOAD_PART_BYTES = 20
    contribution = ContributionFactory()
    uploaded(contribution, "É.wav", b"here before")
    files = {"e\u0301.WAV": b"a twin", "good.wav": b"fine", "GOOD.wav": b"a twin too", "big.wav": bytes(21)}
    answers = begun(contribution, files)
    assert [answer.problem.code if answer.problem else "" for answer in answers] == [
        "file_name_twin",
        "",
        "file_name_twin",
        "file_needs_parts",
    ]
    assert Upload.objects.filter(state="open").count() == 1


def test_a_limit_stops_the_whole_batch(settings: Settings) -> None:
    settings.CONTRIBUTION_MAX_FILES = 4
    contribution = ContributionFactory()
    with pytest.raises(ContributionFullError):
        begun(contribution, clips(5))
    assert not Upload.objects.exists()
    assert not StorageQuota.objects.exists()
    assert len(uploads_of(begun(contribution, clips(4)))) == 4


def test_a_new_take_of_a_clip_replaces_the_old_one() -> None:
    contribution = ContributionFactory()
    for data in (b"first take", b"second take"):
        files = {"clips/a.wav": data, f"{len(data)}.wav": data}
        answers = begun(contribution, files)
        put(answers, files)
        completed(contribution, uploads_of(answers))
        run_all_jobs()
    (before,) = Upload.objects.filter(name="clips/a.wav", state="removed")
    (after,) = Upload.objects.filter(name="clips/a.wav", state="stored")
    assert after.sha256 == hashlib.sha256(b"second take").hexdigest()
    assert before.dropped_at is not None
    with pytest.raises(ObjectNotFoundError):
        incoming().open(before.key)


def test_what_was_removed_is_sent_again_if_wanted_again() -> None:
    contribution, files = ContributionFactory(), clips(1)
    answers = begun(contribution, files)
    put(answers, files)
    completed(contribution, uploads_of(answers))
    run_all_jobs()
    (upload,) = uploads_of(answers)
    remove_file(actor=contribution.contributor, upload_id=upload.pk)
    (again,) = begun(contribution, files)
    assert again.upload != upload
    assert again.request is not None


def test_a_hash_that_somebody_else_sent_opens_nothing() -> None:
    """The same file of two people is two uploads, and each must send every byte."""
    theirs, files = ContributionFactory(), clips(2)
    answers = begun(theirs, files)
    put(answers, files)
    completed(theirs, uploads_of(answers))
    run_all_jobs()
    mine = ContributionFactory(dataset=theirs.dataset)

    begun_here = begun(mine, files)

    assert all(answer.request is not None for answer in begun_here)
    assert not {each.pk for each in uploads_of(begun_here)} & {each.pk for each in uploads_of(answers)}
    assert completed(mine, uploads_of(begun_here)) == ["open", "open"]
    with pytest.raises(UploadNotFoundError):
        completed(mine, uploads_of(answers))


def test_another_contribution_of_the_same_person_is_another_place() -> None:
    first = ContributionFactory()
    second = ContributionFactory(dataset=first.dataset, contributor=first.contributor)
    answers = begun(first, clips(1))
    assert uploads_of(begun(second, clips(1))) != uploads_of(answers)
    with pytest.raises(UploadNotFoundError):
        completed(second, uploads_of(answers))
    assert claims(clips(1))[0].fingerprint == uploads_of(answers)[0].fingerprint


@pytest.mark.postgresql
def test_a_batch_begins_while_another_is_counted_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both want the contribution and the audit trail, in the opposite order: neither may wait for the other."""
    contribution, first, second = ContributionFactory(), clips(2), clips(2, folder="more")
    answers = begun(contribution, first)
    put(answers, first)
    completed(contribution, uploads_of(answers))

    def begun_elsewhere() -> int:
        try:
            return len(uploads_of(begun(contribution, second)))
        finally:
            connection.close()

    def record_late(**event: Any) -> AuditEvent:
        monkeypatch.setattr(audit, "record", record)
        assert pool.submit(begun_elsewhere).result(timeout=20) == 2
        return record(**event)

    record = audit.record
    monkeypatch.setattr(audit, "record", record_late)
    with ThreadPoolExecutor(1) as pool:
        run_all_jobs()
    assert sorted(Upload.objects.values_list("state", flat=True)) == ["open", "open", "stored", "stored"]
