"""C8 and withdrawal where nobody is asked for a license: the preview, in each form in which clients get it."""

from collections.abc import Callable
from typing import Any

import pytest

from collective.accounts.models import User
from collective.catalog.models import Contribution, Dataset, DatasetVersion
from collective.catalog.services import open_version
from tests.integration.licensing import world
from tests.integration.licensing.bypass.conftest import Scene
from tests.integration.licensing.bypass.routes import NothingGiven, caller, fetch
from tests.integration.licensing.bypass.test_rights import quarantined, withdrawn

SHOWN = "Nanga def?"
RECORDS = ("first-rows", "rows")


@pytest.fixture
def version(contribution: Contribution, dataset: Dataset, steward: User) -> DatasetVersion:
    columns = [{"name": "text", "dtype": "string", "feature": {"_type": "Value", "dtype": "string"}}]
    opened = open_version(actor=steward, dataset_id=dataset.pk)
    return world.seal(opened, columns=columns, preview=[{"text": SHOWN}])


def doors(scene: Scene, user: User) -> dict[str, Any]:
    client = caller(user).client()
    part = {"dataset": scene.dataset.repo_id, "config": "default", "split": "train"}
    answers = {name: client.get(f"/viewer/{name}", part) for name in (*RECORDS, "size", "info", "parquet")}
    return {**answers, "sample": client.post(f"/mdc/api/datasets/{scene.dataset.pk}/sample-download")}


@pytest.mark.parametrize(("change", "status"), [(quarantined, 403), (withdrawn, 410)])
def test_c8_no_form_of_the_preview_is_left(
    scene: Scene, change: Callable[[Scene, Any], None], status: int, mode: str
) -> None:
    before = doors(scene, scene.buyer)
    assert {name: answer.status_code for name, answer in before.items()} == dict.fromkeys(before, 200)
    assert [name for name, answer in before.items() if SHOWN in answer.content.decode()] == list(RECORDS)
    sample = before["sample"].json()["downloadUrl"]
    assert fetch(sample)[0] == 200
    change(scene, None)
    for user in (scene.buyer, scene.steward):
        with NothingGiven():
            after = doors(scene, user)
        told = {name: answer.status_code for name, answer in after.items()}
        assert told == {**dict.fromkeys(after, 403), "sample": status}
        assert not [name for name, answer in after.items() if SHOWN in answer.content.decode()]
        assert "downloadUrl" not in after["sample"].json()
    assert fetch(sample)[0] == (410 if mode == "local" else 200)
