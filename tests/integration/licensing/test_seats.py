"""Seats: counted at delivery, cooling after release, and never more than the terms say."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from collective.accounts.models import Membership, Organization, User
from collective.accounts.services import create_api_key, edit_organization, remove_member
from collective.catalog.models import Dataset, DatasetVersion
from collective.core.errors import DomainError
from licensing import services
from licensing.errors import GrantNotFoundError, NoFreeSeatError, NotAColleagueError, SeatCoolingError
from licensing.models import AccessRecord, LicenseGrant, Seat
from licensing.services.entitlements import flag_grants_of_other_kind, members_changed
from tests.factories import UserFactory
from tests.integration.licensing import world


@pytest.fixture
def company(buyer: User) -> Organization:
    made = Organization.objects.create(slug="lumen-labs", name="Lumen Labs", kind="sme")
    Membership.objects.create(organization=made, user=buyer, role="owner")
    return made


def colleague(company: Organization) -> User:
    user = UserFactory()
    Membership.objects.create(organization=company, user=user, role="member")
    return user


@pytest.fixture
def seated(
    dataset: Dataset, steward: User, version: DatasetVersion, buyer: User, company: Organization
) -> LicenseGrant:
    offer = world.offered(dataset, steward, parameters={"caps": {"seats": 2, "service_accounts": 1}})
    version.dataset.refresh_from_db()
    return world.granted(offer, version, buyer, licensee=company)


def download(user: User, version: DatasetVersion, key: Any = None) -> None:
    services.deliver_manifest(actor=user, key=key, version=version)


def test_the_claims_carry_the_seats(seated: LicenseGrant) -> None:
    from tests.integration.licensing.test_grants import payload_of

    assert payload_of(seated.jws)["dc"]["seats"] == 2


def test_first_use_takes_a_seat_and_the_third_person_is_refused(
    seated: LicenseGrant, buyer: User, company: Organization, version: DatasetVersion
) -> None:
    second, third = colleague(company), colleague(company)
    for user in (buyer, second, buyer):
        download(user, version)
    assert sorted(seated.seats.values_list("number", flat=True)) == [1, 2]
    before = AccessRecord.objects.count()
    with pytest.raises(NoFreeSeatError):
        download(third, version)
    assert AccessRecord.objects.count() == before


def test_a_released_seat_cools_down_for_others_and_not_for_the_same_person(
    seated: LicenseGrant, buyer: User, company: Organization, version: DatasetVersion, time_machine: Any
) -> None:
    second, third = colleague(company), colleague(company)
    download(buyer, version)
    seat = services.assign_seat(actor=buyer, grant_id=seated.pk, user_id=second.pk)
    assert services.assign_seat(actor=buyer, grant_id=seated.pk, user_id=second.pk).pk == seat.pk
    services.release_seat(actor=second, grant_id=seated.pk, seat_id=seat.pk)
    services.release_seat(actor=second, grant_id=seated.pk, seat_id=seat.pk)

    with pytest.raises(SeatCoolingError):
        download(third, version)
    download(second, version)  # the same person takes it back at once
    assert Seat.objects.filter(user=second).count() == 2

    again = Seat.objects.get(user=second, released_at=None)
    services.release_seat(actor=buyer, grant_id=seated.pk, seat_id=again.pk)
    time_machine.move_to(timezone.now() + timedelta(days=7, seconds=1))
    download(third, version)


def test_who_may_give_and_take(seated: LicenseGrant, buyer: User, company: Organization, steward: User) -> None:
    member = colleague(company)
    with pytest.raises(DomainError):
        services.assign_seat(actor=member, grant_id=seated.pk, user_id=member.pk)
    with pytest.raises(GrantNotFoundError):
        services.assign_seat(actor=steward, grant_id=seated.pk, user_id=steward.pk)
    with pytest.raises(NotAColleagueError):
        services.assign_seat(actor=buyer, grant_id=seated.pk, user_id=steward.pk)
    seat = services.assign_seat(actor=buyer, grant_id=seated.pk, user_id=buyer.pk)
    with pytest.raises(DomainError):
        services.release_seat(actor=member, grant_id=seated.pk, seat_id=seat.pk)
    assert Seat.objects.get().released_at is None


def test_service_keys_are_counted_apart(
    seated: LicenseGrant, buyer: User, company: Organization, version: DatasetVersion
) -> None:
    first, second = (
        create_api_key(actor=buyer, name=name, scopes=["download"], is_service=True)[0] for name in ("one", "two")
    )
    download(buyer, version, first)
    download(buyer, version, first)
    with pytest.raises(NoFreeSeatError):
        download(buyer, version, second)
    assert [(seat.kind, seat.key_id) for seat in seated.seats.all()] == [("service", first.pk)]
    download(buyer, version, world.key_of(buyer))  # a key of a person is the person
    assert seated.seats.filter(kind="person").count() == 1


def test_a_service_key_is_its_owner_where_only_people_are_counted(
    dataset: Dataset, steward: User, version: DatasetVersion, buyer: User, company: Organization
) -> None:
    offer = world.offered(dataset, steward, parameters={"caps": {"seats": 1}})
    version.dataset.refresh_from_db()
    grant = world.granted(offer, version, buyer, licensee=company)
    other = colleague(company)
    keys = [create_api_key(actor=user, name="x", scopes=["download"], is_service=True)[0] for user in (buyer, other)]
    download(buyer, version, keys[0])
    download(buyer, version)
    with pytest.raises(NoFreeSeatError):
        download(other, version, keys[1])
    assert list(grant.seats.values_list("kind", "user")) == [("person", buyer.pk)]


def test_without_caps_nobody_is_counted(grant: LicenseGrant, buyer: User, version: DatasetVersion) -> None:
    download(buyer, version)
    assert not Seat.objects.exists()


def test_whoever_leaves_loses_access_at_once_and_the_organization_keeps_the_grant(
    seated: LicenseGrant, buyer: User, company: Organization, version: DatasetVersion
) -> None:
    member = colleague(company)
    download(member, version)
    remove_member(actor=buyer, organization_id=company.pk, user_id=member.pk)
    with pytest.raises(DomainError) as refused:
        download(member, version)
    assert refused.value.code == "license_required"
    seated.refresh_from_db()
    assert (seated.state, seated.licensee) == ("active", company)
    assert members_changed(organization_id=company.pk) == 1
    assert members_changed(organization_id=company.pk) == 0
    assert Seat.objects.get(user=member).released_at is not None


def test_another_kind_of_licensee_flags_its_grants_and_changes_nothing_silently(
    seated: LicenseGrant, buyer: User, company: Organization
) -> None:
    before = seated.jws
    edit_organization(actor=buyer, organization_id=company.pk, kind="enterprise")
    assert flag_grants_of_other_kind(organization_id=company.pk) == 1
    seated.refresh_from_db()
    event = seated.status_events.order_by("-at")[0]
    assert (event.kind, "large company" in event.reason) == ("flagged", True)
    assert (seated.state, seated.jws) == ("active", before)
    edit_organization(actor=buyer, organization_id=company.pk, kind="sme")
    assert flag_grants_of_other_kind(organization_id=company.pk) == 0


def test_history_of_seats_stays(seated: LicenseGrant, buyer: User, version: DatasetVersion) -> None:
    download(buyer, version)
    seat = Seat.objects.get()
    services.release_seat(actor=buyer, grant_id=seated.pk, seat_id=seat.pk)
    for statement in ("DELETE FROM licensing_seat", "UPDATE licensing_seat SET released_at = NULL"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_the_last_seat_is_taken_by_one(
    seated: LicenseGrant, buyer: User, company: Organization, version: DatasetVersion
) -> None:
    download(buyer, version)
    people = [colleague(company) for _ in range(4)]
    start, results = threading.Barrier(len(people)), []

    def take(user: User) -> None:
        start.wait()
        try:
            download(user, version)
            results.append("taken")
        except NoFreeSeatError as refusal:
            results.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(user,)) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(results) == ["no_free_seat"] * 3 + ["taken"]
    assert seated.seats.filter(released_at=None).count() == 2
