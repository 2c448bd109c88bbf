"""What the server does with an upload: checks every byte again, keeps to the limits, forgets what is abandoned."""

import hashlib
import os
from dataclasses import replace

import pytest
from pytest_django import Settings

from collective.core.storage import incoming
from collective.core.storage.base import PartSpec
from collective.core.storage.errors import ObjectNotFoundError, UploadNotFoundError
from ingestion.errors import ContributionFullError, NameTwinError, UploadNotOpenError
from ingestion.models import Upload
from ingestion.services import abort_upload, complete_upload, remove_file, sign_parts, start_upload
from ingestion.services.files import store_upload
from tests.factories import ContributionFactory
from tests.integration.ingestion.flow import cut, digests, send, uploaded
from tests.services.jobs import run_all_jobs

pytestmark = pytest.mark.django_db(transaction=True)

MIB = 1024 * 1024
DATA = b'{"text": "one"}\n'


def test_several_parts_are_joined_and_hashed_as_one(settings: Settings) -> None:
    settings.UPLOAD_PART_BYTES = MIB
    data = os.urandom(2 * MIB + 7)
    upload = uploaded(ContributionFactory(), "noise.bin", data)
    assert (upload.part_count, upload.state, upload.sha256) == (3, "stored", hashlib.sha256(data).hexdigest())


def test_a_part_that_is_not_what_was_announced_fails_the_upload() -> None:
    contribution = ContributionFactory()
    owner = contribution.contributor
    upload = start_upload(actor=owner, contribution_id=contribution.pk, name="a.jsonl", size=len(DATA))
    (part,) = digests([DATA])
    sign_parts(actor=owner, upload_id=upload.pk, parts=[replace(part, sha256="0" * 64)])
    upload.refresh_from_db()
    incoming().put_part(upload.key, upload.storage_id, PartSpec(1, part.size, part.md5), DATA)
    complete_upload(actor=owner, upload_id=upload.pk)
    run_all_jobs()

    upload.refresh_from_db()
    contribution.refresh_from_db()
    assert (upload.state, upload.sha256, contribution.file_count) == ("failed", "", 0)
    assert upload.problem == "Part 1 arrived changed. Cancel this upload and send the file again."


def test_storing_twice_is_storing_once() -> None:
    contribution = ContributionFactory()
    upload = uploaded(contribution, "a.jsonl", DATA)
    stored_at = upload.stored_at
    store_upload(upload_id=upload.pk)
    upload.refresh_from_db()
    assert (upload.state, upload.stored_at) == ("stored", stored_at)


def test_storing_goes_on_after_an_attempt_that_died_between_joining_and_hashing() -> None:
    contribution = ContributionFactory()
    owner = contribution.contributor
    upload = start_upload(actor=owner, contribution_id=contribution.pk, name="a.jsonl", size=len(DATA))
    send(upload, [DATA])
    complete_upload(actor=owner, upload_id=upload.pk)
    upload.refresh_from_db()
    incoming().complete(upload.key, upload.storage_id, incoming().list_parts(upload.key, upload.storage_id))
    run_all_jobs()
    upload.refresh_from_db()
    assert upload.state == "stored"


def test_a_file_of_the_same_name_takes_its_place() -> None:
    contribution = ContributionFactory()
    before = uploaded(contribution, "a.jsonl", DATA)
    after = uploaded(contribution, "a.jsonl", DATA * 2)
    before.refresh_from_db()
    contribution.refresh_from_db()
    assert (before.state, after.state) == ("removed", "stored")
    assert (contribution.file_count, contribution.byte_count) == (1, len(DATA) * 2)
    with pytest.raises(ObjectNotFoundError):
        incoming().open(before.key)


def test_twins_are_refused() -> None:
    contribution = ContributionFactory()
    uploaded(contribution, "É.jsonl", DATA)
    with pytest.raises(NameTwinError):
        start_upload(actor=contribution.contributor, contribution_id=contribution.pk, name="e\u0301.JSONL", size=5)


def test_a_contribution_has_a_limit(settings: Settings) -> None:
    settings.CONTRIBUTION_MAX_BYTES = 100
    contribution = ContributionFactory()
    start_upload(actor=contribution.contributor, contribution_id=contribution.pk, name="a", size=60)
    with pytest.raises(ContributionFullError):
        start_upload(actor=contribution.contributor, contribution_id=contribution.pk, name="b", size=60)
    assert Upload.objects.count() == 1


def test_a_cancelled_upload_leaves_nothing_and_takes_no_more(settings: Settings) -> None:
    settings.UPLOAD_PART_BYTES = MIB
    contribution = ContributionFactory()
    owner = contribution.contributor
    parts = cut(bytes(2 * MIB), MIB)
    upload = start_upload(actor=owner, contribution_id=contribution.pk, name="a", size=2 * MIB)
    send(upload, parts)
    abort_upload(actor=owner, upload_id=upload.pk)
    abort_upload(actor=owner, upload_id=upload.pk)
    run_all_jobs()
    with pytest.raises(UploadNotFoundError):
        incoming().list_parts(upload.key, upload.storage_id)
    with pytest.raises(UploadNotOpenError):
        sign_parts(actor=owner, upload_id=upload.pk, parts=digests(parts))


def test_a_removed_file_is_gone_from_the_store_and_the_count() -> None:
    contribution = ContributionFactory()
    upload = uploaded(contribution, "a.jsonl", DATA)
    remove_file(actor=contribution.contributor, upload_id=upload.pk)
    run_all_jobs()
    contribution.refresh_from_db()
    assert contribution.file_count == 0
    with pytest.raises(ObjectNotFoundError):
        incoming().open(upload.key)
