"""Guardians: whom an account answers for, until the person is of age and answers alone."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from collective.accounts.models import User
from collective.catalog.models import Contribution
from licensing.errors import WardNotFoundError
from licensing.models import Person
from licensing.selectors.answerers import Answerer, guarded_answers
from licensing.services.people import name_of


@dataclass(frozen=True)
class Ward:
    """`name` is what the provider wrote of the person, for the guardian alone; it may be empty."""

    person: Person
    name: str
    contributions: list[Contribution]


def wards_of(user: User) -> list[Ward]:
    """Everybody whom this account answers for now."""
    people = {event.person_id: event.person for event in guarded_answers(user)}
    return [
        Ward(each, name_of(each), list(Answerer(user, each).contributions()))
        for each in people.values()
        if not each.is_of_age
    ]


def answerer_for(actor: User, ward: UUID | None) -> Answerer:
    """The account itself, or as guardian. Raises WardNotFoundError, also from the day on which the person is of age."""
    if ward is None:
        return Answerer(actor)
    event = guarded_answers(actor).filter(person=ward).first()
    if event is None or event.person.is_of_age:
        raise WardNotFoundError
    return Answerer(actor, event.person)


def as_guardian(answerer: Answerer, contribution: Contribution) -> dict[str, Any]:
    """What an event says of who answered, and what proves that this is the guardian."""
    if answerer.ward is None:
        return {}
    before = guarded_answers(answerer.user).get(person=answerer.ward, contribution=contribution)
    return {"guardian": before.guardian, "evidence": before.evidence}
