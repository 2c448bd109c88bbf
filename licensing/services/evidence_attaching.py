"""Proof for an answer that was taken in without it: one file for one person."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from collective.accounts.models import User
from collective.catalog.models import Contribution
from collective.catalog.selectors import contribution_for
from collective.core import audit
from collective.core.errors import InvalidError
from licensing.errors import AnswersAloneError, NothingAgreedError, PersonNotFoundError
from licensing.models import ConsentEvent, Evidence, Person
from licensing.models.evidence import EVIDENCE_KINDS
from licensing.policies import check_can_see_people
from licensing.selectors.consent import Party, last_answer, parties_of
from licensing.services import evidence as store


def attach_evidence(
    *, actor: User, contribution_id: UUID, person_id: UUID, name: str, content: bytes, kind: str
) -> Evidence:
    """The person's present answers, said again with this proof. The same file again changes nothing.

    Raises PersonNotFoundError, AnswersAloneError, NothingAgreedError where no answer holds, EvidenceTypeError,
    EvidenceTooLargeError.
    """
    contribution = contribution_for(actor, contribution_id)
    check_can_see_people(actor, contribution)
    if kind not in dict(EVIDENCE_KINDS):
        raise InvalidError(fields={"kind": ["Choose what kind of proof it is."]})
    _answering(contribution, person_id)
    files = store.files_from([(name, content)])
    store.check_types(files)
    if len(files) != 1:
        raise InvalidError(fields={"file": ["Send one file for one person."]})
    kept = store.keep(contribution.pk, files)
    return _attach(actor, contribution, person_id, kind, kept)


@transaction.atomic
def _attach(actor: User, contribution: Contribution, person_id: UUID, kind: str, kept: dict[str, str]) -> Evidence:
    Contribution.objects.select_for_update(no_key=True).get(pk=contribution.pk)
    parties = _answering(contribution, person_id)
    (sha256,) = kept
    facts = {"storage_key": kept[sha256], "added_by": actor, "added_at": timezone.now()}
    proof, _made = Evidence.objects.get_or_create(
        contribution=contribution, kind=kind, sha256=sha256, deleted_at=None, defaults=facts
    )
    before = [last_answer(contribution, party) for party in parties]
    for event, party in zip(before, parties, strict=True):
        if event.evidence_id != proof.pk:
            _say_again(actor, event, party, proof)
    audit.record(actor=actor, action="licensing.evidence_attached", obj=proof, kind=kind, sha256=sha256)
    return proof


def _answering(contribution: Contribution, person_id: UUID) -> list[Party]:
    """Where this person's answer holds."""
    person = Person.objects.filter(pk=person_id, subjects__contribution=contribution).first()
    if person is None:
        raise PersonNotFoundError
    if person.account_id is not None:
        raise AnswersAloneError
    parties = [each for each in parties_of([contribution.pk])[contribution.pk] if each.person_id == person_id]
    holding = [each for each in parties if each.state.given and not each.state.asked]
    if contribution.state == "withdrawn" or not holding:
        raise NothingAgreedError
    return holding


def _say_again(actor: User, event: ConsentEvent, party: Party, proof: Evidence) -> ConsentEvent:
    """Events never change: the answer stands a second time, as of the day on which it was given, with its proof."""
    return ConsentEvent.objects.create(
        contribution_id=event.contribution_id,
        kind="given",
        person_id=event.person_id,
        subject=party.subject,
        actor=actor,
        guardian=event.guardian,
        evidence=proof,
        notice=event.notice,
        answers=event.answers,
        limits=event.limits,
        people=event.people,
        basis=event.basis,
        assessment=event.assessment,
        special_category=event.special_category,
        given_on=event.given_on or timezone.localtime(event.at).date(),
        at=timezone.now(),
    )
