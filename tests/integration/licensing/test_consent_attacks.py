"""What a provider, a table or an archive could try, and what time does to a guardian's answer."""

import pytest

from collective.accounts.models import Membership, Organization, User
from collective.catalog.models import Contribution, DatasetVersion
from licensing import services
from licensing.errors import ClaimOwnError
from licensing.models import Person
from licensing.selectors import sellable_offers
from licensing.services.people import recorded_person
from tests.factories import UserFactory
from tests.integration.licensing.test_consent import claimed, finder, person_in, says
from tests.integration.licensing.test_consent_pages import as_user
from tests.integration.licensing.test_guardians import birthday, child

__all__ = ["birthday", "child", "finder"]


def member_of(organization: Organization) -> User:
    user: User = UserFactory.create()
    Membership.objects.create(organization=organization, user=user, role="member")
    return user


def test_nobody_who_brought_the_answers_becomes_the_person(
    contribution: Contribution, version: DatasetVersion, contributor: User, steward: User, child: Person
) -> None:
    person = person_in(contribution, "SPK-9")
    says(contribution, person, refuse=("train",))
    parent = recorded_person(contribution.payee, "PARENT")
    colleague = member_of(contribution.dataset.organization)
    for each in (person, child, parent):
        claim = services.claim_of(actor=contributor, contribution=contribution, person_id=each.pk)
        for provider in (contributor, steward, colleague):
            with pytest.raises(ClaimOwnError):
                services.claim_person(actor=provider, claim=claim)
        each.refresh_from_db()
        assert each.account is None
    assert as_user(contributor).post(f"/consent/claims/{claim}/").status_code == 403
    assert sellable_offers(version) == []
    assert claimed(contribution, person).pk == Person.objects.get(pk=person.pk).account_id
