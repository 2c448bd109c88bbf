"""Who came of age: where a guardian's word still stands, until when they are asked, and who reaches them."""

from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone

from collective.accounts.models import User
from collective.catalog.models import Contribution
from licensing.models import Person
from licensing.selectors.consent import Party, last_answer, parties_of


def guarded_parts(person: Person) -> list[tuple[Contribution, Party]]:
    """Where this person's consent is still a guardian's."""
    rows = {row.pk: row for row in Contribution.objects.filter(subjects__person=person).exclude(state="withdrawn")}
    found = parties_of(rows)
    return [(rows[key], each) for key in rows for each in found[key] if _is_guarded(each, person)]


def standing_guarded(contribution: Contribution, party: Party) -> Party | None:
    """The same part as it is now, where a guardian's word still stands there."""
    if contribution.state == "withdrawn":
        return None
    for now in parties_of([contribution.pk])[contribution.pk]:
        if (now.person_id, now.subject) == (party.person_id, party.subject):
            return now if now.state.given and now.state.guarded else None
    return None


def last_day_to_answer(person: Person, contribution: Contribution, party: Party) -> date:
    """Precondition: the person was asked."""
    asked = contribution.consent_events.filter(person=person, subject=party.subject, kind="requested")
    event = asked.select_related("notice").order_by("-at", "-id")[0]
    days = event.notice.grace_days if event.notice else 0
    return timezone.localtime(event.at).date() + timedelta(days=days)


def overdue(late: timedelta) -> list[tuple[Person, Contribution]]:
    """Where a guardian's word stands for somebody of age who was not asked, or did not answer in time.

    `late`: how much later than due is in order.
    """
    before = timezone.localdate() - late
    guarded = Person.objects.filter(consent_events__guardian__isnull=False).distinct()
    return [
        (person, contribution)
        for person in guarded.order_by("pk")
        if person.is_of_age
        for contribution, party in guarded_parts(person)
        if _due(person, contribution, party) < before
    ]


def _due(person: Person, contribution: Contribution, party: Party) -> date:
    """When the next thing has to happen: the end, or, if they were not asked yet, the question."""
    if party.state.asked:
        return last_day_to_answer(person, contribution, party)
    said = timezone.localtime(last_answer(contribution, party).at).date()
    return max(said, person.of_age_since or said)


def asked_until(person: Person) -> date | None:
    """The first day on which something would be taken out; None if nothing waits for an answer."""
    waiting = [(row, party) for row, party in guarded_parts(person) if party.state.asked]
    return min((last_day_to_answer(person, row, party) for row, party in waiting), default=None)


def of_age_recipients(person: Person) -> set[UUID]:
    """The person's account; without one, whoever gave the records and whoever answered as guardian."""
    if person.account_id is not None:
        return {person.account_id}
    givers = Contribution.objects.filter(subjects__person=person).exclude(state__in=["draft", "withdrawn"])
    guardians = person.consent_events.filter(guardian__account__isnull=False)
    return {
        *givers.values_list("contributor", flat=True),
        *guardians.values_list("guardian__account", flat=True),
    }


def first_asked(person: Person, giver: User) -> Contribution | None:
    """One that this user gave and the person is in, where a link for the person can be made."""
    return Contribution.objects.filter(subjects__person=person, contributor=giver).order_by("created_at").first()


def _is_guarded(party: Party, person: Person) -> bool:
    return party.person_id == person.pk and party.state.given and party.state.guarded
