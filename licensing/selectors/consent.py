"""Reads of consent: what each person in a contribution said, and what that allows together."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Max, Q, QuerySet

from collective.accounts.selectors import Person as Reader
from collective.catalog.errors import ContributionNotFoundError
from collective.catalog.models import Contribution
from collective.core.ids import made_at
from licensing.domain.blockers import ContributionRights
from licensing.domain.consent import ConsentState, fold, together
from licensing.domain.notices import best_language
from licensing.errors import ReceiptNotFoundError
from licensing.models import Attestation, ConsentEvent, ConsentNotice, Person, RecordSubject, SubjectRecord


@dataclass(frozen=True)
class Party:
    """A person in a contribution: in all of it (`subject` None or whole), or in the records of `subject`.

    `outgrown`: a guardian's word stands, and the person is of age by now, whether they were asked yet or not.
    """

    person_id: UUID
    subject: RecordSubject | None
    state: ConsentState
    outgrown: bool = False

    @property
    def is_gone(self) -> bool:
        """Withdrawn with the few records that it was about; what is left of the contribution does not hold them."""
        return self.state.withdrawn and self.subject is not None and not self.subject.is_whole


# Notices


def notices_of_dataset(dataset_id: UUID | None) -> "QuerySet[ConsentNotice]":
    """Its stewards' own, the newest version first; for None those of the instance."""
    return ConsentNotice.objects.filter(dataset=dataset_id).order_by("-version", "language")


def current_notice(*languages: str, dataset_id: UUID | None = None) -> ConsentNotice:
    """The latest version for this dataset, or the instance's where its stewards wrote none, in the nearest language."""
    variants = {row.language: row for row in _latest(dataset_id)}
    return variants[best_language(languages, list(variants))]


def shown_notice(text_sha256: str, *, dataset_id: UUID | None = None) -> ConsentNotice | None:
    """The text with this hash, if it is a language of the latest version: older ones are not agreed to any more."""
    return _latest(dataset_id).filter(text_sha256=text_sha256).first()


def _latest(dataset_id: UUID | None) -> "QuerySet[ConsentNotice]":
    latest = notices_of_dataset(dataset_id).aggregate(latest=Max("version"))["latest"]
    if latest is None and dataset_id is not None:
        return _latest(None)
    return notices_of_dataset(dataset_id).filter(version=latest)


# States


def parties_of(contributions: Iterable[UUID], *, at: datetime | None = None) -> dict[UUID, list[Party]]:
    """Everybody who must consent, per contribution, with two queries. Lists of single records are not read.

    Somebody who answered and is no subject is in all of it: the contributor. `at`: as it was known then.
    """
    ids = list(contributions)
    events: dict[tuple[UUID, UUID], list[ConsentEvent]] = defaultdict(list)
    past = Q() if at is None else Q(at__lte=at)
    said = ConsentEvent.objects.filter(past, contribution__in=ids).select_related("evidence", "person")
    for event in said.order_by("at", "id"):
        events[event.contribution_id, event.person_id].append(event)
    found: dict[UUID, list[Party]] = {key: [] for key in ids}
    placed, grown = set(), _grown(events.values())
    for subject in RecordSubject.objects.filter(contribution__in=ids).order_by("id"):
        if at is not None and made_at(subject.pk) > at:
            break
        key = (subject.contribution_id, subject.person_id)
        placed.add(key)
        own = [event for event in events.get(key, ()) if event.subject_id in (None, subject.pk)]
        found[subject.contribution_id].append(_party(subject.person_id, subject, own, grown))
    for key, own in events.items():
        if key not in placed:
            found[key[0]].append(_party(key[1], None, own, grown))
    return found


def _grown(said: Iterable[list[ConsentEvent]]) -> set[UUID]:
    """Who is of age, of those for whom a guardian answered. Days of birth are sealed: no others are opened."""
    guarded = {each.person_id: each.person for events in said for each in events if each.is_guarded}
    return {key for key, person in guarded.items() if person.is_of_age}


def _party(person_id: UUID, subject: RecordSubject | None, own: list[ConsentEvent], grown: set[UUID]) -> Party:
    state = fold(own)
    return Party(person_id, subject, state, outgrown=state.given and state.guarded and person_id in grown)


def last_answer(contribution: Contribution, party: Party) -> ConsentEvent:
    """What holds for this party now. Precondition: its state is given."""
    said = contribution.consent_events.filter(person=party.person_id, kind__in=["given", "renewed"])
    about = said.filter(subject__in=[party.subject] if party.subject else [])
    return (about.order_by("-at", "-id").first()) or said.order_by("-at", "-id")[0]


def consent_state(contribution: Contribution) -> ConsentState:
    """What the contributor said."""
    said = contribution.consent_events.filter(person__account=contribution.contributor_id, person__provider=None)
    return fold(said.select_related("evidence", "person").order_by("at", "id"))


def consent_of(parties: Iterable[Party]) -> ConsentState:
    """Together. Where the people in it are named one by one, the contributor's word on them is not the proof."""
    staying = [each for each in parties if not each.is_gone]
    named = any(each.subject for each in staying)
    return together([_counted(each, named) for each in staying])


def _counted(party: Party, named: bool) -> ConsentState:  # noqa: FBT001 - read together with its one caller
    """Who is of age by now counts as asked from that day on, not from the day on which a job asks."""
    state = replace(party.state, asked=party.state.asked or party.outgrown)
    return replace(state, assurance="A") if _vouches(party, named) else state


def _vouches(party: Party, named: bool) -> bool:  # noqa: FBT001 - read together with its one caller
    return named and party.subject is None and party.state.given


def rights_of(contributions: Iterable[Contribution], *, at: datetime | None = None) -> list[ContributionRights]:
    """What is known of each, or was known `at` a time, in their order, with three queries for all."""
    rows = list(contributions)
    ids = [row.pk for row in rows]
    parties = parties_of(ids, at=at)
    signed = Attestation.objects.filter(Q() if at is None else Q(signed_at__lte=at), contribution__in=ids)
    attested = set(signed.values_list("contribution_id", flat=True))
    return [_rights(row, consent_of(parties[row.pk]), at, attested=row.pk in attested) for row in rows]


def _rights(row: Contribution, consent: ConsentState, at: datetime | None, *, attested: bool) -> ContributionRights:
    is_gone = row.state == "withdrawn" and (at is None or row.withdrawn_at is None or row.withdrawn_at <= at)
    return ContributionRights(
        contribution_id=row.pk,
        title=row.title,
        material_license=row.material_license,
        answers=consent.answers,
        commercial=consent.commercial,
        consented=consent.given,
        withdrawn=consent.withdrawn or is_gone,
        attested=attested,
        territory=consent.territory,
        exclusive=consent.exclusive,
        asked=consent.asked,
        assurance=consent.assurance,
        minors=consent.guarded,
    )


# What a person sees of their own


def persons_of(user: Reader) -> "QuerySet[Person]":
    """The account's own, and those recorded by others whom it showed itself to be."""
    return Person.objects.filter(account=user.pk) if user.is_authenticated else Person.objects.none()


def contributions_with(user: Reader) -> "QuerySet[Contribution]":
    """Those that this user gave, or is in. Drafts only their contributor sees."""
    rows = Contribution.objects.select_related("dataset__organization", "contributor", "payee")
    if not user.is_authenticated:
        return rows.none()
    within = RecordSubject.objects.filter(person__account=user.pk).values("contribution")
    return rows.filter(Q(contributor=user.pk) | (Q(pk__in=within) & ~Q(state="draft"))).order_by("-created_at", "-id")


def contribution_with(user: Reader, contribution_id: UUID) -> Contribution:
    """Raises ContributionNotFoundError."""
    found = contributions_with(user).filter(pk=contribution_id).first()
    if found is None:
        raise ContributionNotFoundError
    return found


def event_for(user: Reader, event_id: UUID) -> ConsentEvent:
    """A person's own, or what they answered as guardian. Raises ReceiptNotFoundError."""
    mine = persons_of(user)
    rows = ConsentEvent.objects.filter(Q(person__in=mine) | Q(guardian__in=mine))
    found = rows.select_related(
        "contribution__dataset__organization", "notice", "person", "evidence", "guardian", "subject"
    ).filter(pk=event_id)
    event = found.first()
    if event is None:
        raise ReceiptNotFoundError
    return event


def records_of_person(person: Person, contribution: Contribution) -> "QuerySet[SubjectRecord]":
    return SubjectRecord.objects.filter(subject__person=person, subject__contribution=contribution)
