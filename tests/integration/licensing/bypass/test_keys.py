"""C11: a key in an address, mistyped, expired, or revoked a moment ago opens nothing."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from collective.accounts.models import ApiKey
from collective.accounts.services import revoke_api_key
from tests.integration.licensing.bypass.conftest import Scene
from tests.integration.licensing.bypass.routes import RENEW, Caller, NothingGiven, carries_bytes


def key_id(key: str) -> str:
    return key.removeprefix("dck_live_")[:8]


def all_refused(scene: Scene, job: Caller) -> None:
    with NothingGiven():
        answers = job.everywhere(scene.version, scene.token)
    assert not [name for name, answer in answers.items() if carries_bytes(answer)]
    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(answers, 401)


def test_c11_a_bad_checksum_costs_no_query(scene: Scene, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    key = scene.job.key
    bad = Caller(key[:-1] + ("0" if key[-1] != "0" else "1"))
    with django_assert_num_queries(0):
        answers = bad.everywhere(scene.version, scene.token)
    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(answers, 401)


def test_c11_an_expired_key(scene: Scene, time_machine: Any) -> None:
    row = ApiKey.objects.get(pk=key_id(scene.job.key))
    time_machine.move_to(row.expires_at + timedelta(seconds=1), tick=False)
    all_refused(scene, scene.job)


def test_c11_a_key_that_was_revoked_a_moment_ago(scene: Scene) -> None:
    assert scene.job.mint(scene.token).status_code == 200
    revoke_api_key(actor=scene.buyer, key_id=key_id(scene.job.key))
    all_refused(scene, scene.job)


@pytest.mark.parametrize("name", ["key", "token", "access_token"])
def test_c11_a_key_in_an_address_is_refused_and_flagged(
    scene: Scene, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    repo, key = scene.dataset.repo_id, scene.job.key
    file = f"/datasets/{repo}/resolve/main/data/train-00000.parquet"
    addresses = [file, f"/api/datasets/{repo}/auth-check", f"/api/v1/datasets/{repo}/manifest"]
    addresses += ["/delta/shares", f"/mdc/api/datasets/{scene.dataset.pk}", f"/viewer/info?dataset={repo}"]
    with NothingGiven():
        answers = [asked.client().get(address, {name: key}) for address in addresses for asked in (Caller(), scene.job)]
        answers.append(
            scene.job.client().post(f"{RENEW}?{name}={key}", {"token": scene.token}, content_type="application/json")
        )
    assert {answer.status_code for answer in answers} == {400}
    assert not any(map(carries_bytes, answers))
    assert [answer.content for answer in answers if key.encode() in answer.content] == []
    assert caplog.text.count("api_key.in_address") == len(answers)
    assert key not in caplog.text
