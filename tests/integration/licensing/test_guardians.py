"""A guardian sees, changes and takes back what a minor is in, as if for themselves, until the person is of age."""

import json
from collections.abc import Collection
from datetime import date
from uuid import UUID

import pytest
import time_machine
from django.utils import timezone

from collective.accounts.models import User
from collective.catalog.domain import records
from collective.catalog.domain.records import ListedRecord, RecordPlace
from collective.catalog.models import Contribution, DatasetVersion
from licensing import services
from licensing.domain.actions import PURPOSE_CODES
from licensing.errors import AnswersWrongError, PersonNotFoundError, RecordsNotYoursError, WardNotFoundError
from licensing.invariants import sales_are_covered
from licensing.models import ConsentEvent, LicenseGrant, Offer, Person
from licensing.selectors import current_notice, sellable_offers
from licensing.services import Wording
from licensing.services.people import keep_identity, recorded_person
from tests.factories import UserFactory
from tests.integration.licensing.consents import ALL, RECORDS, answers, claimed, guarded, person_in, says
from tests.integration.licensing.test_consent_pages import as_user


@pytest.fixture(autouse=True)
def finder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every contribution here holds the same ten records."""

    def find(_contribution: UUID, wanted: Collection[str]) -> list[RecordPlace]:
        return [RecordPlace(key, "a" * 64, "b" * 64, row) for row, key in enumerate(RECORDS) if key in wanted]

    monkeypatch.setattr(records, "_FINDER", [find])


@pytest.fixture
def birthday() -> date:
    return timezone.localdate().replace(year=timezone.localdate().year + 1, day=1)


@pytest.fixture
def child(contribution: Contribution, birthday: date) -> Person:
    made = guarded(contribution, birthday.replace(year=birthday.year - 18), RECORDS[:3])
    keep_identity(made, name="Kojo", contact="")
    return made


@pytest.fixture
def guardian(contribution: Contribution, child: Person) -> User:
    return claimed(contribution, recorded_person(contribution.payee, "PARENT"))


def test_a_guardian_sees_whom_they_answer_for(
    contribution: Contribution, child: Person, guardian: User, buyer: User
) -> None:
    (ward,) = services.wards_of(guardian)
    assert (ward.person, ward.name, ward.contributions) == (child, "Kojo", [contribution])
    assert services.wards_of(buyer) == []
    page = as_user(guardian).get("/consent/").content.decode()
    assert "You answer for Kojo" in page
    assert "Take everything of Kojo back" in page
    assert "Kojo" not in as_user(contribution.contributor).get("/consent/").content.decode()
    for wrong in (buyer, contribution.contributor):
        with pytest.raises(WardNotFoundError):
            services.change_consent(actor=wrong, contribution_id=contribution.pk, answers=answers(), ward=child.pk)
        assert as_user(wrong).get(f"/consent/wards/{child.pk}/{contribution.pk}/").status_code == 404


def test_a_guardian_changes_what_is_allowed(
    contribution: Contribution, version: DatasetVersion, offer: Offer, child: Person, guardian: User
) -> None:
    me, page = as_user(guardian), f"/consent/wards/{child.pk}/{contribution.pk}/"
    assert sellable_offers(version) == [offer]
    shown = me.get(page).content.decode()
    assert "as guardian, until they are of age" in shown
    assert "One buyer alone" not in shown
    filled = {"uses": ["access"], "territory": "SN", "notice_sha256": current_notice().text_sha256}
    assert me.post(page, filled).status_code == 302
    said = ConsentEvent.objects.filter(person=child).order_by("-at", "-id")[0]
    assert (said.actor, said.guardian, said.evidence is not None) == (guardian, _parent(contribution), True)
    assert (said.answers["access"], said.answers["train"]) == ("given", "refused")
    assert sellable_offers(version) == []
    receipt = me.get(f"/api/v1/consent/receipts/{said.pk}").json()
    assert (receipt["events"][0]["by"], receipt["header"]["subject"]) == ("guardian", child.urn)
    assert me.get(f"/consent/receipts/{said.pk}/").status_code == 200
    assert as_user(contribution.contributor).get(f"/consent/receipts/{said.pk}/").status_code == 404


def _parent(contribution: Contribution) -> Person:
    return recorded_person(contribution.payee, "PARENT")


def test_nothing_of_voice_or_face_and_no_exclusive(contribution: Contribution, child: Person, guardian: User) -> None:
    services.publish_notice(actor=None, wording=Wording(text="Everything.", purposes=PURPOSE_CODES))
    before = ConsentEvent.objects.count()
    for wrong in ({"exclusive": True}, {"uses": {**ALL, "voiceClone": True}}, {"uses": {"biometricId": True}}):
        with pytest.raises(AnswersWrongError):
            services.change_consent(
                actor=guardian, contribution_id=contribution.pk, answers=answers(**wrong), ward=child.pk
            )
    assert ConsentEvent.objects.count() == before
    page = as_user(guardian).get(f"/consent/wards/{child.pk}/{contribution.pk}/").content.decode()
    assert "voiceClone" not in page
    assert "embedRag" in page


def test_one_record_then_the_rest(
    contribution: Contribution, version: DatasetVersion, child: Person, guardian: User
) -> None:
    me, page = as_user(guardian), f"/consent/wards/{child.pk}/{contribution.pk}"
    listed = me.get(f"{page}/records/").content.decode()
    assert [key in listed for key in RECORDS[:4]] == [True, True, True, False]
    with pytest.raises(RecordsNotYoursError):
        services.withdraw_records(
            actor=guardian, contribution_id=contribution.pk, record_ids=RECORDS[3:4], ward=child.pk
        )
    assert me.post(f"{page}/records/", {"records": RECORDS[:1]}).status_code == 302
    assert _gone(contribution) == RECORDS[:1]
    assert me.post(f"{page}/withdraw/").status_code == 302
    assert _gone(contribution) == RECORDS[:3]
    assert "taken back" in me.get(f"{page}/records/").content.decode()
    assert "It was taken back" in me.get(f"{page}/").content.decode()
    version.refresh_from_db()
    contribution.refresh_from_db()
    assert (version.state, contribution.state) == ("withdrawn_content", "accepted")


def _gone(contribution: Contribution) -> list[str]:
    return sorted(contribution.withdrawn_records.values_list("record_id", flat=True))


def test_everything_by_api(contribution: Contribution, child: Person, guardian: User) -> None:
    me = as_user(guardian)
    (ward,) = me.get("/api/v1/consent").json()["wards"]
    assert (ward["person"], [row["id"] for row in ward["contributions"]]) == (str(child.pk), [str(contribution.pk)])
    address = f"/api/v1/consent/wards/{child.pk}/{contribution.pk}"
    notice = me.get(address).json()["notice"]["text_sha256"]
    said = {"notice_sha256": notice, "uses": {"access": True}}
    changed = me.put(address, json.dumps(said), "application/json").json()
    assert (changed["answers"]["access"], changed["answers"]["train"]) == ("given", "refused")
    refused = me.put(address, json.dumps({**said, "exclusive": True}), "application/json")
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["exclusive"])
    page = me.get(f"{address}/records", {"first": 1, "count": 1}).json()
    assert page == {"total": 3, "records": [{"id": RECORDS[1], "taken_back": False}], "next": 2}
    assert me.get(f"{address}/records", {"first": 3}).json() == {"total": 3, "records": [], "next": None}
    assert me.get(f"{address}/records", {"count": 0}).status_code == 400
    some = me.post(f"{address}/withdraw", json.dumps({"record_ids": RECORDS[:1]}), "application/json")
    assert (some.status_code, _gone(contribution)) == (200, RECORDS[:1])
    done = me.post(f"/api/v1/consent/wards/{child.pk}/withdraw", "{}", "application/json")
    assert (done.json(), _gone(contribution)) == ({"contributions": 1}, RECORDS[:3])
    assert as_user(contribution.contributor).get(address).status_code == 404


def test_g07_the_person_takes_over(
    contribution: Contribution, version: DatasetVersion, offer: Offer, child: Person, guardian: User, birthday: date
) -> None:
    account = claimed(contribution, child)
    with time_machine.travel(birthday):
        for change in (
            lambda: services.change_consent(
                actor=guardian, contribution_id=contribution.pk, answers=answers(), ward=child.pk
            ),
            lambda: services.withdraw_contribution(actor=guardian, contribution_id=contribution.pk, ward=child.pk),
        ):
            with pytest.raises(WardNotFoundError):
                change()
        assert services.wards_of(guardian) == []
        services.ask_those_of_age()
        services.change_consent(actor=account, contribution_id=contribution.pk, answers=answers())
        assert sellable_offers(version) == [offer]
    given = ConsentEvent.objects.get(person=child, kind="given")
    assert as_user(guardian).get(f"/api/v1/consent/receipts/{given.pk}").status_code == 200


def test_another_guardian_replaces_the_first(contribution: Contribution, child: Person, guardian: User) -> None:
    second = recorded_person(contribution.payee, "GRANDMOTHER")
    before = ConsentEvent.objects.get(person=child)
    says(contribution, child, guardian=second, evidence=before.evidence)
    assert services.wards_of(guardian) == []
    (ward,) = services.wards_of(claimed(contribution, second))
    assert ward.person == child


def test_only_who_is_in_it_or_guards_gets_a_link(contribution: Contribution, child: Person) -> None:
    stranger = recorded_person(contribution.payee, "NOBODY")
    with pytest.raises(PersonNotFoundError):
        services.claim_of(actor=contribution.contributor, contribution=contribution, person_id=stranger.pk)
    page = as_user(contribution.contributor).get(f"/contributions/{contribution.pk}/people/").content.decode()
    assert str(_parent(contribution).pk) in page


def test_who_was_recorded_takes_single_records_back(
    contribution: Contribution, version: DatasetVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    def listed(_contribution: UUID, first: int, count: int) -> list[ListedRecord]:
        return [ListedRecord(key, "c" * 64) for key in RECORDS[first : first + count]]

    monkeypatch.setattr("licensing.selectors.own_records.list_records", listed)
    some = person_in(contribution, "SPK-1", RECORDS[4:6])
    whole = person_in(contribution, "SPK-2")
    for each in (some, whole):
        says(contribution, each)
    page = f"/consent/{contribution.pk}/records/"
    me, other = as_user(claimed(contribution, some)), as_user(claimed(contribution, whole))
    assert [key in me.get(page).content.decode() for key in RECORDS[4:7]] == [True, True, False]
    assert RECORDS[9] in other.get(page).content.decode()
    assert as_user(UserFactory.create()).get(page).status_code == 404
    assert page in me.get(f"/consent/{contribution.pk}/").content.decode()
    shown = me.get(f"/api/v1/consent/{contribution.pk}/records").json()
    assert [each["id"] for each in shown["records"]] == RECORDS[4:6]
    assert me.post(page, {"records": RECORDS[5:6]}).status_code == 302
    assert _gone(contribution) == RECORDS[5:6]


def test_licenses_run_on_in_the_time_to_answer(
    child: Person, grant: LicenseGrant, version: DatasetVersion, birthday: date
) -> None:
    with time_machine.travel(birthday):
        services.ask_those_of_age()
    grant.refresh_from_db()
    assert (grant.state, sellable_offers(version), list(sales_are_covered())) == ("active", [], [])
