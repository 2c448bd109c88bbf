"""C10: the sixth member on five seats, and seats that are passed around."""

from typing import Any

import pytest

from collective.accounts.models import Membership, Organization, User
from collective.catalog.models import Dataset, DatasetVersion
from licensing import services
from licensing.models import LicenseGrant
from tests.factories import OrganizationFactory, UserFactory
from tests.integration.licensing import world
from tests.integration.licensing.bypass.routes import ARCHIVE, DELTA, HUB, NothingGiven, caller, carries_bytes, said


@pytest.fixture
def company(buyer: User) -> Organization:
    made: Organization = OrganizationFactory(owner=buyer)
    return made


@pytest.fixture
def seated(
    dataset: Dataset, version: DatasetVersion, steward: User, buyer: User, company: Organization
) -> LicenseGrant:
    offer = world.offered(dataset, steward, parameters={"caps": {"seats": 5}})
    version.dataset.refresh_from_db()
    return world.granted(offer, version, buyer, licensee=company)


def member(company: Organization) -> User:
    user: User = UserFactory()
    Membership.objects.create(organization=company, user=user, role=Membership.MEMBER)
    return user


def refused(user: User, version: DatasetVersion, code: str) -> None:
    with NothingGiven():
        answers = caller(user).everywhere(version, "dcs_none")
    assert not [name for name, answer in answers.items() if carries_bytes(answer)]
    assert {answers[name].status_code for name in HUB} == {403}
    for name in ("manifest", "manifest since", *DELTA, ARCHIVE):
        assert said(answers[name]) == (403, code)


def test_c10_the_sixth_member_on_five_seats(
    seated: LicenseGrant, company: Organization, version: DatasetVersion, buyer: User
) -> None:
    for user in (buyer, *(member(company) for _ in range(4))):
        assert caller(user).manifest(version).status_code == 200
    refused(member(company), version, "no_free_seat")
    assert seated.seats.count() == 5


def test_c10_twenty_swaps_a_day(
    seated: LicenseGrant, company: Organization, version: DatasetVersion, buyer: User
) -> None:
    """Five people take the seats and give them back: nobody else sits down before they have cooled."""
    given: list[Any] = []
    for _ in range(20):
        user = member(company)
        answer = caller(user).manifest(version)
        given.append(answer.status_code)
        if answer.status_code == 200:
            seat = seated.seats.get(user=user)
            services.release_seat(actor=buyer, grant_id=seated.pk, seat_id=seat.pk)
    assert given == [200] * 5 + [403] * 15
    refused(member(company), version, "seat_cooling")


def test_c10_a_session_whose_seat_was_taken_away(
    seated: LicenseGrant, company: Organization, version: DatasetVersion, buyer: User
) -> None:
    users = [member(company) for _ in range(5)]
    jobs = [caller(user) for user in users]
    tokens = [job.token(version) for job in jobs]
    services.release_seat(actor=buyer, grant_id=seated.pk, seat_id=seated.seats.get(user=users[0]).pk)
    services.assign_seat(actor=buyer, grant_id=seated.pk, user_id=users[0].pk)
    assert jobs[0].mint(tokens[0]).status_code == 200
    Membership.objects.filter(user=users[0]).delete()
    services.members_changed(organization_id=company.pk)
    assert jobs[0].mint(tokens[0]).json()["code"] == "license_required"
