"""The life of an upload on every store: interrupted anywhere, and whole in the end."""

import hashlib
import os
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings

from collective.catalog.models import Contribution
from collective.core.storage import incoming
from collective.core.storage.errors import ObjectNotFoundError
from ingestion.models import Upload
from ingestion.services import sweep_store, sweep_uploads
from ingestion.services.files import store_upload
from tests.contract.storage.conftest import Stores
from tests.contract.uploads.client import Sender, put
from tests.factories import ContributionFactory
from tests.integration.ingestion.clips import clips
from tests.integration.ingestion.flow import cut
from tests.services.jobs import run_all_jobs

pytestmark = pytest.mark.django_db(transaction=True)

PART = 5 * 1024 * 1024
DATA = os.urandom(2 * PART + 7)
PARTS = cut(DATA, PART)
SHA256 = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def contribution(stores: Stores, settings: Settings) -> Contribution:
    settings.UPLOAD_PART_BYTES = PART
    made: Contribution = ContributionFactory()
    return made


@pytest.fixture
def sender(contribution: Contribution) -> Sender:
    return Sender(contribution)


def finished(sender: Sender, upload: dict[str, Any]) -> tuple[str, str]:
    sender.complete(upload)
    run_all_jobs()
    told = sender.state(upload)
    return told["state"], told["sha256"]


def test_an_upload_goes_on_in_another_tab_with_what_is_missing(sender: Sender) -> None:
    upload = sender.begin("a.bin", len(DATA))
    sender.send(upload, PARTS, [2])
    again = sender.begin("a.bin", len(DATA))
    assert again["id"] == upload["id"]
    assert sender.arrived(again) == [2]
    sender.send(again, PARTS, [3, 1])
    assert finished(sender, again) == ("stored", SHA256)


def test_two_tabs_at_once_make_one_file(sender: Sender) -> None:
    first, second = sender.begin("a.bin", len(DATA)), sender.begin("a.bin", len(DATA))
    sender.send(first, PARTS, [1, 2])
    sender.send(second, PARTS, [2, 3])
    assert sender.complete(first)["state"] == "assembling"
    assert sender.complete(second)["state"] == "assembling"
    run_all_jobs()
    assert sender.complete(first)["state"] == "stored"
    assert [(row.state, row.sha256) for row in Upload.objects.all()] == [("stored", SHA256)]


def test_a_link_that_expired_is_replaced_by_a_new_one(sender: Sender, stores: Stores) -> None:
    upload = sender.begin("a.bin", len(DATA))
    sender.sign(upload, PARTS, [1])
    with time_machine.travel(timezone.now() - timedelta(hours=2), tick=True):
        (late,) = sender.sign(upload, PARTS, [1])
    if stores.engine != "moto":  # moto looks at no signature
        assert put(late, PARTS[0]).status_code in {400, 403}
        assert sender.arrived(upload) == []
    sender.send(upload, PARTS, [1, 2, 3])
    assert finished(sender, upload) == ("stored", SHA256)


def test_a_worker_that_died_after_joining_is_followed_by_another(sender: Sender) -> None:
    upload = sender.begin("a.bin", len(DATA))
    sender.send(upload, PARTS, [1, 2, 3])
    sender.complete(upload)
    row = Upload.objects.get()
    incoming().complete(row.key, row.storage_id, incoming().list_parts(row.key, row.storage_id))
    store_upload(upload_id=row.pk)
    store_upload(upload_id=row.pk)
    assert sender.state(upload)["sha256"] == SHA256


def test_parts_that_the_store_has_dropped_are_sent_again(sender: Sender) -> None:
    upload = sender.begin("a.bin", len(DATA))
    sender.send(upload, PARTS, [1])
    row = Upload.objects.get()
    incoming().abort(row.key, row.storage_id)
    assert sender.arrived(upload) == []
    sender.send(upload, PARTS, [1, 2, 3])
    assert finished(sender, upload) == ("stored", SHA256)


def test_an_upload_that_was_put_away_goes_on(sender: Sender) -> None:
    upload = sender.begin("a.bin", len(DATA))
    sender.send(upload, PARTS, [1, 3])
    Upload.objects.update(active_at=timezone.now() - timedelta(days=8))
    sweep_uploads()
    assert sender.state(upload)["state"] == "expired"
    assert sender.begin("a.bin", len(DATA))["state"] == "open"
    assert sender.arrived(upload) == [1, 3]
    sender.send(upload, PARTS, [2])
    assert finished(sender, upload) == ("stored", SHA256)


def test_small_files_travel_in_a_batch_and_resume(sender: Sender) -> None:
    files = {**clips(7), "clips/empty.wav": b""}
    contents = list(files.values())
    first = sender.batch(files)
    assert [each["request"] is None for each in first] == [False] * 7 + [True]
    for each, content in list(zip(first, contents, strict=True))[:3]:
        assert put(each["request"], content).status_code == 200

    again = sender.batch(files)

    assert [each["request"] is None for each in again] == [True] * 3 + [False] * 4 + [True]
    for each, content in zip(again, contents, strict=True):
        if each["request"]:
            assert put(each["request"], content).status_code == 200
    ids = [each["upload"]["id"] for each in again]
    told = sender.post(f"{sender.uploads}/batch/complete", {"uploads": ids})["uploads"]
    assert [(each["upload"]["state"], each["problem"]) for each in told] == [("assembling", None)] * 8
    run_all_jobs()
    assert sender.get(f"{sender.uploads}/summary")["stored"] == 8
    listed = sender.get(f"{sender.uploads}?state=stored")["results"]
    assert {each["name"]: each["sha256"] for each in listed} == {
        name: hashlib.sha256(data).hexdigest() for name, data in files.items()
    }


def test_an_empty_file_is_stored(sender: Sender) -> None:
    upload = sender.begin("empty.jsonl", 0)
    assert (upload["part_count"], sender.arrived(upload)) == (0, [])
    assert finished(sender, upload) == ("stored", hashlib.sha256(b"").hexdigest())
    with incoming().open(Upload.objects.get().key) as file:
        assert file.read() == b""


def test_what_is_cancelled_leaves_nothing_in_the_store(sender: Sender, settings: Settings) -> None:
    upload = sender.begin("a.bin", len(DATA))
    sender.send(upload, PARTS, [1])
    assert sender.api.delete(f"/api/v1/uploads/{upload['id']}").status_code == 204
    run_all_jobs()
    settings.UPLOAD_ORPHAN_HOURS = -1
    sweep_store()
    row = Upload.objects.get()
    assert list(incoming().older_than(timezone.now() + timedelta(hours=1))) == []
    with pytest.raises(ObjectNotFoundError):
        incoming().open(row.key)
