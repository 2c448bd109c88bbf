"""The feed, the records of a withdrawal and the signed list: complete, in order, and for license holders only."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client
from joserfc import jws
from joserfc.jwk import OKPKey

from collective.accounts.models import User
from collective.catalog.domain import records
from collective.catalog.domain.records import ListedRecord, RecordPlace
from collective.catalog.models import Contribution, Dataset
from collective.catalog.services import withdraw_records
from licensing import services
from licensing.domain.deletion import STATEMENT_SHA256
from licensing.domain.tombstones import Cursor
from licensing.models import LicenseGrant, WithdrawalNotice
from licensing.services import keys
from licensing.services.tombstones import tombstones
from tests.contract.hub.published import key_for
from tests.factories import UserFactory
from tests.integration.licensing.test_api import as_user

FEED = "/api/v1/withdrawals"


def record(number: int) -> ListedRecord:
    return ListedRecord(f"{number:032x}", f"{number:064x}")


@pytest.fixture(autouse=True)
def _ten_records(monkeypatch: pytest.MonkeyPatch) -> None:
    """What ingestion would list of a contribution that it had prepared."""

    def listed(_contribution: UUID, first: int, count: int) -> list[ListedRecord]:
        return [record(number) for number in range(10)][first : first + count]

    monkeypatch.setattr(records, "_LISTER", [listed])


def take_back(contribution: Contribution, *numbers: int) -> None:
    places = [RecordPlace(*record(number), "a" * 64, number) for number in numbers]
    withdraw_records(actor=contribution.contributor, contribution_id=contribution.pk, places=places)


@pytest.fixture
def history(grant: LicenseGrant, contribution: Contribution) -> LicenseGrant:
    """Withdrawal 1 takes two records back, withdrawal 2 the other eight."""
    take_back(contribution, 1, 2)
    services.withdraw_contribution(actor=contribution.contributor, contribution_id=contribution.pk)
    return grant


def test_the_feed_goes_on_where_it_was(history: LicenseGrant, buyer: User, dataset: Dataset) -> None:
    client = as_user(buyer)
    first = client.get(FEED, {"limit": 1}).json()
    assert (first["next"], first["more"]) == (1, True)
    second = client.get(FEED, {"after": first["next"], "dataset": dataset.repo_id}).json()
    assert (second["next"], second["more"]) == (2, False)
    assert client.get(FEED, {"after": 2}).json() == {"results": [], "next": 2, "more": False}
    (told,) = second["results"]
    assert (told["versions"], told["whole"], told["record_count"], told["replaced_by"]) == (["1.0.0"], True, 8, None)
    assert told["records_url"].endswith("/api/v1/withdrawals/2/records")


@pytest.mark.parametrize("wrong", [{"after": "-1"}, {"after": "x"}, {"limit": 0}, {"dataset": "x"}, {"color": "red"}])
def test_a_wrong_question_is_refused(history: LicenseGrant, buyer: User, wrong: dict[str, Any]) -> None:
    assert as_user(buyer).get(FEED, wrong).status_code == 400


def test_records_come_in_pages_each_under_one_number(history: LicenseGrant, buyer: User) -> None:
    client = as_user(buyer)
    assert list(_numbers(client, 1)) == [1, 2]
    assert list(_numbers(client, 2)) == [0, 3, 4, 5, 6, 7, 8, 9]


def _numbers(client: Any, number: int) -> Iterator[int]:
    after: int | None = 0
    while after is not None:
        page = client.get(f"{FEED}/{number}/records", {"after": after, "limit": 4}).json()
        yield from (int(row["record_id"], 16) for row in page["results"])
        after = page["next"]


def test_it_begins_with_the_license(contribution: Contribution, grant: LicenseGrant, steward: User) -> None:
    """Whoever licenses it later was never given those records; stewards and strangers are not licensees."""
    take_back(contribution, 1)
    for other in (steward, contribution.contributor, UserFactory.create(), UserFactory.create(is_staff=True)):
        assert as_user(other).get(FEED).json()["results"] == []
        assert as_user(other).get(f"{FEED}/1/records").status_code == 404


def test_who_lost_the_license_still_hears(history: LicenseGrant, buyer: User, steward: User) -> None:
    services.revoke_grant(actor=steward, grant_id=history.pk, reason="breach")
    assert len(as_user(buyer).get(FEED).json()["results"]) == 2


def test_a_key_needs_the_scope(history: LicenseGrant, buyer: User) -> None:
    plain = as_user(buyer)
    plain.logout()
    plain.credentials(HTTP_AUTHORIZATION=f"Bearer {key_for(buyer, 'download')}")
    assert plain.get(FEED).status_code == 403
    plain.credentials(HTTP_AUTHORIZATION=f"Bearer {key_for(buyer, 'licenses:read')}")
    assert plain.get(FEED).status_code == 200
    notice = WithdrawalNotice(grant=history)
    assert plain.post(f"/api/v1/withdrawal-notices/{notice.pk}/attest", {}).status_code == 403


def test_the_signed_list_says_every_record(history: LicenseGrant, buyer: User, dataset: Dataset) -> None:
    answer = as_user(buyer).get(f"/api/v1/datasets/{dataset.repo_id}/tombstones")
    key = OKPKey.import_key(keys.jwks()["keys"][0])
    verified = jws.deserialize_compact(answer.content.decode(), key, algorithms=["Ed25519"])
    assert verified.protected == {"alg": "Ed25519", "kid": key.kid, "typ": "dc-tombstones+jwt"}
    claims = json.loads(verified.payload)
    assert (claims["iss"], claims["aud"]) == (settings.SITE_URL, "dc-tombstones")
    said = claims["dc"]
    assert (said["dataset"], said["after"], said["cursor"], said["complete"]) == (dataset.repo_id, "0", "2", True)
    assert [each["number"] for each in said["withdrawals"]] == [1, 2]
    told = sorted(tuple(pair) for each in said["withdrawals"] for pair in each["records"])
    assert told == [tuple(record(number)) for number in range(10)]


@pytest.mark.parametrize("most", [1, 2, 3, 4, 8, 10, 100])
def test_portions_join_into_the_whole(history: LicenseGrant, buyer: User, dataset: Dataset, most: int) -> None:
    cursor, found, complete = Cursor(), [], False
    for _ in range(30):
        portion = tombstones(actor=buyer, dataset=dataset, after=cursor, most=most)
        found += [each for part in portion.withdrawals for each in part.records]
        assert Cursor.parse(str(portion.cursor)) == portion.cursor
        cursor, complete = portion.cursor, portion.complete
        if complete:
            break
    assert (complete, cursor) == (True, Cursor(2))
    assert sorted(found) == [record(number) for number in range(10)]


@pytest.mark.parametrize("cursor", ["", "-1", "1.", "a", "1.2.3", "9" * 30])
def test_a_wrong_cursor_is_refused(history: LicenseGrant, buyer: User, dataset: Dataset, cursor: str) -> None:
    answer = as_user(buyer).get(f"/api/v1/datasets/{dataset.repo_id}/tombstones", {"after": cursor})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor")


def test_nothing_in_feed_or_list_names_a_person(
    history: LicenseGrant, buyer: User, dataset: Dataset, contributor: User, contribution: Contribution
) -> None:
    """G01 must never."""
    listed = tombstones(actor=buyer, dataset=dataset, after=Cursor(), most=100)
    told = json.dumps(as_user(buyer).get(FEED).json()) + str(listed)
    for secret in (contributor.name, contributor.email, str(contributor.pk), str(contribution.pk), contribution.title):
        assert secret not in told


def test_pages_and_lists_of_the_licensee(
    history: LicenseGrant, buyer: User, run_all_jobs: Callable[[], list[str]], dataset: Dataset
) -> None:
    run_all_jobs()
    client = Client()
    client.force_login(buyer)
    assert b"2 notices wait for an answer" in client.get("/licenses/").content
    assert b"must be deleted by" in client.get(f"/licenses/{history.pk}/").content
    notice = WithdrawalNotice.objects.get(withdrawal__number=2)
    address = f"/licenses/withdrawals/{notice.pk}/"
    assert address.encode() in client.get("/licenses/withdrawals/").content

    rows = list(csv.reader(io.StringIO(_text(client.get(f"{address}records.csv")))))
    assert rows == [["record_id", "sha256"], *[list(record(number)) for number in (0, *range(3, 10))]]
    whole = json.loads(_text(client.get(f"{address}records.json")))
    assert (whole["dataset"], whole["record_count"], len(whole["records"])) == (dataset.repo_id, 8, 8)

    client.post(f"{address}acknowledge/")
    wrong = client.post(address, {"statement_sha256": STATEMENT_SHA256, "signer_name": ""})
    assert (wrong.status_code, WithdrawalNotice.objects.get(pk=notice.pk).state) == (200, "acknowledged")
    client.post(address, {"statement_sha256": STATEMENT_SHA256, "signer_name": "Bela Kovacs"})
    assert WithdrawalNotice.objects.get(pk=notice.pk).state == "attested"
    assert b"Signed by Bela Kovacs" in client.get(address).content


def _text(answer: Any) -> str:
    return b"".join(answer.streaming_content).decode()


def test_answers_by_api_and_who_follows_them(
    history: LicenseGrant,
    buyer: User,
    contributor: User,
    steward: User,
    dataset: Dataset,
    contribution: Contribution,
    run_all_jobs: Callable[[], list[str]],
) -> None:
    run_all_jobs()
    client = as_user(buyer)
    waiting = client.get("/api/v1/withdrawal-notices", {"open": "1"}).json()["results"]
    assert [row["number"] for row in waiting] == [2, 1]
    address = f"/api/v1/withdrawal-notices/{waiting[0]['id']}"
    statement = client.get(address).json()["statement"]
    said = {"signer_name": "Bela Kovacs", "statement_sha256": statement["text_sha256"], "proof_sha256": "b" * 64}
    assert client.post(f"{address}/acknowledge").json()["state"] == "acknowledged"
    assert client.post(f"{address}/attest", {**said, "color": "red"}, format="json").status_code == 400
    attested = client.post(f"{address}/attest", said, format="json").json()
    assert (attested["state"], attested["events"][-1]["proof_sha256"]) == ("attested", "b" * 64)

    told = as_user(contributor).get(f"/api/v1/contributions/{contribution.pk}/withdrawal-answers").json()
    assert [told[name] for name in ("told", "notices", "attested", "overdue")] == [1, 2, 1, 0]
    assert {row["licensee"] for row in told["licensees"]} == {history.licensee.name}
    assert as_user(steward).get(f"/api/v1/datasets/{dataset.repo_id}/withdrawal-answers").json() == told
    assert as_user(buyer).get(f"/api/v1/datasets/{dataset.repo_id}/withdrawal-answers").status_code in (403, 404)

    for follower, address in [
        (contributor, f"/contributions/{contribution.pk}/"),
        (steward, f"/desk/{dataset.repo_id}/"),
    ]:
        page = Client()
        page.force_login(follower)
        shown = page.get(address).content.decode()
        assert history.licensee.name in shown
        assert "One license holder was told. Notices: 2." in " ".join(shown.split())
        assert "Bela Kovacs" not in shown
