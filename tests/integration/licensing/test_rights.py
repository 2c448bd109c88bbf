"""Declaring rights before submitting, and taking a contribution back."""

from dataclasses import replace
from typing import Any

import pytest

from collective.accounts.models import User
from collective.catalog import services as catalog
from collective.catalog.errors import ContributionNotFoundError, RightsMissingError
from collective.catalog.models import Contribution, Dataset, DatasetVersion
from licensing import services
from licensing.domain.actions import ACTION_CODES
from licensing.errors import DeclarationIncompleteError, NoticeChangedError, RightsLockedError
from licensing.models import Attestation, ConsentEvent, ProvenanceSource
from licensing.selectors import consent_state
from tests.integration.licensing import world


def test_declaring_leaves_source_consent_and_signature(dataset: Dataset, contributor: User) -> None:
    contribution = world.drafted(dataset, contributor)
    said = world.declaration(license_id=world.BY_SA, refuse=("synthesize",), commercial=False, country="sn")

    services.declare_rights(actor=contributor, contribution_id=contribution.pk, declaration=said)

    contribution.refresh_from_db()
    assert contribution.material_license == world.BY_SA
    assert contribution.rights_declared_at is not None
    source = ProvenanceSource.objects.get(contribution=contribution)
    assert (source.kind, source.country, source.license_id) == ("primary", "SN", world.BY_SA)
    state = consent_state(contribution)
    assert state.given
    assert not state.commercial
    assert {code for code, answer in state.answers.items() if answer == "refused"} == {"synthesize"}
    assert set(state.answers) == set(ACTION_CODES)
    attestation = Attestation.objects.get(contribution=contribution)
    assert (attestation.signer, attestation.signer_name, attestation.source) == (contributor, "Ama Mensah", source)


def test_an_unanswered_use_is_refused(dataset: Dataset, contributor: User) -> None:
    contribution = world.drafted(dataset, contributor)
    said = world.declaration()
    said = replace(said, consent=replace(said.consent, answers={"access": True, "train": True}))

    services.declare_rights(actor=contributor, contribution_id=contribution.pk, declaration=said)

    given = {code for code, answer in consent_state(contribution).answers.items() if answer == "given"}
    assert given == {"access", "train"}


def test_declaring_again_replaces_and_keeps_what_was_said(dataset: Dataset, contributor: User) -> None:
    contribution = world.drafted(dataset, contributor)
    for refuse in (("train",), ()):
        said = world.declaration(refuse=refuse)
        services.declare_rights(actor=contributor, contribution_id=contribution.pk, declaration=said)

    assert consent_state(contribution).answers["train"] == "given"
    assert ConsentEvent.objects.filter(contribution=contribution).count() == 2


@pytest.mark.parametrize(
    ("source", "field"),
    [
        ({"kind": "found"}, "kind"),
        ({"description": "  "}, "description"),
        ({"license_id": "NOASSERTION"}, "license_id"),
        ({"license_id": "BSL-1.1"}, "license_id"),
        ({"rights_role": "intermediary"}, "license_id"),
        ({"country": "SEN"}, "country"),
    ],
)
def test_a_wrong_source_names_the_field(
    dataset: Dataset, contributor: User, source: dict[str, Any], field: str
) -> None:
    contribution = world.drafted(dataset, contributor)
    said = world.declaration()
    wrong = replace(said, source=replace(said.source, **source))

    with pytest.raises(DeclarationIncompleteError) as refused:
        services.declare_rights(actor=contributor, contribution_id=contribution.pk, declaration=wrong)

    assert list(refused.value.fields) == [field]
    assert not ConsentEvent.objects.exists()
    contribution.refresh_from_db()
    assert contribution.rights_declared_at is None


def test_an_old_notice_is_refused(dataset: Dataset, contributor: User) -> None:
    contribution = world.drafted(dataset, contributor)
    said = world.declaration()
    stale = replace(said, consent=replace(said.consent, notice_sha256="0" * 64))

    with pytest.raises(NoticeChangedError):
        services.declare_rights(actor=contributor, contribution_id=contribution.pk, declaration=stale)

    assert not ProvenanceSource.objects.exists()


def test_nobody_else_declares(dataset: Dataset, contributor: User, steward: User, buyer: User) -> None:
    contribution = world.drafted(dataset, contributor)
    for other in (steward, buyer):
        with pytest.raises(ContributionNotFoundError):
            services.declare_rights(actor=other, contribution_id=contribution.pk, declaration=world.declaration())
    assert not Attestation.objects.exists()


def test_rights_are_locked_once_handed_in(contribution: Contribution, contributor: User) -> None:
    with pytest.raises(RightsLockedError):
        services.declare_rights(actor=contributor, contribution_id=contribution.pk, declaration=world.declaration())
    assert ConsentEvent.objects.count() == 1


def test_withdrawing_ends_consent_and_every_version(
    contribution: Contribution, version: DatasetVersion, contributor: User
) -> None:
    for _ in range(2):
        services.withdraw_contribution(actor=contributor, contribution_id=contribution.pk)

    contribution.refresh_from_db()
    version.refresh_from_db()
    assert (contribution.state, version.state) == ("withdrawn", "withdrawn_content")
    assert consent_state(contribution).withdrawn
    assert list(ConsentEvent.objects.order_by("at", "id").values_list("kind", flat=True)) == ["given", "withdrawn"]


def test_only_the_contributor_withdraws(
    contribution: Contribution, version: DatasetVersion, steward: User, buyer: User
) -> None:
    for other in (steward, buyer):
        with pytest.raises(ContributionNotFoundError):
            services.withdraw_contribution(actor=other, contribution_id=contribution.pk)
    version.refresh_from_db()
    assert version.state == "published"
    assert ConsentEvent.objects.filter(kind="withdrawn").count() == 0


def test_submitting_needs_the_declaration(dataset: Dataset, contributor: User) -> None:
    contribution = world.drafted(dataset, contributor)
    with pytest.raises(RightsMissingError):
        catalog.submit_contribution(actor=contributor, contribution_id=contribution.pk)
