"""Coming of age: the guardian's word ends, the person is asked, and silence is a no after the notice's time."""

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from collective.catalog import services as catalog
from collective.catalog.domain.records import RecordPlace
from collective.catalog.models import Contribution
from collective.core import audit
from licensing.models import ConsentEvent, Person
from licensing.selectors.consent import Party, last_answer
from licensing.selectors.of_age import guarded_parts, last_day_to_answer, standing_guarded
from licensing.services.consent import locked, places_of, take_back_places
from licensing.services.telling_people import of_age_due

UNANSWERED = "Somebody in it came of age and did not renew the guardian's consent."


def ask_those_of_age() -> None:
    """Job, daily. Who came of age is asked once per answer of a guardian; what is not answered in time is taken out."""
    today = timezone.localdate()
    known = Person.objects.filter(~Q(birth_sealed="") | Q(of_age_at__isnull=False))
    for person in known.order_by("pk").iterator():
        if person.is_of_age:
            _ask(person, today)
            _expire_unanswered(person, today)
            _forget_birth(person)


def _ask(person: Person, today: date) -> None:
    """No new license on the records until there is an answer; licenses that were given run on."""
    _notice_age(person)
    for contribution, party in guarded_parts(person):
        if not party.state.asked:
            _ask_in(person, contribution, party, today)


@transaction.atomic
def _notice_age(person: Person) -> None:
    if Person.objects.filter(pk=person.pk, of_age_at=None).update(of_age_at=timezone.now()):
        audit.record(actor=None, action="licensing.person_of_age", obj=person)


@transaction.atomic
def _ask_in(person: Person, contribution: Contribution, party: Party, today: date) -> None:
    row = locked(contribution)
    now = standing_guarded(row, party)
    if now is None or now.state.asked:
        return
    ConsentEvent.objects.create(
        contribution=row,
        kind="requested",
        person=person,
        subject=party.subject,
        notice=last_answer(row, now).notice,
        at=timezone.now(),
    )
    of_age_due(person, "asked", today)


def _expire_unanswered(person: Person, today: date) -> None:
    for contribution, party in guarded_parts(person):
        if _is_over(person, contribution, party, today):
            some = [party.subject] if party.subject is not None and not party.subject.is_whole else []
            _expire(person, contribution, party, places_of(contribution, some))


def _is_over(person: Person, contribution: Contribution, party: Party, today: date) -> bool:
    return party.state.asked and today > last_day_to_answer(person, contribution, party)


@transaction.atomic
def _expire(person: Person, contribution: Contribution, party: Party, places: list[RecordPlace]) -> None:
    """What was answered since the job looked stands: it is looked at again under the lock."""
    row, today = locked(contribution), timezone.localdate()
    now = standing_guarded(row, party)
    if now is None or not _is_over(person, row, now, today):
        return
    for kind in ("expired", "withdrawn"):  # why, and that it is for good
        ConsentEvent.objects.create(
            contribution=row, kind=kind, person=person, subject=party.subject, at=timezone.now(), reason=UNANSWERED
        )
    if party.subject is None or party.subject.is_whole:
        catalog.take_back(actor=None, contribution_id=row.pk, why=UNANSWERED)
    else:
        take_back_places(None, row, places, UNANSWERED)
    of_age_due(person, "over", today)


def _forget_birth(person: Person) -> None:
    """Kept for minors only: once no guardian answers for them, that they came of age is enough."""
    if person.birth_sealed and not guarded_parts(person):
        Person.objects.filter(pk=person.pk, of_age_at__isnull=False).update(birth_sealed="", country="")
