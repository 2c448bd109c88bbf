"""Download sessions: one token for all workers of a job, fresh addresses while the license lives, a budget of bytes."""

import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from collective.accounts.models import Membership, User
from collective.catalog.models import Contribution, Dataset, DatasetVersion
from collective.core.models import AuditEvent
from licensing import services
from licensing.models import AccessRecord, DownloadSession, LicenseGrant, SessionFile
from tests.factories import OrganizationFactory, UserFactory
from tests.integration.core.at_once import at_once
from tests.integration.licensing import world
from tests.integration.licensing.job import RENEW, SHARD, Job, said


@pytest.fixture
def job(grant: LicenseGrant, buyer: User) -> Job:
    return Job(buyer)


def test_one_token_gets_fresh_addresses_that_work(job: Job, grant: LicenseGrant, version: DatasetVersion) -> None:
    manifest = job.manifest(version).json()
    session = manifest["session"]
    before = AccessRecord.objects.count()

    answer = job.renew(session["token"])

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    fresh, listed = answer.json(), manifest["files"][0]
    assert (fresh["path"], fresh["sha256"], fresh["size"]) == (SHARD, listed["sha256"], listed["size"])
    assert fresh["manifest_sha256"] == version.manifest_sha256
    record = AccessRecord.objects.order_by("-at", "-id")[0]
    assert AccessRecord.objects.count() == before + 1
    assert (record.path, record.grant, record.key_id) == (SHARD, grant, job.row.pk)
    path = fresh["url"].split("//", 1)[1].partition("/")[2]
    assert b"".join(Client().get(f"/{path}")) == f"{version.pk} shard 0".encode()
    assert AccessRecord.objects.count() == before + 2  # the address, and the bytes that were sent


def test_the_session_says_what_it_is_bound_to_and_keeps_no_token(
    job: Job, grant: LicenseGrant, version: DatasetVersion, buyer: User, settings: Settings
) -> None:
    told = job.manifest(version).json()["session"]
    row = DownloadSession.objects.get()
    assert (row.user, row.key_id, row.grant, row.version) == (buyer, job.row.pk, grant, version)
    assert (row.manifest_sha256, row.ip, row.user_agent) == (version.manifest_sha256, "127.0.0.1", "trainer/1")
    assert row.expires_at - row.opened_at == timedelta(hours=24)
    assert told["url"] == f"{settings.SITE_URL}{RENEW}"
    assert (told["id"], told["byte_budget"]) == (str(row.pk), row.size * settings.DOWNLOAD_BUDGET_TIMES)
    assert told["token"] not in str(DownloadSession.objects.values().get())


def test_all_workers_of_a_key_share_one_session_and_other_keys_do_not(
    job: Job, version: DatasetVersion, buyer: User
) -> None:
    tokens = {job.token(version) for _ in range(3)}
    assert len(tokens) == 1
    other = Job(buyer)
    assert other.token(version) not in tokens
    assert job.token(version, action="train") not in tokens
    assert said(other.renew(tokens.pop())) == (403, "session_key_mismatch")


def test_a_signed_in_person_has_a_session_without_a_key(job: Job, version: DatasetVersion, buyer: User) -> None:
    browser = Client()
    browser.force_login(buyer)
    token = browser.get(f"/api/v1/datasets/{version.dataset.repo_id}/manifest").json()["session"]["token"]
    body = {"token": token, "path": SHARD}
    assert browser.post(RENEW, body, content_type="application/json").status_code == 200
    assert said(job.renew(token)) == (403, "session_key_mismatch")


@pytest.mark.parametrize("address", ["manifest", "renew"])
def test_basic_and_bearer_are_one(job: Job, version: DatasetVersion, address: str) -> None:
    token = job.token(version)
    basic = base64.b64encode(f"anything:{job.key}".encode()).decode()
    client = Client(headers={"Authorization": f"Basic {basic}"})
    if address == "manifest":
        answer = client.get(f"/api/v1/datasets/{version.dataset.repo_id}/manifest")
        assert answer.json()["session"]["token"] == token
    else:
        answer = client.post(RENEW, {"token": token, "path": SHARD}, content_type="application/json")
    assert answer.status_code == 200


def test_strangers_to_the_session(job: Job, version: DatasetVersion, buyer: User) -> None:
    token = job.token(version)
    body = {"token": token, "path": SHARD}
    before = AccessRecord.objects.count()
    assert said(Job(UserFactory()).renew(token)) == (403, "session_key_mismatch")
    assert said(Job(buyer, "datasets:read").renew(token)) == (403, "scope_missing")
    assert Client().post(RENEW, body, content_type="application/json").status_code == 401
    assert said(job.renew("dcs_" + "A" * 43)) == (404, "session_not_found")
    assert said(job.renew("")) == (400, "invalid")
    assert AccessRecord.objects.count() == before


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("data/train--1.parquet", (404, "not_found")),
        ("data/train-1000000000.parquet", (404, "not_found")),
        ("README.md", (404, "not_found")),
        ("../secret-key", (404, "not_found")),
        (f"{SHARD} ", (404, "not_found")),
        (-1, (404, "not_found")),
        (10**9, (404, "not_found")),
        ("", (400, "invalid")),
        ([SHARD], (400, "invalid")),
        ("a\x00b", (400, "invalid")),
        ("x" * 251, (400, "invalid")),
    ],
)
def test_c4_no_such_shard(job: Job, version: DatasetVersion, path: Any, expected: tuple[int, str]) -> None:
    token = job.token(version)
    before = AccessRecord.objects.count()
    answer = job.renew(token, path)
    assert answer.status_code == expected[0], answer.content
    assert AccessRecord.objects.count() == before


def test_c4_a_shard_of_another_version(
    job: Job, version: DatasetVersion, dataset: Dataset, contributor: User, steward: User
) -> None:
    token = job.token(version, revision="v1.0.0")
    world.accepted(dataset, UserFactory(), steward)
    later = world.publish(dataset, steward)
    other = later.files.filter(kind="data").order_by("path")[0]
    assert later.pk != version.pk
    # The same path is the session's own version's, whatever is newest.
    assert job.renew(token, other.path).json()["sha256"] != other.sha256


def suspended(grant: LicenseGrant, **_: Any) -> None:
    services.suspend_grant(actor=None, grant_id=grant.pk, reason="disputed")


def revoked(grant: LicenseGrant, **_: Any) -> None:
    services.revoke_grant(actor=None, grant_id=grant.pk, reason="refund")


def quarantined(version: DatasetVersion, **_: Any) -> None:
    version.dataset.transition_to("quarantined")


def taken_back(version: DatasetVersion, **_: Any) -> None:
    version.dataset.transition_to("withdrawn")


def withdrawn(contribution: Contribution, contributor: User, **_: Any) -> None:
    services.withdraw_contribution(actor=contributor, contribution_id=contribution.pk)


def key_revoked(job: Job, buyer: User, **_: Any) -> None:
    from collective.accounts.services import revoke_api_key

    revoke_api_key(actor=buyer, key_id=job.row.pk)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (suspended, (403, "license_suspended")),
        (revoked, (403, "license_revoked")),
        (quarantined, (403, "quarantined")),
        (taken_back, (410, "dataset_withdrawn")),
        (withdrawn, (410, "version_withdrawn")),
        (key_revoked, (401, "bad_api_key")),
    ],
)
def test_what_ends_the_right_ends_the_next_address(
    job: Job,
    grant: LicenseGrant,
    version: DatasetVersion,
    contribution: Contribution,
    contributor: User,
    buyer: User,
    change: Callable[..., None],
    expected: tuple[int, str],
) -> None:
    token = job.token(version)
    assert job.renew(token).status_code == 200
    before = AccessRecord.objects.count()
    change(job=job, grant=grant, version=version, contribution=contribution, contributor=contributor, buyer=buyer)
    assert said(job.renew(token)) == expected
    assert said(job.manifest(version)) == expected
    assert AccessRecord.objects.count() == before


def test_another_license_does_not_carry_a_session_on(
    job: Job, grant: LicenseGrant, dataset: Dataset, version: DatasetVersion, steward: User, buyer: User
) -> None:
    token = job.token(version)
    world.granted(world.offered(dataset, steward, "CC-BY-4.0", price_minor=0), version, buyer)
    assert job.renew(token).status_code == 200
    services.revoke_grant(actor=None, grant_id=grant.pk, reason="refund")
    assert said(job.renew(token)) == (403, "license_revoked")
    assert job.token(version) != token


def test_a_member_who_leaves_loses_the_session(offer: Any, version: DatasetVersion, buyer: User) -> None:
    company, colleague = OrganizationFactory(owner=buyer), UserFactory()
    seat = Membership.objects.create(organization=company, user=colleague, role=Membership.MEMBER)
    world.granted(offer, version, buyer, licensee=company)
    job = Job(colleague)
    token = job.token(version)
    seat.delete()
    assert said(job.renew(token)) == (403, "license_required")


def test_a_steward_who_leaves_loses_the_session(offer: Any, version: DatasetVersion, dataset: Dataset) -> None:
    helper = UserFactory()
    place = Membership.objects.create(organization=dataset.organization, user=helper, role=Membership.MEMBER)
    job = Job(helper)
    token = job.token(version)
    assert job.renew(token).status_code == 200
    place.delete()
    assert said(job.renew(token)) == (403, "license_required")
    world.granted(offer, version, helper)
    assert said(job.renew(token)) == (403, "session_expired")


def test_a_session_lasts_a_day_and_the_next_begins_before_its_end(
    job: Job, version: DatasetVersion, time_machine: Any
) -> None:
    began = timezone.now()
    time_machine.move_to(began, tick=False)
    first = job.token(version)
    time_machine.move_to(began + timedelta(hours=23), tick=False)
    second = job.token(version)
    assert second != first
    assert job.renew(first).status_code == 200
    time_machine.move_to(began + timedelta(hours=24), tick=False)
    assert said(job.renew(first)) == (403, "session_expired")
    assert job.renew(second).status_code == 200
    time_machine.move_to(began + timedelta(days=40), tick=False)
    assert services.forget_sessions() == 2
    assert not SessionFile.objects.exists()


def test_c5_a_budget_of_bytes_that_the_publisher_can_raise(
    job: Job, version: DatasetVersion, steward: User, buyer: User, settings: Settings, time_machine: Any
) -> None:
    settings.DOWNLOAD_BUDGET_TIMES = 2
    now = timezone.now()
    time_machine.move_to(now, tick=False)
    manifest = job.manifest(version).json()
    token, session = manifest["session"]["token"], manifest["session"]["id"]
    for moment in (0, settings.DOWNLOAD_URL_SECONDS):
        time_machine.move_to(now + timedelta(seconds=moment), tick=False)
        for each in manifest["files"]:
            assert job.renew(token, each["path"]).status_code == 200
            assert job.renew(token, each["path"]).status_code == 200  # the same bytes for the same minutes
        assert job.manifest(version).status_code == (429 if moment else 200)

    time_machine.move_to(now + timedelta(seconds=2 * settings.DOWNLOAD_URL_SECONDS), tick=False)
    before = AccessRecord.objects.count()
    refused = job.renew(token)
    assert said(refused) == (429, "byte_budget")
    assert refused.headers["Retry-After"] == str(23 * 3600 + 1 - 2 * settings.DOWNLOAD_URL_SECONDS)
    assert (refused.json()["context"]["session"], AccessRecord.objects.count()) == (session, before)
    assert said(job.manifest(version)) == (429, "byte_budget")

    address, wanted = f"/api/v1/download-sessions/{session}/budget", {"times": 3}
    browser = Client()
    browser.force_login(buyer)
    assert browser.post(address, wanted, content_type="application/json").status_code == 404
    browser.force_login(steward)
    raised = browser.post(address, wanted, content_type="application/json")
    assert (raised.status_code, raised.json()["byte_budget"]) == (
        200,
        3 * sum(each["size"] for each in manifest["files"]),
    )
    assert AuditEvent.objects.filter(action="licensing.byte_budget_raised", actor_id=steward.pk).count() == 1
    assert job.renew(token).status_code == 200
    time_machine.move_to(now + timedelta(hours=23, seconds=1), tick=False)
    assert job.manifest(version).status_code == 200  # when the refusal said so


@pytest.mark.django_db(transaction=True)
def test_workers_that_start_at_once_are_one_session_and_cost_the_version_once(
    grant: LicenseGrant, version: DatasetVersion, buyer: User
) -> None:
    job = Job(buyer)
    answers = at_once(8, lambda: job.manifest(version))
    tokens = {answer.json()["session"]["token"] for answer in answers if not isinstance(answer, Exception)}
    assert len(tokens) == 1
    shard = version.files.get(path=SHARD)
    DownloadSession.objects.update(whole_until=timezone.now())
    (token,) = tokens
    renewed = at_once(8, lambda: job.renew(token))
    assert [answer.status_code for answer in renewed if not isinstance(answer, Exception)] == [200] * 8
    row = DownloadSession.objects.get()
    assert row.bytes_given == row.size + shard.size
    assert AccessRecord.objects.count() == 8 * 2 + 8


def test_who_asks_too_often_is_told_how_long_to_wait_and_then_passes(
    job: Job, version: DatasetVersion, settings: Settings, time_machine: Any
) -> None:
    settings.API_LIMITS = {**settings.API_LIMITS, "hub": 2}
    now = (timezone.now() + timedelta(minutes=1)).replace(second=10, microsecond=0)
    time_machine.move_to(now, tick=False)
    token = job.token(version)
    assert job.renew(token).status_code == 200
    for refused in (job.renew(token), job.manifest(version)):
        assert (refused.status_code, refused.json()["code"]) == (429, "throttled")
        assert refused.headers["Retry-After"] == "51"
    time_machine.move_to(now + timedelta(seconds=51), tick=False)
    assert job.renew(token).status_code == 200


def test_the_description_of_the_api_names_what_the_answers_hold(job: Job, version: DatasetVersion) -> None:
    schema = Client().get("/api/v1/schema").json()
    parts = schema["components"]["schemas"]
    body = job.manifest(version, since="1.0.0").json()
    assert parts["ManifestOutput"]["properties"].keys() == body.keys()
    assert parts["OpenSessionOutput"]["properties"].keys() == body["session"].keys()
    assert parts["ChangesOutput"]["properties"].keys() == body["changes"].keys()
    assert parts["FileOutput"]["properties"].keys() == body["files"][0].keys()
    renewed = job.renew(body["session"]["token"]).json()
    assert parts["RenewalOutput"]["properties"].keys() == renewed.keys()
    said = schema["paths"]["/api/v1/download-sessions/url"]["post"]["security"]
    assert {name for each in said for name in each} >= {"keyAsBearer", "keyAsPassword"}


@pytest.mark.parametrize(
    "change",
    ["expires_at = '2999-01-01'", "key_id = 'AAAAAAAA'", "grant_id = NULL", "bytes_given = 0", "token_sha256 = 'x'"],
)
def test_the_database_keeps_what_a_session_was_opened_for(job: Job, version: DatasetVersion, change: str) -> None:
    job.manifest(version)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE licensing_downloadsession SET {change}")  # noqa: S608 - written above
