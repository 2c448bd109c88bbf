"""Coming of age: the guardian's word ends, the person is asked, and silence is a no after the notice's time."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from collective.catalog import services as catalog
from collective.catalog.domain.records import RecordPlace
from collective.catalog.models import Contribution
from collective.core import audit
from licensing.domain.majority import is_minor
from licensing.models import ConsentEvent, Person
from licensing.selectors.consent import Party, last_answer
from licensing.selectors.of_age import guarded_parts, last_day_to_answer
from licensing.services.consent import places_of, take_back_places
from licensing.services.sealing import birth_in
from licensing.services.telling_people import of_age_due

UNANSWERED = "Somebody in it came of age and did not renew the guardian's consent."


def ask_those_of_age() -> None:
    """Job, daily. Who came of age is asked once per contribution; who did not answer in time is taken out."""
    today = timezone.localdate()
    minors = Person.objects.exclude(birth_sealed="").filter(of_age_at=None)
    for person in minors.order_by("pk").iterator():
        if not is_minor(birth_in(person.birth_sealed), person.country, today):
            _ask(person)
    for person in Person.objects.exclude(of_age_at=None).order_by("pk").iterator():
        _expire_unanswered(person, today)


@transaction.atomic
def _ask(person: Person) -> None:
    """No new license on the records until there is an answer; licenses that were given run on."""
    if not Person.objects.filter(pk=person.pk, of_age_at=None).update(of_age_at=timezone.now()):
        return
    for contribution, party in guarded_parts(person):
        last = last_answer(contribution, party)
        ConsentEvent.objects.create(
            contribution=contribution,
            kind="requested",
            person=person,
            subject=party.subject,
            notice=last.notice,
            at=timezone.now(),
        )
    audit.record(actor=None, action="licensing.person_of_age", obj=person)
    of_age_due(person, "asked")


def _expire_unanswered(person: Person, today: date) -> None:
    for contribution, party in guarded_parts(person):
        if party.state.asked and today > last_day_to_answer(person, contribution, party):
            _expire(person, contribution, party)


def _expire(person: Person, contribution: Contribution, party: Party) -> None:
    some = [party.subject] if party.subject is not None and not party.subject.is_whole else []
    _take_out(person, contribution, party, places_of(contribution, some))


@transaction.atomic
def _take_out(person: Person, contribution: Contribution, party: Party, places: list[RecordPlace]) -> None:
    rows = Contribution.objects.select_related("dataset__organization").select_for_update(of=("self",), no_key=True)
    row = rows.get(pk=contribution.pk)
    for kind in ("expired", "withdrawn"):  # why, and that it is for good
        ConsentEvent.objects.create(
            contribution=row, kind=kind, person=person, subject=party.subject, at=timezone.now(), reason=UNANSWERED
        )
    if party.subject is None or party.subject.is_whole:
        catalog.take_back(actor=None, contribution_id=row.pk, why=UNANSWERED)
    else:
        take_back_places(None, row, places, UNANSWERED)
    of_age_due(person, "over")
