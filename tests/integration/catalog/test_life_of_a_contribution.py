"""A contribution from draft to withdrawal, through the catalog's services on a real database."""

import pytest

from collective.accounts.models import Membership
from collective.catalog import services
from collective.catalog.errors import (
    ContributionNotFoundError,
    ContributionsClosedError,
    DatasetNotFoundError,
    DecisionReasonMissingError,
    HandedInError,
    NothingUploadedError,
    NotInOrderError,
    NotStewardError,
    RightsMissingError,
)
from collective.catalog.models import Contribution, Dataset
from collective.catalog.policies import can_contribute
from collective.core.ids import new_id
from collective.core.models import AuditEvent, OutboxEvent
from collective.core.states import WrongStateError
from tests.factories import ContributionFactory, DatasetFactory, UserFactory

pytestmark = pytest.mark.django_db


def ready(contribution: Contribution) -> None:
    services.set_upload_totals(contribution_id=contribution.pk, file_count=1, byte_count=10)
    services.mark_rights_declared(contribution_id=contribution.pk, material_license="CC-BY-4.0")


def validated(contribution: Contribution, *, records: int = 3) -> Contribution:
    ready(contribution)
    services.submit_contribution(actor=contribution.contributor, contribution_id=contribution.pk)
    assert services.begin_validation(contribution_id=contribution.pk)
    return services.finish_validation(contribution_id=contribution.pk, passed=True, record_count=records, byte_count=10)


def test_the_way_to_acceptance_leaves_an_audit_trail() -> None:
    dataset = DatasetFactory()
    contributor = UserFactory()
    contribution = services.start_contribution(actor=contributor, dataset_id=dataset.pk, title="Mine")
    assert contribution.payee == contributor.personal_organization
    validated(contribution)
    services.decide_contribution(actor=dataset.created_by, contribution_id=contribution.pk, accept=True)
    contribution.refresh_from_db()
    assert (contribution.state, contribution.record_count) == ("accepted", 3)
    trail = AuditEvent.objects.filter(object_id=str(contribution.pk)).order_by("seq").values_list("action", flat=True)
    assert [action.removeprefix("catalog.contribution_") for action in trail] == [
        "started",
        "submitted",
        "validated",
        "accepted",
    ]


def test_submitting_needs_files_then_rights() -> None:
    contribution = ContributionFactory()
    with pytest.raises(NothingUploadedError):
        services.submit_contribution(actor=contribution.contributor, contribution_id=contribution.pk)
    services.set_upload_totals(contribution_id=contribution.pk, file_count=1, byte_count=10)
    with pytest.raises(RightsMissingError):
        services.submit_contribution(actor=contribution.contributor, contribution_id=contribution.pk)
    assert not OutboxEvent.objects.exists()
    assert Contribution.objects.get().state == "draft"


def test_submitting_twice_tells_once() -> None:
    contribution = ContributionFactory()
    ready(contribution)
    services.submit_contribution(actor=contribution.contributor, contribution_id=contribution.pk)
    with pytest.raises(WrongStateError):
        services.submit_contribution(actor=contribution.contributor, contribution_id=contribution.pk)
    assert OutboxEvent.objects.filter(topic="catalog.contribution_submitted").count() == 1


def test_validation_may_start_again_but_ends_once() -> None:
    contribution = ContributionFactory()
    validated(contribution)
    assert not services.begin_validation(contribution_id=contribution.pk)
    again = services.finish_validation(contribution_id=contribution.pk, passed=False, record_count=0, byte_count=0)
    assert (again.state, again.record_count) == ("validated", 3)


def test_totals_do_not_change_after_submission() -> None:
    contribution = ContributionFactory()
    validated(contribution)
    services.set_upload_totals(contribution_id=contribution.pk, file_count=9, byte_count=999)
    assert Contribution.objects.get().file_count == 1


def test_only_a_steward_decides_and_a_stranger_sees_nothing() -> None:
    contribution = validated(ContributionFactory())
    with pytest.raises(NotStewardError):
        services.decide_contribution(actor=contribution.contributor, contribution_id=contribution.pk, accept=True)
    with pytest.raises(ContributionNotFoundError):
        services.decide_contribution(actor=UserFactory(), contribution_id=contribution.pk, accept=True)
    assert Contribution.objects.get().state == "validated"


def test_a_plain_member_is_no_steward() -> None:
    contribution = validated(ContributionFactory())
    member = UserFactory()
    organization = contribution.dataset.organization
    Membership.objects.create(organization=organization, user=member, role=Membership.MEMBER)
    with pytest.raises(ContributionNotFoundError):
        services.decide_contribution(actor=member, contribution_id=contribution.pk, accept=True)


def test_a_closed_draft_is_unknown_to_strangers_and_a_closed_listed_dataset_refuses_them() -> None:
    dataset = DatasetFactory(open_to_contributions=False)
    with pytest.raises(DatasetNotFoundError):
        services.start_contribution(actor=UserFactory(), dataset_id=dataset.pk, title="x")
    Dataset.objects.update(state="listed")
    with pytest.raises(ContributionsClosedError):
        services.start_contribution(actor=UserFactory(), dataset_id=dataset.pk, title="x")
    assert not Contribution.objects.exists()


def test_an_unknown_dataset_is_not_found() -> None:
    with pytest.raises(DatasetNotFoundError):
        services.start_contribution(actor=UserFactory(), dataset_id=new_id(), title="x")


def test_withdrawing_twice_tells_once() -> None:
    contribution = ContributionFactory()
    for _ in range(2):
        services.take_back(actor=contribution.contributor, contribution_id=contribution.pk)
    assert OutboxEvent.objects.filter(topic="catalog.contribution_withdrawn").count() == 1


@pytest.mark.parametrize("state", ["quarantined", "withdrawn"])
def test_a_dataset_that_is_not_in_order_takes_nothing(state: str) -> None:
    dataset = DatasetFactory(state=state)
    steward = dataset.created_by
    assert not can_contribute(steward, dataset)
    with pytest.raises(NotInOrderError):
        services.start_contribution(actor=steward, dataset_id=dataset.pk, title="x")
    assert not Contribution.objects.exists()


def test_nothing_is_refused_without_a_reason() -> None:
    contribution = validated(ContributionFactory())
    steward = contribution.dataset.created_by
    with pytest.raises(DecisionReasonMissingError):
        services.decide_contribution(actor=steward, contribution_id=contribution.pk, accept=False, reason=" ")
    assert Contribution.objects.get().state == "validated"


def test_rights_do_not_change_once_it_is_handed_in() -> None:
    contribution = validated(ContributionFactory())
    with pytest.raises(HandedInError):
        services.mark_rights_declared(contribution_id=contribution.pk, material_license="CC0-1.0")
    assert Contribution.objects.get().material_license == "CC-BY-4.0"
