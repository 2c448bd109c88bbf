"""The consent page by web and API: the same answers, the same way out, and nobody else's business."""

import json

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from collective.accounts.models import User
from collective.catalog.models import Contribution, Dataset, DatasetVersion
from licensing import services
from licensing.domain.actions import ACTION_CODES
from licensing.models import ConsentEvent, LicenseGrant, Offer, RecordSubject
from licensing.selectors import consent_state, current_notice, sellable_offers
from licensing.services import Wording
from licensing.services.people import recorded_person
from tests.factories import UserFactory
from tests.integration.licensing import world

# What pages show.
pytestmark = pytest.mark.once


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_page_tells_and_changes(
    contribution: Contribution, version: DatasetVersion, offer: Offer, grant: LicenseGrant, contributor: User
) -> None:
    me, address = as_user(contributor), f"/consent/{contribution.pk}/"
    assert contribution.title in me.get("/consent/").content.decode()
    page = me.get(address).content.decode()
    for told in ("version 1.0.0", "Commercial Training License", f"/contributions/{contribution.pk}/records/"):
        assert told in page
    filled = {"uses": ["access", "evaluate"], "territory": "sn fr", "notice_sha256": current_notice().text_sha256}
    assert me.post(address, filled).status_code == 302
    state = consent_state(contribution)
    assert ({code for code in state.answers if state.allows(code)}, state.commercial, state.territory) == (
        {"access", "evaluate"},
        False,
        ("FR", "SN"),
    )
    assert sellable_offers(version) == []
    stale = me.post(address, {**filled, "notice_sha256": "0" * 64})
    assert "replaced by a newer one" in stale.content.decode()
    assert ConsentEvent.objects.filter(contribution=contribution).count() == 2


def test_a_buyer_sees_the_weakest_proof(contribution: Contribution, offer: Offer, buyer: User) -> None:
    address = f"/datasets/{offer.dataset.repo_id}/"
    assert "Proof of every person" in as_user(buyer).get(address).content.decode()
    person = recorded_person(contribution.payee, "SPK-1")
    RecordSubject.objects.create(contribution=contribution, person=person, role="speaker", is_whole=True)
    answers = dict.fromkeys(ACTION_CODES, "given")
    ConsentEvent.objects.create(
        contribution=contribution,
        kind="given",
        person=person,
        notice=current_notice(),
        answers=answers,
        limits={"commercial": True},
        at=timezone.now(),
    )
    assert "The publisher attests" in as_user(buyer).get(address).content.decode()
    shown = Client().get(f"/api/v1/datasets/{offer.dataset.repo_id}/assurance").json()
    assert (shown["version"], shown["assurance"]) == ("1.0.0", "C")
    assert "The publisher attests" in shown["meaning"]


def test_one_click_takes_it_back(contribution: Contribution, version: DatasetVersion, contributor: User) -> None:
    me = as_user(contributor)
    answer = me.post(f"/contributions/{contribution.pk}/withdraw/")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/consent/{contribution.pk}/")
    page = me.get(f"/consent/{contribution.pk}/").content.decode()
    assert "You took it back" in page
    assert 'id="change"' not in page
    version.refresh_from_db()
    assert version.state == "withdrawn_content"


def test_g09_the_page_promises_no_recall(dataset: Dataset, contributor: User, steward: User) -> None:
    free = world.accepted(dataset, contributor, steward, world.declaration(license_id="CC0-1.0"))
    services.withdraw_contribution(actor=contributor, contribution_id=free.pk)
    shown = as_user(contributor).get(f"/api/v1/consent/{free.pk}").json()
    assert (shown["consent"], shown["copyright"]["kind"]) == ("withdrawn", "public")
    assert "cannot be called back" in shown["copyright"]["sentence"]
    page = as_user(contributor).get(f"/consent/{free.pk}/").content.decode()
    assert all(state in page for state in ("You took it back", "cannot be called back", "Commons Zero"))
    taking = world.accepted(dataset, contributor, steward, world.declaration(license_id="CC0-1.0"))
    before = as_user(contributor).get(f"/contributions/{taking.pk}/withdraw/").content.decode()
    assert "cannot be called back" in before


def test_everything_by_api(contribution: Contribution, dataset: Dataset, contributor: User, steward: User) -> None:
    other = world.accepted(dataset, contributor, steward, title="More")
    me = as_user(contributor)
    listed = me.get("/api/v1/consent").json()["contributions"]
    assert {row["title"] for row in listed} == {"Greetings", "More"}
    notice = me.get(f"/api/v1/consent/{contribution.pk}").json()["notice"]
    said = {"notice_sha256": notice["text_sha256"], "uses": {"access": True, "train": True}, "commercial": True}
    changed = me.put(f"/api/v1/consent/{contribution.pk}", json.dumps(said), "application/json").json()
    assert (changed["answers"]["train"], changed["answers"]["embedRag"]) == ("given", "refused")
    wrong = {**said, "uses": {"everything": True}}
    refused = me.put(f"/api/v1/consent/{contribution.pk}", json.dumps(wrong), "application/json")
    assert (refused.status_code, refused.json()["code"]) == (400, "answers_wrong")
    assert as_user(steward).get(f"/api/v1/consent/{contribution.pk}").status_code == 404
    assert me.post("/api/v1/consent/withdraw", "{}", "application/json").json() == {"contributions": 2}
    for row in (contribution, other):
        row.refresh_from_db()
    assert (contribution.state, other.state) == ("withdrawn", "withdrawn")


def test_a_receipt_to_keep(contribution: Contribution, contributor: User, steward: User) -> None:
    event = contribution.consent_events.get()
    receipt = as_user(contributor).get(f"/api/v1/consent/receipts/{event.pk}").json()
    assert set(receipt) == {"header", "processing", "parties", "events"}
    assert receipt["processing"]["notice"]["text_sha256"] == current_notice().text_sha256
    assert {each["answer"] for each in receipt["processing"]["purposes"]} == {"given"}
    assert contributor.email not in json.dumps(receipt)
    assert as_user(contributor).get(f"/consent/receipts/{event.pk}/").status_code == 200
    for address in (f"/api/v1/consent/receipts/{event.pk}", f"/consent/receipts/{event.pk}/"):
        assert as_user(steward).get(address).status_code == 404


def test_who_was_recorded_by_another_sees_and_leaves(
    contribution: Contribution, contributor: User, version: DatasetVersion
) -> None:
    person = recorded_person(contribution.payee, "SPK-1")
    RecordSubject.objects.create(contribution=contribution, person=person, role="speaker", is_whole=True)
    claim = services.claim_of(actor=contributor, contribution=contribution, person_id=person.pk)
    speaker: User = UserFactory.create()
    me = as_user(speaker)
    assert me.get(f"/consent/{contribution.pk}/").status_code == 404
    address = reverse("licensing:claim", args=[claim])
    assert me.get(address).status_code == 200
    assert me.post(address).status_code == 302
    assert as_user(UserFactory.create()).post(address).status_code == 409
    assert me.get("/consent/claims/nonsense/").status_code == 404
    page = me.get(f"/consent/{contribution.pk}/").content.decode()
    assert contributor.email not in page
    assert me.post(f"/contributions/{contribution.pk}/withdraw/").status_code == 302
    contribution.refresh_from_db()
    assert contribution.state == "withdrawn"


@pytest.mark.parametrize("asked", ["wo-SN,en;q=0.5", "de"])
def test_the_notice_in_the_readers_language(contribution: Contribution, contributor: User, asked: str) -> None:
    wording = Wording(text="Jàngal.", language="wo", version=current_notice().version)
    services.publish_notice(actor=None, wording=wording)
    shown = as_user(contributor).get(f"/api/v1/consent/{contribution.pk}", headers={"accept-language": asked}).json()
    assert shown["notice"]["language"] == ("wo" if asked.startswith("wo") else "en")
