"""C4 and C5: shards that are not there, and more bytes than a day allows."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from tests.factories import UserFactory
from tests.integration.licensing import world
from tests.integration.licensing.bypass.conftest import Scene
from tests.integration.licensing.bypass.routes import NothingGiven, carries_bytes

NAMES: list[Any] = [-1, 10**9, "text", "data/train--1.parquet", "../secret-key", "", "README.md/../x", "data"]


@pytest.mark.parametrize("name", NAMES)
def test_c4_no_such_shard(scene: Scene, name: Any) -> None:
    with NothingGiven():
        answers = [scene.job.mint(scene.token, name), scene.job.resolve(scene.version, path=str(name))]
        answers.append(scene.job.resolve(scene.version, "head", path=str(name)))
    assert {answer.status_code for answer in answers} <= {400, 404}
    assert not any(map(carries_bytes, answers))


def test_c4_a_shard_of_another_version(scene: Scene) -> None:
    world.accepted(scene.dataset, UserFactory(), scene.steward)
    later = world.publish(scene.dataset, scene.steward)
    other = later.files.filter(kind="data").order_by("path")[0]
    with NothingGiven():
        by_hash = scene.job.mint(scene.token, other.sha256)
    assert by_hash.status_code == 404
    assert scene.job.mint(scene.token, other.path).json()["sha256"] != other.sha256


def test_c5_more_than_the_budget(scene: Scene, settings: Settings, time_machine: Any) -> None:
    settings.DOWNLOAD_BUDGET_TIMES = 1
    start = timezone.now() + timedelta(hours=23, minutes=1)
    time_machine.move_to(start, tick=False)
    session = scene.job.manifest(scene.version).json()["session"]
    assert scene.job.mint(session["token"]).status_code == 200  # while the first address works
    time_machine.move_to(start + timedelta(hours=1), tick=False)
    with NothingGiven():
        refused = [scene.job.mint(session["token"]), scene.job.manifest(scene.version)]
    for answer in refused:
        assert (answer.status_code, answer.json()["code"]) == (429, "byte_budget")
        assert answer.headers["Retry-After"] == str(22 * 3600 + 1)
        assert not carries_bytes(answer)
    owner = Client()
    owner.force_login(scene.steward)
    address = f"/api/v1/download-sessions/{session['id']}/budget"
    assert owner.post(address, {"times": 2}, content_type="application/json").status_code == 200
    assert scene.job.mint(session["token"]).status_code == 200
