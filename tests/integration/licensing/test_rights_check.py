"""The rights check of a steward, by page and by API."""

from typing import Any

from django.test import Client
from rest_framework.test import APIClient

from collective.accounts.models import User
from collective.catalog.models import Dataset
from tests.factories import UserFactory
from tests.integration.licensing import world


def checked(dataset: Dataset, user: User) -> Any:
    client = APIClient()
    client.force_login(user)
    return client.get(f"/api/v1/datasets/{dataset.repo_id}/rights-check")


def test_who_stands_in_the_way_and_what_leaving_them_out_would_open(
    dataset: Dataset, contributor: User, steward: User
) -> None:
    world.accepted(dataset, contributor, steward, title="Free")
    shared = world.accepted(dataset, contributor, steward, world.declaration(license_id=world.BY_SA), title="Shared")
    before = checked(dataset, steward).json()
    assert (before["version"], before["records"]) == (None, 20)

    version = world.publish(dataset, steward)
    found = checked(dataset, steward).json()
    assert (found["version"], found["records"]) == (
        version.number,
        sum(version.holdings.values_list("rows", flat=True)),
    )
    by_license = {each["license"]: each for each in found["licenses"]}
    assert by_license[world.BY_SA]["possible"]
    (obstacle,) = by_license[world.TRAIN]["obstacles"]
    assert (obstacle["contribution"], obstacle["reasons"][0]["code"]) == (str(shared.pk), "share_alike")
    (step,) = found["steps"]
    assert [each["title"] for each in step["leave_out"]] == ["Shared"]
    assert world.TRAIN in step["opens"]
    assert world.BY_SA not in step["opens"]
    assert step["records"] + step["records_left"] == found["records"]

    client = Client()
    client.force_login(steward)
    page = client.get(f"/desk/{dataset.repo_id}/rights/").content.decode()
    assert "Leave one contribution (50 % of the records) out" in page
    assert "CC-BY-SA-4.0 may be offered only under" in page
    desk, offer = (client.get(f"/desk/{dataset.repo_id}/{end}").content.decode() for end in ("", "offers/new/"))
    assert f'href="/desk/{dataset.repo_id}/rights/"' in desk
    assert f'href="/desk/{dataset.repo_id}/rights/"' in offer


def test_only_stewards_learn_who_objects(dataset: Dataset, version: Any) -> None:
    assert checked(dataset, UserFactory()).status_code == 403


def test_an_empty_dataset_says_what_to_do(dataset: Dataset, steward: User) -> None:
    client = Client()
    client.force_login(steward)
    assert "Nothing to check yet" in client.get(f"/desk/{dataset.repo_id}/rights/").content.decode()
    assert checked(dataset, steward).json()["steps"] == []
