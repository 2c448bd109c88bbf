"""What a manifest says of two versions, to a job that has the first."""

from typing import Any

import pytest

from collective.accounts.models import User
from collective.catalog.models import Contribution, Dataset, DatasetVersion
from licensing import services
from licensing.models import AccessRecord, LicenseGrant
from tests.factories import UserFactory
from tests.integration.licensing import world
from tests.integration.licensing.job import Job, said


@pytest.fixture
def job(grant: LicenseGrant, buyer: User) -> Job:
    return Job(buyer)


def test_the_difference_between_two_versions(
    job: Job, version: DatasetVersion, dataset: Dataset, steward: User, contribution: Contribution, contributor: User
) -> None:
    world.accepted(dataset, UserFactory(), steward)
    later = world.publish(dataset, steward)
    before = AccessRecord.objects.count()
    for name in ("1.0.0", "v1.0.0", version.commit_id):
        body = job.manifest(version, since=name).json()
        assert body["changes"]["since_commit_id"] == version.commit_id
    added = [each["path"] for each in body["files"]]
    old = [{"path": f.path, "sha256": f.sha256, "size": f.size} for f in _data(version)]
    assert (body["version"], body["changes"]["added"], body["changes"]["unchanged"]) == (later.number, added, [])
    assert (body["changes"]["removed"], body["changes"]["withdrawals"]) == (old, [])
    assert AccessRecord.objects.count() == before + 3 * len(added)

    same = job.manifest(version, since=later.number).json()
    assert (same["changes"]["added"], same["changes"]["removed"]) == ([], [])
    assert same["changes"]["unchanged"] == added
    assert {each["url"] for each in same["files"]} == {None}
    assert AccessRecord.objects.count() == before + 3 * len(added)
    assert job.renew(same["session"]["token"], added[0]).status_code == 200
    assert said(job.manifest(version, since="v9.9.9"))[0] == 404


def test_the_difference_names_what_was_withdrawn(
    job: Job, version: DatasetVersion, dataset: Dataset, steward: User, contribution: Contribution, contributor: User
) -> None:
    world.accepted(dataset, UserFactory(), steward)
    services.withdraw_contribution(actor=contributor, contribution_id=contribution.pk)
    world.publish(dataset, steward, bump="patch")
    changes = job.manifest(version, since="1.0.0").json()["changes"]
    (told,) = changes["withdrawals"]
    assert told["is_whole"]
    assert told["records"].endswith(f"/api/v1/withdrawals/{told['number']}/records")
    assert changes["tombstones"].endswith(f"/api/v1/datasets/{dataset.repo_id}/tombstones")
    assert [each["path"] for each in changes["removed"]] == [file.path for file in _data(version)]


def _data(version: DatasetVersion) -> list[Any]:
    return list(version.files.filter(kind="data").order_by("path"))
