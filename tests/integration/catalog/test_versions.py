"""Opening, sealing and withdrawing versions; what the database itself refuses afterwards."""

import pytest
from django.db import DatabaseError, connection, transaction

from collective.catalog import services
from collective.catalog.errors import BuildRunningError, NothingToPublishError, WithdrawnMeanwhileError
from collective.catalog.models import Contribution, Dataset, DatasetVersion, Shard, SplitShare
from collective.catalog.selectors import latest_version, version_by_revision, versions_visible_to
from collective.catalog.services import Seal, SealedFile
from collective.core.models import OutboxEvent
from collective.core.states import WrongStateError
from tests.factories import ContributionFactory, DatasetFactory, UserFactory

pytestmark = pytest.mark.django_db
HASH = "a" * 64


def accepted(dataset: Dataset) -> Contribution:
    made: Contribution = ContributionFactory(dataset=dataset, state="accepted", record_count=10)
    return made


def seal_for(version: DatasetVersion, name: str = "a") -> Seal:
    digest = name * 64
    Shard.objects.get_or_create(sha256=digest, defaults={"size": 5, "rows": 10, "row_groups": 1})
    rows = dict(version.holdings.values_list("contribution_id", "rows"))
    files = [SealedFile("default/train-00000-of-00001.parquet", "data", digest, name * 40, 5, "default", "train")]
    return Seal(files, rows, name * 40, digest, digest, columns=[{"name": "text"}], statistics={})


def published(dataset: Dataset, name: str = "a") -> DatasetVersion:
    version = services.open_version(actor=dataset.created_by, dataset_id=dataset.pk)
    return services.seal_version(version_id=version.pk, seal=seal_for(version, name))


def test_numbers_follow_semver_and_main_is_the_newest() -> None:
    dataset = DatasetFactory()
    accepted(dataset)
    first, second = published(dataset), published(dataset, "b")
    assert (first.number, second.number) == ("1.0.0", "1.1.0")
    assert latest_version(dataset) == second
    assert version_by_revision(dataset, "main") == second
    assert version_by_revision(dataset, "v1.0.0") == first
    assert version_by_revision(dataset, "b" * 40) == second


def test_nothing_accepted_is_nothing_to_publish() -> None:
    dataset = DatasetFactory()
    ContributionFactory(dataset=dataset, state="validated")
    with pytest.raises(NothingToPublishError):
        services.open_version(actor=dataset.created_by, dataset_id=dataset.pk)
    assert not DatasetVersion.objects.exists()


def test_one_build_at_a_time() -> None:
    dataset = DatasetFactory()
    accepted(dataset)
    services.open_version(actor=dataset.created_by, dataset_id=dataset.pk)
    with pytest.raises(BuildRunningError):
        services.open_version(actor=dataset.created_by, dataset_id=dataset.pk)
    assert DatasetVersion.objects.count() == 1


def test_the_split_is_frozen_with_the_steward_in_it() -> None:
    dataset = DatasetFactory(steward_bps=1000)
    one, two = accepted(dataset), accepted(dataset)
    version = published(dataset)
    weights = dict(version.split.values_list("payee_id", "weight"))
    assert weights == {one.payee_id: 90_000, two.payee_id: 90_000, dataset.organization_id: 20_000}


def test_sealing_twice_seals_once() -> None:
    dataset = DatasetFactory()
    accepted(dataset)
    version = published(dataset)
    services.seal_version(version_id=version.pk, seal=seal_for(version))
    assert SplitShare.objects.filter(version=version).count() == 2
    assert OutboxEvent.objects.filter(topic="catalog.version_published").count() == 1


def test_withdrawal_makes_every_holding_version_unservable_at_once() -> None:
    dataset = DatasetFactory()
    leaving, staying = accepted(dataset), accepted(dataset)
    first, second = published(dataset), published(dataset, "b")
    services.take_back(actor=leaving.contributor, contribution_id=leaving.pk)
    first.refresh_from_db()
    second.refresh_from_db()
    assert {first.state, second.state} == {"withdrawn_content"}
    assert latest_version(dataset) is None
    patch = services.open_patch_version(withdrawn=second, notes="A contribution was withdrawn.")
    assert patch is not None
    assert patch.number == "1.1.1"
    assert list(patch.holdings.values_list("contribution_id", flat=True)) == [staying.pk]


def test_a_version_that_loses_everything_has_no_patch() -> None:
    dataset = DatasetFactory()
    only = accepted(dataset)
    version = published(dataset)
    services.take_back(actor=only.contributor, contribution_id=only.pk)
    assert services.open_patch_version(withdrawn=version, notes="") is None


def test_a_withdrawal_during_the_build_keeps_the_version_from_being_sealed() -> None:
    dataset = DatasetFactory()
    leaving = accepted(dataset)
    version = services.open_version(actor=dataset.created_by, dataset_id=dataset.pk)
    services.take_back(actor=leaving.contributor, contribution_id=leaving.pk)
    with pytest.raises(WrongStateError), transaction.atomic():
        services.seal_version(version_id=version.pk, seal=seal_for(version))
    version.refresh_from_db()
    assert (version.state, version.published_at) == ("withdrawn_content", None)
    assert not version.files.exists()
    assert not version.split.exists()


def test_a_failed_build_is_shown_to_the_organization_only() -> None:
    dataset = DatasetFactory(state="listed")
    accepted(dataset)
    version = services.open_version(actor=dataset.created_by, dataset_id=dataset.pk)
    services.fail_version(version_id=version.pk, reason="The disk is full.")
    assert list(versions_visible_to(dataset.created_by)) == [version]
    assert not versions_visible_to(UserFactory()).exists()


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE catalog_datasetversion SET manifest_sha256 = 'x'",
        "UPDATE catalog_datasetversion SET row_count = row_count + 1",
        "UPDATE catalog_datasetversion SET published_at = NULL",
        "DELETE FROM catalog_datasetversion",
        "UPDATE catalog_versionfile SET sha256 = 'x'",
        "DELETE FROM catalog_versionfile",
        "UPDATE catalog_splitshare SET weight = weight + 1",
        "DELETE FROM catalog_splitshare",
        "UPDATE catalog_versioncontribution SET rows = 0",
        "UPDATE catalog_shard SET size = 0",
    ],
)
def test_the_database_refuses_to_change_what_is_published(attack: str) -> None:
    dataset = DatasetFactory()
    accepted(dataset)
    version = published(dataset)
    before = DatasetVersion.objects.filter(pk=version.pk).values().get()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)
    assert DatasetVersion.objects.filter(pk=version.pk).values().get() == before


def test_the_state_of_a_published_version_may_still_change() -> None:
    dataset = DatasetFactory()
    accepted(dataset)
    version = published(dataset)
    assert version.transition_to("retracted").state == "retracted"


def test_a_failed_build_is_not_taken_up_with_what_was_withdrawn_since() -> None:
    dataset = DatasetFactory()
    left, _kept = accepted(dataset), accepted(dataset)
    steward = dataset.created_by
    version = services.open_version(actor=steward, dataset_id=dataset.pk)
    services.fail_version(version_id=version.pk, reason="The disk was full.")
    services.take_back(actor=left.contributor, contribution_id=left.pk)
    with pytest.raises(WithdrawnMeanwhileError):
        services.reopen_version(actor=steward, version_id=version.pk)
    assert DatasetVersion.objects.get().state == "failed"
    fresh = services.open_version(actor=steward, dataset_id=dataset.pk)
    assert left.pk not in fresh.holdings.values_list("contribution_id", flat=True)
