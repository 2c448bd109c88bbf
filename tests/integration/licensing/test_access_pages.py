"""Requests for access as people and programs use them."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from rest_framework.test import APIClient

from collective.accounts.models import User
from collective.catalog.models import Dataset
from licensing import services
from licensing.models import AccessRequest, AccessRule, LicenseGrant, Offer
from licensing.selectors.access import current_questions
from payments.models import Journal, Order
from tests.factories import OrganizationFactory, UserFactory
from tests.integration.licensing import world
from tests.integration.licensing.test_access import PDF, ask
from tests.integration.licensing.test_api import as_user

# What pages show.
pytestmark = pytest.mark.once


@pytest.fixture
def restricted(offer: Offer, dataset: Dataset) -> Dataset:
    Dataset.objects.filter(pk=dataset.pk).update(visibility="restricted")
    return Dataset.objects.select_related("organization").get(pk=dataset.pk)


def page_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def order_body(offer: Offer) -> dict[str, Any]:
    text = offer.license_version.text_sha256
    hashes = {"offer_sha256": offer.offer_sha256, "text_sha256": text, "language": "en"}
    return {"offer_id": str(offer.pk), "client_ref": "run-1", "accepted": True, **hashes}


def test_by_api_from_the_question_to_the_grant(restricted: Dataset, offer: Offer, steward: User, buyer: User) -> None:
    desk, client = as_user(steward), APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {_key(buyer)}")
    address = f"/api/v1/datasets/{restricted.repo_id}"
    wanted = {"questions": [{"kind": "file", "text": "Ethics approval"}, {"kind": "yes_no", "text": "Open results?"}]}
    asked = desk.put(f"{address}/access-questions", wanted).json()
    assert APIClient().get(f"{address}/access-questions").json() == asked

    refused = client.post("/api/v1/orders", order_body(offer))
    assert (refused.status_code, refused.json()["code"]) == (403, "by_request")
    sent = client.post(f"{address}/access-files?name=e.pdf", PDF, content_type="application/octet-stream")
    assert sent.status_code == 201
    answers = {"q1": sent.json()["id"], "q2": "yes"}
    body = {"purpose": "Speech research.", "question_set": asked["id"], "answers": answers, "offers": [str(offer.pk)]}
    stale = client.post(f"{address}/access-requests", {**body, "question_set": None})
    assert (stale.status_code, stale.json()["code"]) == (409, "access_questions_changed")
    assert stale.json()["context"] == {"question_set": asked["id"]}
    made = client.post(f"{address}/access-requests", body)
    assert made.status_code == 201
    request = f"/api/v1/access-requests/{made.json()['id']}"
    assert [each["kind"] for each in made.json()["events"]] == ["asked"]
    fetched = desk.get(f"{request}/files/{sent.json()['id']}")
    assert b"".join(fetched.streaming_content) == PDF  # type: ignore[attr-defined] # of a FileResponse
    assert fetched.headers["Content-Disposition"].startswith("attachment")

    assert client.post(f"{request}/decision", {"decision": "approve", "reason": "Mine."}).status_code == 403
    assert desk.post(f"{request}/information", {"text": "Where?"}).json()["state"] == "needs_information"
    assert client.post(f"{request}/answer", {"text": "In Dakar."}).json()["state"] == "open"
    inbox = desk.get(f"{address}/access-requests?state=open").json()["results"]
    assert [each["id"] for each in inbox] == [made.json()["id"]]
    assert desk.get(f"{address}/access-requests?state=other").status_code == 400
    decided = desk.post(f"{request}/decision", {"decision": "approve", "reason": "Good.", "offers": [str(offer.pk)]})
    assert (decided.json()["state"], decided.json()["allowed_offers"]) == ("approved", [str(offer.pk)])
    again = desk.post(f"{request}/decision", {"decision": "decline", "reason": "No."})
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")

    order = client.post("/api/v1/orders", order_body(offer)).json()
    assert client.post(f"/api/v1/orders/{order['id']}/pay").json()["state"] == "paid"
    assert LicenseGrant.objects.get().offer == offer
    assert desk.post(f"{request}/end", {"text": "Over."}).json()["state"] == "ended"
    assert as_user(UserFactory.create()).get(f"{address}/access-requests").json()["results"] == []


def test_rules_by_api(restricted: Dataset, steward: User, buyer: User) -> None:
    address, desk = f"/api/v1/datasets/{restricted.repo_id}/access-rules", as_user(steward)
    made = desk.post(address, {"name": "R", "conditions": [{"field": "purpose", "any_of": ["research"]}], "days": 30})
    assert made.json()["words"] == ["The purpose contains “research”."]
    assert desk.post(address, {"name": "All", "conditions": []}).json()["code"] == "access_rule"
    request = ask(restricted, buyer)
    assert (request.state, str(request.rule_id)) == ("approved", made.json()["id"])
    assert as_user(buyer).post(f"/api/v1/access-rules/{made.json()['id']}/end").status_code == 403
    assert desk.post(f"/api/v1/access-rules/{made.json()['id']}/end").json()["ended_at"]
    assert desk.get(address).json() == []


def test_by_page_from_the_question_to_the_checkout(
    restricted: Dataset, offer: Offer, steward: User, buyer: User
) -> None:
    desk, client, base = page_of(steward), page_of(buyer), f"/datasets/{restricted.repo_id}/"
    editor = f"/desk/{restricted.repo_id}/access/questions/"
    rows = [("Where do you work?", "text", ""), ("How big?", "choice", "small\nlarge"), ("A paper", "file", "")]
    given = {"form-TOTAL_FORMS": "3", "form-INITIAL_FORMS": "0"}
    for number, (text, kind, options) in enumerate(rows):
        row = {"text": text, "kind": kind, "options": options, "required": "on", "code": ""}
        given |= {f"form-{number}-{name}": value for name, value in row.items()}
    assert desk.post(editor, given).status_code == 302
    assert b"How big?" in desk.get(editor).content

    shown = client.get(base).content.decode()
    assert f"{base}access/" in shown
    assert f"/checkout/{offer.pk}/" not in shown
    form = client.get(f"{base}access/")
    current = current_questions(restricted)
    assert current is not None
    answers = {"answer_q1": "Dakar", "answer_q2": "large", "question_set": str(current.pk)}
    filled = {"licensee": str(buyer.personal_organization.pk), "purpose": "Speech research.", **answers}
    assert form.status_code == 200
    incomplete = client.post(f"{base}access/", filled)
    assert incomplete.status_code == 200
    bad = {**filled, "answer_q3": SimpleUploadedFile("p.pdf", b"MZ\x00")}
    assert "whatever its name says" in client.post(f"{base}access/", bad).content.decode()
    assert not AccessRequest.objects.exists()
    sent = client.post(f"{base}access/", {**filled, "answer_q3": SimpleUploadedFile("p.pdf", PDF)})
    request = AccessRequest.objects.get()
    page = f"/access-requests/{request.pk}/"
    assert (sent.status_code, sent.headers["Location"]) == (302, page)
    assert "waiting for a decision" in client.get(base).content.decode()

    assert page in desk.get(f"/desk/{restricted.repo_id}/access/?state=open").content.decode()
    assert page not in desk.get(f"/desk/{restricted.repo_id}/access/?state=approved").content.decode()
    assert "one waits for your decision" in desk.get(f"/desk/{restricted.repo_id}/").content.decode()
    assert desk.post(f"{page}ask/", {"text": "Which lab?"}).status_code == 302
    answered = client.post(f"{page}answer/", {"text": "Mine.", "file": SimpleUploadedFile("more.txt", b"my lab")})
    assert answered.status_code == 302
    assert "This field is required" in desk.post(f"{page}approve/", {"text": ""}).content.decode()
    assert AccessRequest.objects.get().state == "open"
    past = desk.post(f"{page}approve/", {"text": "Good.", "until": "2020-01-01"})
    assert "must end in the future" in past.content.decode()
    assert desk.post(f"{page}approve/", {"text": "Good.", "until": "9999-12-31"}).status_code == 200
    assert desk.post(f"{page}approve/", {"text": "Good lab."}).status_code == 302
    late = desk.post(f"{page}decline/", {"text": "Too late."}, follow=True)
    assert "cannot become declined" in late.content.decode()

    told = client.get(page).content.decode()
    for words in ("Good lab.", "Which lab?", "more.txt", "p.pdf", "Dakar", "large", "Choose a license"):
        assert words in told
    assert f"/checkout/{offer.pk}/" in client.get(base).content.decode()
    assert page in client.get("/access-requests/").content.decode()
    checkout = client.get(f"/checkout/{offer.pk}/")
    hidden = {
        name: checkout.context["form"][name].value() for name in ("offer_sha256", "client_ref", "seen_total_minor")
    }
    bought = {**hidden, "licensee": str(buyer.personal_organization.pk), "accepted": "on"}
    assert client.post(f"/checkout/{offer.pk}/", bought).status_code == 302
    assert Order.objects.get().state == "awaiting_payment"


def test_a_rule_by_page(restricted: Dataset, offer: Offer, steward: User, buyer: User) -> None:
    desk, address = page_of(steward), f"/desk/{restricted.repo_id}/access/rules/"
    wanted = [{"kind": "yes_no", "text": "Open results?"}]
    services.publish_questions(actor=steward, dataset_id=restricted.pk, questions=wanted)
    assert "1 to 20 conditions" in desk.post(address, {"name": "All"}).content.decode()
    given = {"name": "Open", "licensee_kind": ["academic"], "answer_q1": ["yes"], "days": "10"}
    assert desk.post(address, given).status_code == 302
    page = desk.get(address).content.decode()
    assert "The answer to “Open results?” is “yes”." in page
    university, current = OrganizationFactory.create(owner=buyer, kind="academic"), current_questions(restricted)
    assert current is not None
    assert ask(restricted, buyer, university, question_set=current.pk, answers={"q1": "yes"}).state == "approved"
    rule = AccessRule.objects.get()
    assert desk.post(f"/access-rules/{rule.pk}/end/").status_code == 302
    assert f"rule-{rule.pk}" in page
    assert f"rule-{rule.pk}" not in desk.get(address).content.decode()


def test_long_lists_come_in_pages(restricted: Dataset, steward: User, buyer: User) -> None:
    for _ in range(26):
        ask(restricted, buyer, OrganizationFactory.create(owner=buyer))
    inbox = f"/desk/{restricted.repo_id}/access/"
    assert page_of(steward).get(inbox).content.count(b'scope="row"') == 25
    assert page_of(steward).get(f"{inbox}?page=2").content.count(b'scope="row"') == 1
    assert page_of(buyer).get("/access-requests/?page=2").content.count(b'scope="row"') == 1


def _key(user: User) -> str:
    from collective.accounts.services import create_api_key

    return create_api_key(actor=user, name="job", scopes=["purchase"])[1]


def test_what_is_sold_freely_still_is(version: Any, dataset: Dataset, offer: Offer, buyer: User) -> None:
    shown = page_of(buyer).get(f"/datasets/{dataset.repo_id}/").content.decode()
    assert f"/checkout/{offer.pk}/" in shown
    assert "/access/" not in shown
    assert world.granted(offer, version, buyer).state == "active"


def test_an_approval_that_ends_before_the_payment_takes_no_money(
    restricted: Dataset, offer: Offer, steward: User, buyer: User
) -> None:
    request, client = ask(restricted, buyer), as_user(buyer)
    services.approve_access(actor=steward, request_id=request.pk, reason="Good.")
    placed = client.post("/api/v1/orders", order_body(offer)).json()
    assert placed["state"] == "awaiting_payment"
    services.end_access(actor=steward, request_id=request.pk, reason="Over.")
    refused = client.post(f"/api/v1/orders/{placed['id']}/pay")
    assert (refused.status_code, refused.json()["code"]) == (403, "by_request")
    assert not LicenseGrant.objects.exists()
    assert not Journal.objects.exists()
