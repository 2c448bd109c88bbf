"""Who gets which bytes: the bypass cases of the reliability reference (C1 to C4, C8, C9, C12), and withdrawal."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from collective.accounts.models import Membership, User
from collective.catalog.errors import DatasetNotFoundError, VersionNotFoundError
from collective.catalog.models import Contribution, Dataset, DatasetVersion
from collective.core.errors import DomainError
from licensing import services
from licensing.errors import (
    FileNotFoundInVersionError,
    LicenseExpiredError,
    LicenseRequiredError,
    LicenseRevokedError,
    LicenseSuspendedError,
    QuarantinedError,
    ScopeMissingError,
    SignInToDownloadError,
    TermsRequiredError,
    VersionNotCoveredError,
    VersionWithdrawnError,
)
from licensing.models import AccessRecord, LicenseGrant, Offer
from tests.factories import DatasetFactory, OrganizationFactory, UserFactory
from tests.integration.licensing import world

SHARD = "data/train-00000.parquet"


def refused(
    error: type[DomainError], actor: Any, version: DatasetVersion, *, path: str = SHARD, key: Any = None
) -> Any:
    """Both ways to bytes answer alike, and neither leaves a record."""
    before = AccessRecord.objects.count()
    with pytest.raises(error) as caught:
        services.deliver_file(actor=actor, key=key, version=version, path=path)
    if path == SHARD:
        with pytest.raises(error):
            services.deliver_manifest(actor=actor, key=key, version=version)
    assert AccessRecord.objects.count() == before
    return caught.value


def test_a_licensee_gets_the_bytes_and_it_is_written_down(
    grant: LicenseGrant, version: DatasetVersion, buyer: User
) -> None:
    key = world.key_of(buyer)
    delivery = services.deliver_file(actor=buyer, key=key, version=version, path=SHARD)

    assert delivery.local_path is not None
    assert delivery.local_path.read_bytes() == f"{version.pk} shard 0".encode()
    record = AccessRecord.objects.get()
    assert (record.user, record.key_id, record.grant, record.role) == (buyer, key.pk, grant, "licensee")
    assert (record.version, record.path, record.sha256, record.size) == (version, SHARD, delivery.sha256, delivery.size)


def test_the_manifest_signs_every_shard_and_records_each(
    grant: LicenseGrant, version: DatasetVersion, buyer: User
) -> None:
    manifest = services.deliver_manifest(actor=buyer, key=None, version=version)

    assert [each.path for each in manifest.deliveries] == [SHARD, "data/train-00001.parquet"]
    assert all(each.url.startswith("http") and each.expires_at for each in manifest.deliveries)
    assert manifest.rows == {SHARD: 5, "data/train-00001.parquet": 5}
    assert AccessRecord.objects.filter(grant=grant).count() == 2


def test_colleagues_share_a_license_until_they_leave(offer: Offer, version: DatasetVersion, buyer: User) -> None:
    company, colleague = OrganizationFactory(owner=buyer), UserFactory()
    seat = Membership.objects.create(organization=company, user=colleague, role=Membership.MEMBER)
    world.granted(offer, version, buyer, licensee=company)
    services.deliver_file(actor=colleague, key=None, version=version, path=SHARD)

    seat.delete()
    refused(LicenseRequiredError, colleague, version)


def test_stewards_read_their_own_dataset(offer: Offer, version: DatasetVersion, steward: User) -> None:
    services.deliver_file(actor=steward, key=None, version=version, path=SHARD)
    record = AccessRecord.objects.get()
    assert (record.role, record.grant) == ("steward", None)


def test_c1_without_a_license(offer: Offer, version: DatasetVersion, buyer: User, contributor: User) -> None:
    error = refused(LicenseRequiredError, buyer, version)
    assert error.code == "license_required"
    assert version.dataset.repo_id in error.message
    refused(LicenseRequiredError, contributor, version)
    refused(LicenseRequiredError, UserFactory(is_staff=True), version)
    refused(SignInToDownloadError, AnonymousUser(), version)


def test_c2_expired(dataset: Dataset, version: DatasetVersion, steward: User, buyer: User, time_machine: Any) -> None:
    grant = world.granted(world.offered(dataset, steward, duration_days=30), refreshed(version), buyer)
    assert grant.ends_at is not None
    time_machine.move_to(grant.ends_at - timedelta(seconds=1))
    services.deliver_file(actor=buyer, key=None, version=refreshed(version), path=SHARD)

    time_machine.move_to(grant.ends_at)
    assert refused(LicenseExpiredError, buyer, refreshed(version)).code == "license_expired"
    services.expire_grants()
    refused(LicenseExpiredError, buyer, refreshed(version))


def test_c3_another_major_version_or_dataset(grant: LicenseGrant, dataset: Dataset, steward: User, buyer: User) -> None:
    second = world.publish(dataset, steward, bump="major")
    assert refused(VersionNotCoveredError, buyer, refreshed(second)).code == "version_not_covered"

    other = DatasetFactory(steward=steward)
    world.accepted(other, UserFactory(), steward)
    elsewhere = world.publish(other, steward)
    world.offered(other, steward)
    refused(LicenseRequiredError, buyer, refreshed(elsewhere))


def test_a_later_minor_version_is_covered_only_if_its_people_agreed(
    grant: LicenseGrant, dataset: Dataset, steward: User, buyer: User
) -> None:
    world.accepted(dataset, UserFactory(), steward)
    agreed = world.publish(dataset, steward)
    services.deliver_file(actor=buyer, key=None, version=refreshed(agreed), path=SHARD)

    world.accepted(dataset, UserFactory(), steward, world.declaration(refuse=("train",)))
    not_agreed = world.publish(dataset, steward)
    refused(VersionNotCoveredError, buyer, refreshed(not_agreed))


@pytest.mark.parametrize("path", ["data/train--1.parquet", "data/train-1000000000.parquet", "x", "", "../secret-key"])
def test_c4_no_such_file(grant: LicenseGrant, version: DatasetVersion, buyer: User, path: str) -> None:
    refused(FileNotFoundInVersionError, buyer, version, path=path)


def test_c8_quarantine_stops_everybody(
    grant: LicenseGrant, version: DatasetVersion, buyer: User, steward: User
) -> None:
    version.dataset.transition_to("quarantined")
    for person in (buyer, steward):
        refused(QuarantinedError, person, version)
    refused(QuarantinedError, buyer, version, path="README.md")


def test_c9_suspended_and_revoked(grant: LicenseGrant, version: DatasetVersion, buyer: User) -> None:
    services.suspend_grant(actor=None, grant_id=grant.pk, reason="a disputed payment")
    assert "a disputed payment" in refused(LicenseSuspendedError, buyer, version).message
    services.reinstate_grant(actor=None, grant_id=grant.pk, reason="dispute won")
    services.deliver_file(actor=buyer, key=None, version=version, path=SHARD)
    services.revoke_grant(actor=None, grant_id=grant.pk, reason="refund")
    refused(LicenseRevokedError, buyer, version)


def test_c12_a_free_dataset_needs_its_terms_accepted(
    version: DatasetVersion, dataset: Dataset, steward: User, buyer: User
) -> None:
    offer = world.offered(dataset, steward, "CC-BY-4.0", price_minor=0)
    assert refused(TermsRequiredError, buyer, refreshed(version)).code == "terms_required"
    world.granted(offer, refreshed(version), buyer)
    services.deliver_file(actor=buyer, key=None, version=refreshed(version), path=SHARD)


def test_a_key_without_the_scope(grant: LicenseGrant, version: DatasetVersion, buyer: User) -> None:
    refused(ScopeMissingError, buyer, version, key=world.key_of(buyer, "datasets:read"))


def test_public_files_need_no_license(offer: Offer, version: DatasetVersion) -> None:
    for path in ("README.md", "manifest.json"):
        assert services.deliver_file(actor=AnonymousUser(), key=None, version=version, path=path).size > 0
    assert not AccessRecord.objects.exists()


def test_after_a_withdrawal_nobody_gets_anything_of_that_version(
    grant: LicenseGrant,
    version: DatasetVersion,
    contribution: Contribution,
    contributor: User,
    buyer: User,
    steward: User,
) -> None:
    stale = DatasetVersion.objects.select_related("dataset__organization").get(pk=version.pk)
    services.withdraw_contribution(actor=contributor, contribution_id=contribution.pk)

    for person in (buyer, steward, contributor, AnonymousUser()):
        for path in (SHARD, "README.md", "manifest.json"):
            error = refused(VersionWithdrawnError, person, stale, path=path)
            assert error.code == "version_withdrawn"
            assert error.detail == {"version": "1.0.0", "replaced_by": None}


def test_drafts_and_private_datasets_do_not_exist_for_others(
    version: DatasetVersion, dataset: Dataset, buyer: User
) -> None:
    type(dataset).objects.filter(pk=dataset.pk).update(visibility="private")
    refused(DatasetNotFoundError, buyer, refreshed(version))


def test_a_licensee_keeps_a_dataset_that_turned_private(
    grant: LicenseGrant, version: DatasetVersion, dataset: Dataset, buyer: User
) -> None:
    type(dataset).objects.filter(pk=dataset.pk).update(visibility="private")
    services.deliver_file(actor=buyer, key=None, version=refreshed(version), path=SHARD)
    refused(DatasetNotFoundError, UserFactory(), refreshed(version))


def test_unfinished_versions_are_not_there(contribution: Contribution, dataset: Dataset, steward: User) -> None:
    from collective.catalog.services import open_version

    building = open_version(actor=steward, dataset_id=dataset.pk)
    refused(VersionNotFoundError, steward, refreshed(building))


def refreshed(version: DatasetVersion) -> DatasetVersion:
    return DatasetVersion.objects.select_related("dataset__organization").get(pk=version.pk)
