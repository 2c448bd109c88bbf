"""A person's own answers after handing in: changing them, and taking everything back."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from collective.accounts.models import User
from collective.catalog import services as catalog
from collective.catalog.domain.records import RecordPlace, find_records
from collective.catalog.models import Contribution
from collective.core import audit
from licensing.domain.consent import ConsentState
from licensing.errors import (
    ConsentWithdrawnError,
    GuardianNeededError,
    NothingAgreedError,
    NoticeChangedError,
)
from licensing.models import ConsentEvent, ConsentNotice, Person, RecordSubject, SubjectRecord
from licensing.selectors import records_left
from licensing.selectors.answerers import Answerer
from licensing.selectors.consent import Party, shown_notice
from licensing.services.answers import Answers, check_answers
from licensing.services.guardians import answerer_for, as_guardian
from licensing.services.people import own_person


@transaction.atomic
def change_consent(
    *, actor: User, contribution_id: UUID, answers: Answers, ward: UUID | None = None
) -> list[ConsentEvent]:
    """A new answer for everything that this person is in, one event per pseudonym; what was said before is kept.

    It counts from the commit on: what needs a use that is taken away cannot be sold any more. With `ward` a guardian
    answers for that person. Raises ConsentWithdrawnError, NothingAgreedError before the first declaration,
    NoticeChangedError for an older text, AnswersWrongError, and GuardianNeededError for a minor.
    """
    answerer = answerer_for(actor, ward)
    contribution = locked(answerer.contribution(contribution_id))
    notice = shown_notice(answers.notice_sha256, dataset_id=contribution.dataset_id)
    if notice is None:
        raise NoticeChangedError
    check_answers(answers, notice, minor=ward is not None)
    parties = _changeable(contribution, answerer)
    events = [_answer(answerer, contribution, party, answers, notice) for party in parties]
    audit.record(
        actor=actor,
        action="licensing.consent_changed",
        obj=contribution,
        given=sorted(code for code, yes in answers.uses.items() if yes),
        commercial=answers.commercial,
    )
    return events


def withdraw_contribution(
    *, actor: User, contribution_id: UUID, reason: str = "", ward: UUID | None = None
) -> Contribution:
    """Take back everything that this person is in here. At commit nothing that holds it is served.

    No reason is needed, twice changes nothing, and what was earned stays earned. Of a contribution that others gave it
    takes the records that the person is in, whole: the others keep their other records.
    """
    answerer = answerer_for(actor, ward)
    contribution = answerer.contribution(contribution_id)
    # Where records lie is in the store, which no transaction waits for. What a subject lists never changes.
    places = places_of(contribution, _partial(answerer.parties(contribution)))
    return _withdraw(answerer, contribution, places, reason)


@transaction.atomic
def _withdraw(answerer: Answerer, contribution: Contribution, places: list[RecordPlace], reason: str) -> Contribution:
    actor, contribution = answerer.user, locked(contribution)
    parties = [each for each in answerer.parties(contribution) if not each.state.withdrawn]
    if answerer.gave(contribution) and not parties:
        parties = [Party(own_person(actor).pk, None, ConsentState())]
    if contribution.state == "withdrawn" or not parties:
        return contribution
    for party in parties:
        _withdrawn(answerer, contribution, party, reason)
    if answerer.gave(contribution) or len(_partial(parties)) < len(parties):
        return catalog.take_back(actor=actor, contribution_id=contribution.pk)
    return take_back_places(actor, contribution, places)


def withdraw_everything(*, actor: User, reason: str = "", ward: UUID | None = None) -> int:
    """From every contribution that this person gave or is in; returns how many. Each is a transaction of its own."""
    left = answerer_for(actor, ward).contributions().exclude(state="withdrawn").values_list("pk", flat=True)
    done = [withdraw_contribution(actor=actor, contribution_id=key, reason=reason, ward=ward) for key in sorted(left)]
    return len(done)


def places_of(contribution: Contribution, subjects: list[RecordSubject]) -> list[RecordPlace]:
    """Of all records of these subjects. Reads from the store: call it outside a transaction."""
    listed = set(SubjectRecord.objects.filter(subject__in=subjects).values_list("record_id", flat=True))
    return find_records(contribution.pk, listed) if listed else []


def take_back_places(
    actor: User | None, contribution: Contribution, places: list[RecordPlace], why: str = ""
) -> Contribution:
    """The last records are the whole of it; `why` is for `take_back` then.

    Precondition: the row is locked, and the events are written.
    """
    places = not_gone(contribution, places)
    if len(places) >= records_left(contribution):
        return catalog.take_back(actor=actor, contribution_id=contribution.pk, why=why)
    if places:
        catalog.withdraw_records(actor=actor, contribution_id=contribution.pk, places=places)
    contribution.refresh_from_db()
    return contribution


def not_gone(contribution: Contribution, places: Collection[RecordPlace]) -> list[RecordPlace]:
    gone = set(contribution.withdrawn_records.values_list("record_id", flat=True))
    return [place for place in places if place.record_id not in gone]


def _partial(parties: list[Party]) -> list[RecordSubject]:
    return [each.subject for each in parties if each.subject is not None and not each.subject.is_whole]


def locked(contribution: Contribution) -> Contribution:
    rows = Contribution.objects.select_related("dataset__organization").select_for_update(of=("self",), no_key=True)
    return rows.get(pk=contribution.pk)


def _changeable(contribution: Contribution, answerer: Answerer) -> list[Party]:
    parties = answerer.parties(contribution)
    if contribution.state == "withdrawn":
        raise ConsentWithdrawnError
    if not parties:
        raise NothingAgreedError
    open_ = [each for each in parties if not each.state.withdrawn]
    if not open_:
        raise ConsentWithdrawnError
    people = Person.objects.filter(pk__in={party.person_id for party in open_})
    if answerer.ward is None and any(each.is_minor for each in people):
        raise GuardianNeededError
    return open_


def _answer(
    answerer: Answerer, contribution: Contribution, party: Party, answers: Answers, notice: ConsentNotice
) -> ConsentEvent:
    return ConsentEvent.objects.create(
        contribution=contribution,
        kind="renewed" if party.state.asked else "given",
        person_id=party.person_id,
        subject=party.subject,
        actor=answerer.user,
        notice=notice,
        answers={code: "given" if answers.uses.get(code) else "refused" for code in notice.asked},
        limits={
            "commercial": answers.commercial,
            "exclusive": answers.exclusive,
            "territory": sorted(answers.territory),
        },
        people=_people_said(contribution, party),
        at=timezone.now(),
        **as_guardian(answerer, contribution),
    )


def _people_said(contribution: Contribution, party: Party) -> str:
    """Who is in it is said once, when it is declared, and stays."""
    said = contribution.consent_events.filter(person=party.person_id, subject=None).exclude(people="")
    last = said.order_by("-at", "-id").first()
    return last.people if last else ""


def _withdrawn(answerer: Answerer, contribution: Contribution, party: Party, reason: str) -> ConsentEvent:
    return ConsentEvent.objects.create(
        contribution=contribution,
        kind="withdrawn",
        person_id=party.person_id,
        subject=party.subject,
        actor=answerer.user,
        reason=reason,
        at=timezone.now(),
        **as_guardian(answerer, contribution),
    )
