"""Whoever answers: a person for themselves, or a guardian for somebody who is not of age. Both see the same."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from collective.accounts.models import User
from collective.catalog.errors import ContributionNotFoundError
from collective.catalog.models import Contribution
from licensing.models import ConsentEvent, Person
from licensing.selectors.consent import Party, contributions_with, parties_of, persons_of

ANSWERS = ("given", "renewed", "refused")


@dataclass(frozen=True)
class Answerer:
    """With `ward`, as that person's guardian: get one from `services.answerer_for`, which asks whether it is so."""

    user: User
    ward: Person | None = None

    @property
    def persons(self) -> set[UUID]:
        return {self.ward.pk} if self.ward else set(persons_of(self.user).values_list("pk", flat=True))

    def contributions(self) -> "QuerySet[Contribution]":
        rows = contributions_with(self.user)
        return rows if self.ward is None else _given_by(self.user, self.ward)

    def contribution(self, contribution_id: UUID) -> Contribution:
        """Raises ContributionNotFoundError."""
        found = self.contributions().filter(pk=contribution_id).first()
        if found is None:
            raise ContributionNotFoundError
        return found

    def gave(self, contribution: Contribution) -> bool:
        return self.ward is None and contribution.contributor_id == self.user.pk

    def parties(self, contribution: Contribution) -> list[Party]:
        """As whom they answer in it."""
        mine = self.persons
        return [each for each in parties_of([contribution.pk])[contribution.pk] if each.person_id in mine]

    def events(self, contribution: Contribution) -> "QuerySet[ConsentEvent]":
        """What they can have a receipt of, newest first."""
        said = contribution.consent_events.filter(person__in=self.persons).select_related("notice")
        if self.ward is not None:
            said = said.filter(guardian__in=persons_of(self.user))
        return said.order_by("-at", "-id")


def guarded_answers(user: User) -> "QuerySet[ConsentEvent]":
    """The last answer about a person in a contribution, where this user gave it as guardian."""
    later = ConsentEvent.objects.filter(
        person=OuterRef("person"), contribution=OuterRef("contribution"), kind__in=ANSWERS
    )
    last = Subquery(later.order_by("-at", "-id").values("pk")[:1])
    mine = ConsentEvent.objects.filter(guardian__in=persons_of(user), kind__in=ANSWERS).filter(pk=last)
    return mine.select_related("person", "guardian", "evidence").order_by("person", "-at", "-id")


def guardians_in(contribution: Contribution) -> "QuerySet[Person]":
    """Those who answered for somebody in it."""
    said = contribution.consent_events.filter(guardian__isnull=False).values("guardian")
    return Person.objects.filter(pk__in=said).order_by("pk")


def _given_by(user: User, ward: Person) -> "QuerySet[Contribution]":
    within = guarded_answers(user).order_by().filter(person=ward).values("contribution")
    rows = Contribution.objects.select_related("dataset__organization", "contributor", "payee")
    return rows.filter(pk__in=within).exclude(state="draft").order_by("-created_at", "-id")
