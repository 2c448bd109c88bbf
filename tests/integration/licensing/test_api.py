"""Licensing over HTTP: rights, offers, grants, manifest, withdrawal, and the pages that show them."""

import hashlib
from dataclasses import dataclass, replace
from typing import Any

from django.test import Client
from rest_framework.test import APIClient

from collective.accounts.models import User
from collective.catalog.models import Contribution, Dataset, DatasetVersion
from collective.core.ids import new_id
from licensing.domain.actions import ACTION_CODES
from licensing.models import AccessRecord, LicenseGrant, Offer
from licensing.selectors import consent_state, current_notice, current_statement
from tests.factories import UserFactory
from tests.integration.licensing import world


def as_user(user: User) -> APIClient:
    client = APIClient()
    client.force_login(user)
    return client


def declared(**changes: Any) -> dict[str, Any]:
    return {
        "source": {
            "kind": "primary",
            "description": "Recorded at home.",
            "rights_role": "rightsholder",
            "license": "LicenseRef-DC-OWN-WORK",
            "country": "SN",
            **changes,
        },
        "consent": {
            "notice_sha256": current_notice().text_sha256,
            "answers": dict.fromkeys(ACTION_CODES, True),
            "commercial": True,
        },
        "attestation": {"statement_sha256": current_statement().text_sha256, "signer_name": "Ama Mensah"},
    }


def test_rights_are_read_declared_and_read_again(dataset: Dataset, contributor: User) -> None:
    contribution = world.drafted(dataset, contributor)
    address, client = f"/api/v1/contributions/{contribution.pk}/rights", as_user(contributor)

    before = client.get(address).json()
    assert before["declared"] is None
    assert before["notice"]["text_sha256"] == hashlib.sha256(before["notice"]["text"].encode()).hexdigest()
    assert [action["code"] for action in before["actions"]] == list(ACTION_CODES)

    answer = client.put(address, declared())
    assert answer.status_code == 200
    assert answer.json()["declared"]["answers"] == dict.fromkeys(ACTION_CODES, "given")
    assert client.get(address).json()["declared"]["country"] == "SN"


def test_a_wrong_declaration_is_a_problem_that_names_the_field(dataset: Dataset, contributor: User) -> None:
    contribution = world.drafted(dataset, contributor)
    address, client = f"/api/v1/contributions/{contribution.pk}/rights", as_user(contributor)

    answer = client.put(address, declared(license="BSL-1.1"))
    assert (answer.status_code, answer.json()["code"]) == (400, "declaration_incomplete")
    assert list(answer.json()["fields"]) == ["license_id"]

    unknown = declared()
    unknown["source"]["color"] = "red"
    assert client.put(address, unknown).status_code == 400
    assert client.get(address).json()["declared"] is None


def test_offers_are_published_read_and_retired(version: DatasetVersion, dataset: Dataset, steward: User) -> None:
    address = f"/api/v1/datasets/{dataset.repo_id}/offers"
    license_version = world.license_named(world.TRAIN)
    wanted = {"license_version": str(license_version.pk), "price_minor": 90_000, "currency": "EUR"}

    assert APIClient().post(address, wanted).status_code == 401
    made = as_user(steward).post(address, wanted)
    assert made.status_code == 201
    assert made.json()["price"] == "900.00"
    assert made.json()["license"]["text_sha256"] == license_version.text_sha256

    listed = APIClient().get(address).json()["results"]
    assert [each["offer_sha256"] for each in listed] == [made.json()["offer_sha256"]]
    assert as_user(steward).post(f"/api/v1/offers/{made.json()['id']}/retire").json()["state"] == "retired"
    assert APIClient().get(address).json()["results"] == []


def test_a_blocked_offer_answers_with_the_contributions(dataset: Dataset, steward: User, buyer: User) -> None:
    shy = world.accepted(dataset, UserFactory(), steward, world.declaration(refuse=("train",)), title="Shy")
    world.publish(dataset, steward)
    wanted = {"license_version": str(world.license_named(world.TRAIN).pk), "price_minor": 0, "currency": "EUR"}

    answer = as_user(steward).post(f"/api/v1/datasets/{dataset.repo_id}/offers", wanted)

    assert (answer.status_code, answer.json()["code"]) == (409, "offer_blocked")
    (blocker,) = answer.json()["context"]["blockers"]
    assert (blocker["contribution"], blocker["code"]) == (str(shy.pk), "action_refused")
    choices = as_user(steward).get(f"/api/v1/datasets/{dataset.repo_id}/offers/choices").json()
    for choice in choices:
        expected = ["action_refused"] if choice["license"]["terms"]["actions"]["train"] == "permit" else []
        assert [each["code"] for each in choice["blockers"]] == expected, choice["license"]["license_id"]
    assert as_user(buyer).get(f"/api/v1/datasets/{dataset.repo_id}/offers/choices").status_code == 403


def test_grants_are_seen_by_their_holders_only(
    grant: LicenseGrant, buyer: User, steward: User, contributor: User
) -> None:
    mine = as_user(buyer)
    assert [each["id"] for each in mine.get("/api/v1/grants").json()["results"]] == [str(grant.pk)]
    assert mine.get(f"/api/v1/grants/{grant.pk}").json()["pinned_version"] == "1.0.0"
    assert mine.get(f"/api/v1/grants/{grant.pk}/jws").content.decode() == grant.jws
    for other in (steward, contributor, UserFactory(is_staff=True)):
        assert as_user(other).get("/api/v1/grants").json()["results"] == []
        for address in (f"/api/v1/grants/{grant.pk}", f"/api/v1/grants/{grant.pk}/jws"):
            assert as_user(other).get(address).status_code == 404
    assert APIClient().get(f"/api/v1/grants/{grant.pk}").status_code == 401


def test_the_manifest_lists_every_shard_with_an_address_that_works(
    grant: LicenseGrant, version: DatasetVersion, buyer: User
) -> None:
    address = f"/api/v1/datasets/{version.dataset.repo_id}/manifest"
    answer = as_user(buyer).get(address, {"revision": "v1.0.0"})

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    body = answer.json()
    assert (body["version"], body["grant"]) == ("1.0.0", grant.urn)
    assert [each["rows"] for each in body["files"]] == [5, 5]
    for each in body["files"]:
        path = each["url"].split("//", 1)[1].partition("/")[2]
        content = b"".join(Client().get(f"/{path}"))
        assert hashlib.sha256(content).hexdigest() == each["sha256"]
    # Two addresses, and each of them followed once.
    assert [AccessRecord.objects.filter(first_byte=first).count() for first in (None, 0)] == [2, 2]


def test_the_manifest_is_refused_with_the_reason(offer: Offer, version: DatasetVersion, buyer: User) -> None:
    address = f"/api/v1/datasets/{version.dataset.repo_id}/manifest"
    anonymous, unlicensed = APIClient().get(address), as_user(buyer).get(address)
    assert (anonymous.status_code, anonymous.json()["code"]) == (401, "not_authenticated")
    assert (unlicensed.status_code, unlicensed.json()["code"]) == (403, "license_required")
    assert "datasets/" in unlicensed.json()["detail"]
    assert not AccessRecord.objects.exists()


def test_withdrawing_over_the_api_closes_the_manifest(
    grant: LicenseGrant, contribution: Contribution, version: DatasetVersion, contributor: User, buyer: User
) -> None:
    address = f"/api/v1/contributions/{contribution.pk}/withdraw"
    assert as_user(buyer).post(address).status_code == 404
    answer = as_user(contributor).post(address)
    assert (answer.status_code, answer.json()["state"]) == (200, "withdrawn")

    gone = as_user(buyer).get(f"/api/v1/datasets/{version.dataset.repo_id}/manifest", {"revision": "v1.0.0"})
    assert (gone.status_code, gone.json()["code"]) == (410, "version_withdrawn")


def test_texts_by_hash(db: None) -> None:
    for row in APIClient().get("/api/v1/licenses").json()["results"]:
        content = APIClient().get(f"/api/v1/licenses/sha256/{row['text_sha256']}/text").content
        assert hashlib.sha256(content).hexdigest() == row["text_sha256"]
        page = Client().get(f"/licenses/sha256/{row['text_sha256']}/")
        assert page.status_code == 200
        assert Client().get(f"/licenses/sha256/{row['text_sha256']}/text/").content == content
    assert APIClient().get(f"/api/v1/licenses/sha256/{'0' * 64}").status_code == 404


@dataclass(frozen=True)
class Visit:
    path: str
    who: str
    status: int


def test_pages_open_for_whom_they_are_meant(
    grant: LicenseGrant, contribution: Contribution, dataset: Dataset, buyer: User, steward: User, contributor: User
) -> None:
    draft = world.drafted(dataset, contributor)
    desk = f"/desk/{dataset.repo_id}/offers/new/"
    visits = [
        Visit("/licenses/", "buyer", 200),
        Visit(f"/licenses/{grant.pk}/", "buyer", 200),
        Visit(f"/licenses/{grant.pk}/", "steward", 404),
        Visit(f"/licenses/{grant.pk}/grant.jws", "buyer", 200),
        Visit(f"/licenses/{grant.pk}/grant.jws", "contributor", 404),
        Visit(f"/licenses/{new_id()}/", "buyer", 404),
        Visit(f"/agreements/{grant.agreement_id}/", "buyer", 302),
        Visit(f"/agreements/{grant.agreement_id}/", "steward", 404),
        Visit(desk, "steward", 200),
        Visit(desk, "buyer", 403),
        Visit(f"/contributions/{draft.pk}/rights/", "contributor", 200),
        Visit(f"/contributions/{draft.pk}/rights/", "steward", 404),
        Visit(f"/contributions/{contribution.pk}/rights/", "contributor", 409),
        Visit(f"/contributions/{contribution.pk}/withdraw/", "contributor", 200),
        Visit(f"/contributions/{contribution.pk}/withdraw/", "steward", 404),
        Visit(f"/datasets/{dataset.repo_id}/", "buyer", 200),
        Visit(f"/desk/{dataset.repo_id}/", "steward", 200),
    ]
    people = {"buyer": buyer, "steward": steward, "contributor": contributor}
    found = [replace(visit, status=as_user(people[visit.who]).get(visit.path).status_code) for visit in visits]
    assert found == visits
    assert Client().get("/licenses/").status_code == 302


def test_the_forms_do_what_the_api_does(dataset: Dataset, contributor: User, steward: User) -> None:
    contribution = world.drafted(dataset, contributor)
    address = f"/contributions/{contribution.pk}/rights/"
    filled = {
        "kind": "primary",
        "description": "At home",
        "rights_role": "rightsholder",
        "license": "LicenseRef-DC-OWN-WORK",
        "people": "self",
        "answers": list(ACTION_CODES),
        "commercial": "on",
        "signer_name": "Ama",
        "agreed": "on",
        "notice_sha256": current_notice().text_sha256,
        "statement_sha256": current_statement().text_sha256,
    }
    unsigned = as_user(contributor).post(address, {**filled, "agreed": ""}, format="multipart")
    assert unsigned.status_code == 200
    assert not consent_state(contribution).given

    saved = as_user(contributor).post(address, filled, format="multipart")
    assert (saved.status_code, saved.headers["Location"]) == (302, f"/contributions/{contribution.pk}/")
    assert consent_state(contribution).commercial

    world.accepted(dataset, UserFactory(), steward)
    world.publish(dataset, steward)
    offer = {
        "license": str(world.license_named(world.TRAIN).pk),
        "price": "12.5",
        "currency": "EUR",
        "fee_mode": "added",
    }
    address = f"/desk/{dataset.repo_id}/offers/new/"
    assert as_user(steward).post(address, {**offer, "price": "0.1"}, format="multipart").status_code == 200
    assert not Offer.objects.exists()
    assert as_user(steward).post(address, offer, format="multipart").status_code == 302
    assert Offer.objects.get().price_minor == 1250


def test_withdrawing_on_the_page(contribution: Contribution, version: DatasetVersion, contributor: User) -> None:
    answer = as_user(contributor).post(f"/contributions/{contribution.pk}/withdraw/", {}, format="multipart")
    assert answer.status_code == 302
    version.refresh_from_db()
    assert version.state == "withdrawn_content"


def test_keys_and_status_list_are_public(grant: LicenseGrant) -> None:
    keys = Client().get("/.well-known/jwks.json")
    assert keys["Content-Type"] == "application/jwk-set+json"
    assert [each["kid"] for each in keys.json()["keys"]] == [grant.signing_key_id]
    assert Client().get("/status/1").content.count(b".") == 2
    assert Client().get("/status/2").status_code == 404


def test_a_version_that_an_offer_does_not_cover_is_not_shown_under_it(
    offer: Offer, dataset: Dataset, steward: User, buyer: User
) -> None:
    name, address = offer.license_version.template.name, f"/datasets/{dataset.repo_id}/"
    assert f'<section class="panel terms" aria-label="License">\n  <h2>{name}</h2>' in as_user(buyer).get(address).text
    world.accepted(dataset, UserFactory(), steward, world.declaration(refuse=("train",)), title="Shy")
    world.publish(dataset, steward)

    assert f"<h2>{name}</h2>" not in as_user(buyer).get(address).text.partition("terms")[2].partition("</section>")[0]
    assert "Shy" in as_user(steward).get(f"/desk/{dataset.repo_id}/").text.partition("is not sold under")[2]
