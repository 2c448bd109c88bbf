"""C8: an operator puts a dataset on hold, licensees hear of it once, and of its end once."""

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from collective.accounts.models import Membership, User
from collective.catalog.errors import ConflictOfInterestError, DatasetNotFoundError, HoldReasonMissingError
from collective.catalog.models import Dataset, DatasetVersion
from collective.catalog.services import clear_quarantine, create_dataset, quarantine_dataset
from collective.core.domain.states import WrongStateError
from collective.core.errors import DeniedError
from collective.core.ids import new_id
from collective.core.jobs.drain import drain
from collective.core.models import AuditEvent
from licensing.models import LicenseGrant
from tests.factories import OrganizationFactory, UserFactory
from tests.integration.licensing import world

WHY = "Somebody reported it."


@pytest.fixture
def operator(db: None) -> User:
    made: User = UserFactory(is_staff=True)
    return made


def actions(dataset: Dataset) -> list[tuple[str, str]]:
    held = AuditEvent.objects.filter(object_id=str(dataset.pk), action__contains="catalog.dataset_").order_by("seq")
    return [each for each in held.values_list("action", "reason") if each[1]]


def test_each_licensee_hears_of_the_hold_once_and_of_its_end_once(
    grant: LicenseGrant, version: DatasetVersion, dataset: Dataset, buyer: User, operator: User, steward: User
) -> None:
    company, colleague = OrganizationFactory(owner=buyer), UserFactory()
    Membership.objects.create(organization=company, user=colleague, role=Membership.ADMIN)
    world.granted(grant.offer, version, buyer, licensee=company)  # a second license of the same person
    drain()
    mail.outbox.clear()
    for _ in range(2):
        quarantine_dataset(actor=operator, dataset_id=dataset.pk, reason=WHY)
        drain()
    assert sorted(letter.to for letter in mail.outbox) == sorted([[buyer.email], [colleague.email]])
    assert {letter.subject for letter in mail.outbox} == {f"“{dataset.title}” is on hold"}
    assert WHY not in str([letter.body for letter in mail.outbox])
    assert f"/datasets/{dataset.repo_id}/" in str(mail.outbox[0].body)
    for _ in range(2):
        clear_quarantine(actor=operator, dataset_id=dataset.pk, reason="All is well.")
        drain()
    assert [letter.subject for letter in mail.outbox[2:]] == [f"“{dataset.title}” is delivered again"] * 2
    quarantine_dataset(actor=operator, dataset_id=dataset.pk, reason="Again.")
    drain()
    assert len(mail.outbox) == 6
    put, end = "catalog.dataset_quarantined", "catalog.dataset_cleared"
    assert actions(dataset) == [(put, WHY), (end, "All is well."), (put, "Again.")]


def test_operators_alone_put_on_hold_and_not_what_is_their_own_go_on(
    grant: LicenseGrant, dataset: Dataset, operator: User, steward: User
) -> None:
    with pytest.raises(DeniedError):
        quarantine_dataset(actor=steward, dataset_id=dataset.pk, reason=WHY)
    with pytest.raises(HoldReasonMissingError):
        quarantine_dataset(actor=operator, dataset_id=dataset.pk, reason=" ")
    with pytest.raises(DatasetNotFoundError):
        quarantine_dataset(actor=operator, dataset_id=new_id(), reason=WHY)
    assert Dataset.objects.get().state == "listed"
    quarantine_dataset(actor=operator, dataset_id=dataset.pk, reason=WHY)
    Membership.objects.create(organization=dataset.organization, user=operator, role=Membership.MEMBER)
    with pytest.raises(ConflictOfInterestError):
        clear_quarantine(actor=operator, dataset_id=dataset.pk, reason=WHY)
    with pytest.raises(DeniedError):
        clear_quarantine(actor=steward, dataset_id=dataset.pk, reason=WHY)
    assert Dataset.objects.get().state == "quarantined"


def test_a_draft_cannot_be_put_on_hold(steward: User, operator: User) -> None:
    organization = OrganizationFactory(owner=steward)
    made = {"organization_id": organization.pk, "slug": "draft", "title": "Draft", "modality": "text"}
    draft = create_dataset(actor=steward, **made)
    with pytest.raises(WrongStateError):
        quarantine_dataset(actor=operator, dataset_id=draft.pk, reason=WHY)


def test_the_command_of_the_server(grant: LicenseGrant, dataset: Dataset, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("quarantine", dataset.repo_id, reason=WHY)
    call_command("quarantine", dataset.repo_id, reason="Looked.", clear=True)
    name = dataset.repo_id
    assert capsys.readouterr().out.splitlines() == [f"{name} is quarantined.", f"{name} is listed."]
    with pytest.raises(CommandError, match="Write it like"):
        call_command("quarantine", "nobody", reason=WHY)
    with pytest.raises(CommandError, match="Say why"):
        call_command("quarantine", name, reason=" ")
