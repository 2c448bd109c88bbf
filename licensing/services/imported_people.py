"""Whether a table may say this of its people, by what is known of them already."""

from uuid import UUID

from collective.catalog.models import Contribution
from licensing.domain.consent_table import Table, TableRow
from licensing.domain.majority import of_age_on
from licensing.models import Person
from licensing.models.sealing import reference_mac
from licensing.selectors.answerers import ANSWERS


def check_people(table: Table, contribution: Contribution) -> None:
    """Blames the cells that are wrong."""
    macs = {name: reference_mac(name) for row in table.rows for name in (row.person, row.guardian) if name}
    known = {each.reference_mac: each for each in Person.objects.filter(provider=contribution.payee_id)}
    guardians = _guardians(contribution)
    for row in table.rows:
        person = known.get(macs[row.person])
        _check_row(table, row, person)
        if person is not None:
            _check_age(table, row, person)
            _check_guardian(table, row, guardians.get(person.pk), macs.get(row.guardian))


def _guardians(contribution: Contribution) -> dict[UUID, Person]:
    """By person: who answered last as their guardian. Whoever answered for themselves since has none."""
    said = contribution.consent_events.filter(kind__in=ANSWERS, record_count=None).select_related("guardian")
    last = {event.person_id: event.guardian for event in said.order_by("at", "id")}
    return {key: guardian for key, guardian in last.items() if guardian is not None}


def _check_row(table: Table, row: TableRow, person: Person | None) -> None:
    if person is not None and person.account_id is not None:
        table.blame(row.number, "person", "This person has an account here, and answers alone from now on.")
    if row.guardian and row.birth is None and not (person and person.birth_sealed):
        table.blame(row.number, "birth", "A guardian's answer ends on a birthday: write the day of birth.")


def _check_age(table: Table, row: TableRow, person: Person) -> None:
    since = person.of_age_since
    if since is None:
        return
    if not row.guardian and row.given_on < since and (person.birth_sealed or row.birth is None):
        table.blame(row.number, "guardian", "This person was not of age on that day: a guardian must answer.")
    if row.birth is not None and of_age_on(row.birth, row.country) > since:
        table.blame(row.number, "birth", "The person would be of age later than by what was written before.")


def _check_guardian(table: Table, row: TableRow, guardian: Person | None, mac: str | None) -> None:
    if guardian is None or mac is None:
        return
    if guardian.account_id is not None:
        table.blame(row.number, "guardian", "The guardian has an account here, and answers there from now on.")
    elif mac != guardian.reference_mac:
        table.blame(row.number, "guardian", "Another guardian answered for this person before.")
