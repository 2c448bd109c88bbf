"""Data made from data: who may make it, and what it may carry (governance scenario G13)."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from collective.accounts.models import User
from collective.catalog.models import Contribution, Dataset, DatasetVersion, Derivation
from licensing import services
from licensing.domain.actions import ACTION_CODES
from licensing.domain.library import OWN_WORK
from licensing.errors import (
    DeclarationIncompleteError,
    DerivationNotAllowedError,
    DerivationRefusedError,
    DerivationSourceError,
)
from licensing.models import LicenseGrant, ProvenanceSource
from licensing.selectors import current_notice, current_statement
from tests.factories import DatasetFactory
from tests.integration.licensing import world


@pytest.fixture
def name(dataset: Dataset, version: DatasetVersion) -> str:
    return f"{dataset.repo_id} {version.number}"


@pytest.fixture
def made(buyer: User) -> Contribution:
    """The buyer's own contribution, to a dataset of their own."""
    own = DatasetFactory.create(steward=buyer, organization=buyer.personal_organization)
    return world.drafted(own, buyer)


def declare(made: Contribution, actor: User, *sources: str, license_id: str = world.BY_SA, **options: Any) -> None:
    said = replace(world.declaration(license_id=license_id, **options), derived_from=sources)
    services.declare_rights(actor=actor, contribution_id=made.pk, declaration=said)


def free(dataset: Dataset, steward: User, license_id: str) -> None:
    world.offered(dataset, steward, license_id, price_minor=0)
    dataset.refresh_from_db()


def test_data_under_an_open_license_may_be_used_by_all(
    dataset: Dataset, version: DatasetVersion, steward: User, buyer: User, made: Contribution, name: str
) -> None:
    free(dataset, steward, world.BY_SA)
    declare(made, buyer, name)
    declare(made, buyer, name)
    (derivation,) = Derivation.objects.filter(contribution=made)
    assert (derivation.source, derivation.declared_by) == (version, buyer)


def test_share_alike_is_refused_and_what_is_possible_is_listed(
    dataset: Dataset, steward: User, buyer: User, made: Contribution, name: str
) -> None:
    free(dataset, steward, world.BY_SA)
    with pytest.raises(DerivationRefusedError) as refusal:
        declare(made, buyer, name, license_id="CC-BY-4.0")
    assert refusal.value.detail["possible"] == [world.BY_SA, "GPL-3.0-only"]
    assert [(each["source"], each["code"]) for each in refusal.value.detail["reasons"]] == [(name, "share_alike")]
    assert "CC-BY-SA-4.0 may be offered only under" in refusal.value.message
    assert not Derivation.objects.exists()
    assert not ProvenanceSource.objects.filter(contribution=made).exists()


def test_an_earlier_source_counts_although_it_is_not_repeated(
    dataset: Dataset, steward: User, buyer: User, made: Contribution, name: str
) -> None:
    free(dataset, steward, world.BY_SA)
    declare(made, buyer, name)
    with pytest.raises(DerivationRefusedError):
        declare(made, buyer, license_id="CC0-1.0")


def test_without_a_license_nothing_is_derived(
    dataset: Dataset, offer: Any, buyer: User, made: Contribution, name: str
) -> None:
    with pytest.raises(DerivationNotAllowedError):
        declare(made, buyer, name)
    assert not Derivation.objects.exists()


def test_a_license_to_derive_is_none_to_pass_on(
    grant: LicenseGrant, buyer: User, made: Contribution, name: str
) -> None:
    with pytest.raises(DerivationRefusedError) as refusal:
        declare(made, buyer, name)
    assert refusal.value.detail["possible"] == []
    assert [each["code"] for each in refusal.value.detail["reasons"]] == ["no_redistribution"]


def test_a_suspended_license_allows_nothing(
    grant: LicenseGrant, steward: User, buyer: User, made: Contribution, name: str
) -> None:
    services.suspend_grant(actor=steward, grant_id=grant.pk, reason="An open question.")
    with pytest.raises(DerivationNotAllowedError):
        declare(made, buyer, name)


def test_what_others_gave_does_not_become_ones_own_work(
    dataset: Dataset, steward: User, buyer: User, made: Contribution, name: str
) -> None:
    free(dataset, steward, world.BY_SA)
    with pytest.raises(DeclarationIncompleteError) as refusal:
        declare(made, buyer, name, license_id=OWN_WORK)
    assert set(refusal.value.fields) == {"license_id"}


def test_stewards_cannot_agree_to_more_than_the_contributors_did(
    dataset: Dataset, contributor: User, steward: User
) -> None:
    said = world.declaration(refuse=("embedRag",), commercial=False)
    world.accepted(dataset, contributor, steward, said)
    version = world.publish(dataset, steward)
    name, made = f"{dataset.repo_id} {version.number}", world.drafted(dataset, steward, "Cleaned")
    for options, field in (({}, "answers"), ({"refuse": ("embedRag",)}, "commercial")):
        with pytest.raises(DeclarationIncompleteError) as refusal:
            declare(made, steward, name, license_id=OWN_WORK, **options)
        assert set(refusal.value.fields) == {field}
    declare(made, steward, name, license_id=OWN_WORK, refuse=("embedRag",), commercial=False)
    assert Derivation.objects.get().source == version


def test_stewards_need_leave_to_derive(dataset: Dataset, contributor: User, steward: User) -> None:
    world.accepted(dataset, contributor, steward, world.declaration(refuse=("derive",)))
    version = world.publish(dataset, steward)
    made = world.drafted(dataset, steward, "Cleaned")
    with pytest.raises(DerivationNotAllowedError):
        declare(made, steward, f"{dataset.repo_id} {version.number}", license_id=OWN_WORK)


@pytest.mark.parametrize("source", ["Wolof greetings", "a/b", "a/b main", "a/b 9.9.9", "a/b 1.0.0; DROP"])
def test_a_source_is_a_version_by_number(source: str, buyer: User, made: Contribution) -> None:
    with pytest.raises(DerivationSourceError) as refusal:
        declare(made, buyer, source)
    assert set(refusal.value.fields) == {"derived_from"}


def test_a_withdrawn_source_is_refused(
    dataset: Dataset, contribution: Contribution, contributor: User, steward: User, version: DatasetVersion, name: str
) -> None:
    made = world.drafted(dataset, steward, "Cleaned")
    services.withdraw_contribution(actor=contributor, contribution_id=contribution.pk)
    with pytest.raises(DerivationNotAllowedError):
        declare(made, steward, name, license_id=OWN_WORK)


def test_by_api_and_by_page(dataset: Dataset, steward: User, buyer: User, made: Contribution, name: str) -> None:
    free(dataset, steward, world.BY_SA)
    client = APIClient()
    client.force_login(buyer)
    address = f"/api/v1/contributions/{made.pk}/rights"
    body = {
        "source": {
            "kind": "data-mining",
            "description": "Cleaned.",
            "rights_role": "intermediary",
            "license": "CC0-1.0",
        },
        "consent": {"notice_sha256": current_notice().text_sha256, "answers": dict.fromkeys(ACTION_CODES, True)},
        "attestation": {"statement_sha256": current_statement().text_sha256, "signer_name": "Ama"},
        "derived_from": [name],
    }
    refused = client.put(address, body)
    assert (refused.status_code, refused.json()["code"]) == (409, "derivation_refused")
    assert refused.json()["context"]["possible"] == [world.BY_SA, "GPL-3.0-only"]

    browser = Client()
    browser.force_login(buyer)
    form = {
        "kind": "data-mining",
        "description": "Cleaned.",
        "rights_role": "intermediary",
        "license": "CC0-1.0",
        "people": "nobody",
        "answers": list(ACTION_CODES),
        "signer_name": "Ama",
        "agreed": "on",
        "notice_sha256": current_notice().text_sha256,
        "statement_sha256": current_statement().text_sha256,
        "derived_from": f"{name}\n",
    }
    page = f"/contributions/{made.pk}/rights/"
    assert "Possible licenses: CC-BY-SA-4.0, GPL-3.0-only." in browser.post(page, form).content.decode()
    assert browser.post(page, {**form, "license": world.BY_SA}).status_code == 302
    assert client.get(address).json()["declared"]["derived_from"] == [name]
    assert name in browser.get(page).content.decode()
