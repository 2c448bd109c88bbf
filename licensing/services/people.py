"""Persons: an account's own, those whom a provider recorded, and linking the two."""

from datetime import date
from typing import Final
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from collective.accounts.models import Organization, User
from collective.catalog.models import Contribution
from collective.core import audit
from collective.core.db.conflicts import insert_or_none
from licensing.domain.majority import is_minor
from licensing.errors import ClaimInvalidError, ClaimTakenError, PersonNotFoundError
from licensing.models import Person, PersonIdentity, sealing
from licensing.policies import check_can_claim, check_can_see_people
from licensing.selectors.answerers import guardians_in

CLAIM_DAYS: Final = 30
_CLAIMS: Final = signing.TimestampSigner(salt="licensing.person-claim")


def own_person(user: User) -> Person:
    """The account's own pseudonym, made on first use. Two at once get the same: a constraint allows one."""
    mine = Person.objects.filter(account=user, provider=None)
    return mine.first() or insert_or_none(Person(account=user)) or mine.get()


def recorded_person(provider: Organization, reference: str) -> Person:
    """The person whom this provider calls so, made on first use."""
    mac = sealing.reference_mac(reference)
    known = Person.objects.filter(provider=provider, reference_mac=mac)
    return known.first() or insert_or_none(Person(provider=provider, reference_mac=mac)) or known.get()


def keep_identity(person: Person, *, name: str, contact: str) -> None:
    """Sealed. An empty name and contact erase what was there."""
    if not (name or contact):
        PersonIdentity.objects.filter(person=person).delete()
        return
    sealed = sealing.sealed_identity({"name": name, "contact": contact})
    PersonIdentity.objects.update_or_create(person=person, defaults={"sealed": sealed})


def name_of(person: Person) -> str:
    """As the provider wrote it, or empty."""
    kept = PersonIdentity.objects.filter(person=person).first()
    return str(sealing.identity_in(kept.sealed)["name"]) if kept else ""


def keep_birth(person: Person, born: date, country: str, *, guarded: bool = False) -> None:
    """Kept for minors and whom a guardian answered for; of anybody else a birth date is none of our business.

    Of who came of age here before it is not needed again.
    """
    if person.of_age_at is not None:
        return
    if guarded or is_minor(born, country, timezone.localdate()):
        person.country, person.birth_sealed = country, sealing.sealed_birth(born)
        person.save(update_fields=["country", "birth_sealed"])


def claim_of(*, actor: User, contribution: Contribution, person_id: UUID) -> str:
    """What the provider hands to the person, or to a guardian, so that they see and take back the records.

    Lives 30 days. Raises PersonNotFoundError, and ClaimTakenError once an account is linked.
    """
    check_can_see_people(actor, contribution)
    within = Q(subjects__contribution=contribution) | Q(pk__in=guardians_in(contribution))
    person = Person.objects.filter(within, pk=person_id).first()
    if person is None or person.provider_id is None:
        raise PersonNotFoundError
    if person.account_id is not None:
        raise ClaimTakenError
    return _CLAIMS.sign(str(person.pk))


@transaction.atomic
def claim_person(*, actor: User, claim: str) -> Person:
    """Link the person to the account of whoever has the claim. A second click changes nothing.

    Raises ClaimInvalidError, ClaimTakenError when it is another's, and ClaimOwnError for who brought in the answers.
    """
    person = Person.objects.select_for_update(no_key=True).get(pk=person_of_claim(claim).pk)
    if person.account_id is None:
        check_can_claim(actor, person)
        person.account = actor
        person.save(update_fields=["account"])
        audit.record(actor=actor, action="licensing.person_claimed", obj=person)
    elif person.account_id != actor.pk:
        raise ClaimTakenError
    return person


def person_of_claim(claim: str) -> Person:
    """Raises ClaimInvalidError."""
    try:
        found = _CLAIMS.unsign(claim, max_age=CLAIM_DAYS * 86_400)
    except signing.BadSignature:
        raise ClaimInvalidError from None
    return Person.objects.get(pk=UUID(found))
