"""Ingestion over HTTP, as a program with a key uses it."""

import hashlib
from typing import Any

import pytest
from rest_framework.test import APIClient

from collective.accounts.models import User
from collective.catalog.models import Contribution
from ingestion.models import Upload
from tests.factories import ContributionFactory, UserFactory
from tests.integration.ingestion.flow import accepted, declared, digests, steward_of, submitted
from tests.services.jobs import run_all_jobs

pytestmark = pytest.mark.django_db(transaction=True)

DATA = b'{"text": "one"}\n{"text": "two"}\n'
PRINT = hashlib.sha256(b"a file").hexdigest()


def client_of(user: User) -> APIClient:
    client = APIClient()
    client.force_login(user)
    return client


def begun(client: APIClient, contribution: Contribution, **changes: Any) -> dict[str, Any]:
    body = {"name": "a.jsonl", "size": len(DATA), "fingerprint": PRINT, **changes}
    answer = client.post(f"/api/v1/contributions/{contribution.pk}/uploads", body, format="json")
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


def test_a_file_travels_from_begin_to_report() -> None:
    contribution = ContributionFactory()
    client = client_of(contribution.contributor)
    upload = begun(client, contribution)
    (part,) = digests([DATA])
    signed = client.post(f"/api/v1/uploads/{upload['id']}/parts", {"parts": [vars(part)]}, format="json").json()
    (request,) = signed["parts"]
    path = request["url"].split("localhost:8000", 1)[1]
    put = client.put(path, DATA, content_type="application/octet-stream", headers=request["headers"])
    assert put.status_code == 200
    assert client.get(f"/api/v1/uploads/{upload['id']}/parts").json() == {
        "parts": [{"number": 1, "size": len(DATA), "etag": part.md5}]
    }

    assert client.post(f"/api/v1/uploads/{upload['id']}/complete").json()["state"] == "assembling"
    assert client.post(f"/api/v1/uploads/{upload['id']}/complete").status_code == 200
    run_all_jobs()

    told = client.get(f"/api/v1/uploads/{upload['id']}").json()
    assert (told["state"], told["sha256"]) == ("stored", hashlib.sha256(DATA).hexdigest())
    contribution.refresh_from_db()
    assert (contribution.file_count, contribution.byte_count) == (1, len(DATA))
    assert client.get(f"/api/v1/contributions/{contribution.pk}/report").status_code == 404
    declared(contribution)
    assert client.post(f"/api/v1/contributions/{contribution.pk}/submit").status_code == 200
    run_all_jobs()
    report = client.get(f"/api/v1/contributions/{contribution.pk}/report").json()
    assert (report["state"], report["progress"]["rows_done"], report["errors"]) == ("passed", 2, [])


def test_the_same_fingerprint_resumes_for_its_owner_only() -> None:
    contribution = ContributionFactory()
    client = client_of(contribution.contributor)
    first = begun(client, contribution)

    assert begun(client, contribution)["id"] == first["id"]
    assert begun(client, contribution, size=len(DATA) + 1, fingerprint="0" * 64)["id"] != first["id"]
    other = ContributionFactory(dataset=contribution.dataset)
    assert begun(client_of(other.contributor), other)["id"] != first["id"]


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"size": 2**50}, 413, "file_too_large"),
        ({"owner": "me"}, 400, "invalid"),
        ({"size": -1}, 400, "invalid"),
        ({"fingerprint": "short"}, 400, "invalid"),
    ],
)
def test_a_wrong_begin_is_refused(change: dict[str, Any], status: int, code: str) -> None:
    contribution = ContributionFactory()
    body = {"name": "a.jsonl", "size": 10, **change}
    answer = client_of(contribution.contributor).post(
        f"/api/v1/contributions/{contribution.pk}/uploads", body, format="json"
    )
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"number": 2}, "wrong_part"),
        ({"size": 5}, "wrong_part"),
        ({"number": 10_001}, "invalid"),
        ({"md5": "x"}, "invalid"),
    ],
)
def test_a_wrong_part_is_refused(change: dict[str, Any], code: str) -> None:
    contribution = ContributionFactory()
    client = client_of(contribution.contributor)
    upload = begun(client, contribution)
    part = {**vars(digests([DATA])[0]), **change}
    answer = client.post(f"/api/v1/uploads/{upload['id']}/parts", {"parts": [part]}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_completing_without_all_parts_says_how_many_are_missing() -> None:
    contribution = ContributionFactory()
    client = client_of(contribution.contributor)
    upload = begun(client, contribution)
    answer = client.post(f"/api/v1/uploads/{upload['id']}/complete")
    assert (answer.status_code, answer.json()["code"]) == (409, "parts_missing")
    assert answer.json()["context"] == {"missing": 1, "count": 1}


def test_nobody_else_reaches_an_upload() -> None:
    contribution = ContributionFactory()
    upload = begun(client_of(contribution.contributor), contribution)
    part = vars(digests([DATA])[0])
    for other in (UserFactory(), steward_of(contribution.dataset)):
        client = client_of(other)
        address = f"/api/v1/uploads/{upload['id']}"
        answers = [
            client.get(address),
            client.get(f"{address}/parts"),
            client.post(f"{address}/parts", {"parts": [part]}, format="json"),
            client.post(f"{address}/complete"),
            client.delete(address),
            client.post(f"/api/v1/contributions/{contribution.pk}/uploads", {"name": "x", "size": 1}, format="json"),
        ]
        assert [answer.status_code for answer in answers] == [404] * 6
    assert Upload.objects.get().state == "open"


def test_a_submitted_contribution_takes_no_more_files() -> None:
    contribution = ContributionFactory()
    submitted(contribution, ("a.jsonl", DATA))
    client = client_of(contribution.contributor)
    answer = client.post(
        f"/api/v1/contributions/{contribution.pk}/uploads", {"name": "b.jsonl", "size": 3}, format="json"
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "contribution_not_editable")
    removed = client.delete(f"/api/v1/uploads/{Upload.objects.get().pk}")
    assert (removed.status_code, removed.json()["code"]) == (409, "contribution_not_editable")


def test_only_the_steward_publishes() -> None:
    contribution = ContributionFactory()
    dataset = contribution.dataset
    accepted(dataset, ("a.jsonl", DATA))
    address = f"/api/v1/datasets/{dataset.repo_id}/versions"

    assert client_of(contribution.contributor).post(address, {}, format="json").status_code == 403
    assert APIClient().post(address, {}, format="json").status_code == 401
    client = client_of(steward_of(dataset))
    version = client.post(address, {"notes": "First."}, format="json")
    assert version.status_code == 201
    assert version.json()["build"] == {"shards_done": 0, "shards_total": 0, "state": "planning"}
    again = client.post(address, {}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "build_running")

    run_all_jobs()

    told = client.get(f"/api/v1/versions/{version.json()['id']}").json()
    assert (told["state"], told["number"], told["row_count"]) == ("published", "1.0.0", 2)
    assert told["build"] == {"shards_done": 1, "shards_total": 1, "state": "done"}
