"""The other side sends what it should not (reliability cases B1, B7, B8, B9): refused, and one file at most."""

import hashlib
from typing import Any

import pytest
from pytest_django import Settings

from collective.catalog.models import Contribution
from ingestion.models import StorageQuota, Upload
from tests.contract.storage.conftest import Stores
from tests.contract.uploads.client import Sender, put
from tests.factories import ContributionFactory
from tests.integration.ingestion.clips import clips
from tests.integration.ingestion.flow import cut, digests
from tests.services.jobs import run_all_jobs
from tests.services.stores import LOCAL, RCLONE

pytestmark = pytest.mark.django_db(transaction=True)

PART = 5 * 1024 * 1024
DATA = bytes(range(256)) * (PART // 256) + b"the end"
PARTS = cut(DATA, PART)
ENFORCING = pytest.mark.parametrize("stores", [LOCAL, RCLONE], indirect=True)  # moto enforces nothing


@pytest.fixture
def contribution(stores: Stores, settings: Settings) -> Contribution:
    settings.UPLOAD_PART_BYTES = PART
    made: Contribution = ContributionFactory()
    return made


@pytest.fixture
def sender(contribution: Contribution) -> Sender:
    return Sender(contribution)


@pytest.fixture
def upload(sender: Sender) -> dict[str, Any]:
    return sender.begin("a.bin", len(DATA))


def refused(sender: Sender, upload: dict[str, Any], *parts: dict[str, Any]) -> tuple[int, str]:
    answer = sender.api.post(f"/api/v1/uploads/{upload['id']}/parts", {"parts": list(parts)}, format="json")
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({"size": 8}, "wrong_part", id="longer than announced"),
        pytest.param({"size": 50 * 1024**3}, "invalid", id="50 GB in one part"),
        pytest.param({"size": 0}, "invalid", id="empty"),
        pytest.param({"number": 3}, "wrong_part", id="one part too many"),
        pytest.param({"number": 10_001}, "invalid", id="number 10001"),
        pytest.param({"number": 0}, "invalid", id="number 0"),
        pytest.param({"number": -1}, "invalid", id="number -1"),
    ],
)
def test_an_impossible_part_is_not_signed(
    sender: Sender, upload: dict[str, Any], change: dict[str, Any], code: str
) -> None:
    last = vars(digests(PARTS)[1])
    assert refused(sender, upload, {**last, **change}) == (400, code)


def test_one_part_twice_in_one_request_is_refused(sender: Sender, upload: dict[str, Any]) -> None:
    last = vars(digests(PARTS)[1])
    assert refused(sender, upload, last, {**last, "md5": "0" * 32}) == (400, "invalid")


@ENFORCING
@pytest.mark.parametrize("content", [b"the End", b"the end!", b"the en", b""])
def test_other_bytes_than_announced_are_refused(sender: Sender, upload: dict[str, Any], content: bytes) -> None:
    sender.send(upload, PARTS, [1])
    (signed,) = sender.sign(upload, PARTS, [2])
    assert 400 <= put(signed, content).status_code < 500
    answer = sender.api.post(f"/api/v1/uploads/{upload['id']}/complete")
    assert (answer.status_code, answer.json()["code"]) == (409, "parts_missing")
    assert sender.state(upload)["state"] == "open"


@ENFORCING
def test_a_link_for_one_part_takes_no_other(sender: Sender, upload: dict[str, Any]) -> None:
    first, last = sender.sign(upload, PARTS, [1, 2])
    assert 400 <= put(first, PARTS[1]).status_code < 500
    assert 400 <= put(last, PARTS[0]).status_code < 500
    assert sender.arrived(upload) == []


def test_unordered_repeated_and_completed_twice_is_one_file(sender: Sender, upload: dict[str, Any]) -> None:
    sender.send(upload, PARTS, [2])
    sender.send(upload, PARTS, [1, 2])
    for _ in range(2):
        assert sender.complete(upload)["state"] == "assembling"
    run_all_jobs()
    for _ in range(2):
        assert sender.complete(upload)["state"] == "stored"
    run_all_jobs()
    assert [row.sha256 for row in Upload.objects.all()] == [hashlib.sha256(DATA).hexdigest()]
    answer = sender.api.post(f"/api/v1/uploads/{upload['id']}/parts", {"parts": [vars(digests(PARTS)[1])]}, "json")
    assert (answer.status_code, answer.json()["code"]) == (409, "upload_not_open")


def test_a_lie_about_the_sha256_fails_the_upload(sender: Sender, upload: dict[str, Any]) -> None:
    first, last = (vars(each) for each in digests(PARTS))
    address = f"/api/v1/uploads/{upload['id']}/parts"
    signed = sender.post(address, {"parts": [first, {**last, "sha256": "0" * 64}]})["parts"]
    for each, content in zip(signed, PARTS, strict=True):
        assert put(each, content).status_code == 200
    sender.complete(upload)
    run_all_jobs()
    told = sender.state(upload)
    assert (told["state"], told["sha256"]) == ("failed", "")


def test_nobody_completes_the_upload_of_another(sender: Sender, upload: dict[str, Any]) -> None:
    """Not even with the right ETags: who knows what was sent gains nothing by it."""
    sender.send(upload, PARTS, [1, 2])
    small = sender.batch(clips(1))[0]
    other = Sender(ContributionFactory(dataset=Upload.objects.earliest("id").contribution.dataset))
    addresses = [f"/api/v1/uploads/{upload['id']}/{action}" for action in ("complete", "parts", "restore")]
    bodies: list[Any] = [None, {"parts": [vars(digests(PARTS)[0])]}, None]
    answers = [other.api.post(address, body, format="json") for address, body in zip(addresses, bodies, strict=True)]
    foreign = {"uploads": [small["upload"]["id"]]}
    answers.append(other.api.post(f"{other.uploads}/batch/complete", foreign, format="json"))
    answers.append(other.api.post(f"{sender.uploads}/batch/complete", foreign, format="json"))
    answers.append(other.api.get(f"{sender.uploads}/summary"))
    assert [answer.status_code for answer in answers] == [404] * 6
    assert set(Upload.objects.values_list("state", flat=True)) == {"open"}


def test_the_hash_of_a_strangers_file_gives_no_bytes(sender: Sender, upload: dict[str, Any]) -> None:
    sender.send(upload, PARTS, [1, 2])
    sender.complete(upload)
    run_all_jobs()
    thief = Sender(ContributionFactory(dataset=Upload.objects.get().contribution.dataset))
    claimed = thief.begin("a.bin", len(DATA))
    assert claimed["id"] != upload["id"]
    thief.sign(claimed, PARTS, [1, 2])
    assert thief.arrived(claimed) == []
    answer = thief.api.post(f"/api/v1/uploads/{claimed['id']}/complete")
    assert (answer.status_code, answer.json()["code"]) == (409, "parts_missing")


def test_a_declared_size_is_all_that_can_be_sent(sender: Sender, settings: Settings) -> None:
    settings.ORGANIZATION_QUOTA_BYTES = PART + 10
    small = sender.begin("small.bin", 10)
    assert refused(sender, small, {**vars(digests([DATA])[0]), "size": len(DATA)}) == (400, "wrong_part")
    answer = sender.api.post(sender.uploads, {"name": "b.bin", "size": PART + 1}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (413, "quota_exceeded")
    assert answer.json()["context"]["held"] == 10
    assert set(StorageQuota.objects.values_list("held_bytes", flat=True)) == {10}


def test_a_thousand_open_uploads_are_too_many(sender: Sender, settings: Settings) -> None:
    settings.OPEN_UPLOADS_PER_PERSON = 40
    assert all(each["upload"] for each in sender.batch(clips(40)))
    answer = sender.api.post(sender.uploads, {"name": "one more", "size": 1}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_open_uploads")
    assert answer.headers["Retry-After"] == "60"
    assert Upload.objects.count() == 40


@pytest.mark.parametrize("stores", ["local"], indirect=True)
@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "C:\\x", "a\u202eb", "x" * 10_000, ".htaccess", "a/../../b", "\u0000"]
)
def test_a_name_never_becomes_a_path(sender: Sender, name: str) -> None:
    answer = sender.api.post(sender.uploads, {"name": name, "size": 1}, format="json")
    if answer.status_code == 400:
        assert "\0" in name
        return
    row = Upload.objects.get()
    assert row.key == f"staging/{row.pk}/0"
    assert ".." not in row.name
    assert len(row.name) <= 200
