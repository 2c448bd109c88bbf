"""“Can I combine these?” by page and by API, and the check of all one's licenses together."""

from typing import Any

from django.test import Client
from rest_framework.test import APIClient

from collective.accounts.models import User
from collective.catalog.models import Dataset, DatasetVersion
from licensing import services
from licensing.models import LicenseGrant, Offer
from tests.factories import UserFactory
from tests.integration.licensing import world

JOB = {"action": "train", "commercial": True, "territory": ["FR"], "licensee_type": "individual"}


def asked(kind: str, body: dict[str, Any], user: User | None = None) -> Any:
    client = APIClient()
    if user is not None:
        client.force_login(user)
    return client.post(f"/api/v1/compatibility/{kind}", body)


def page(address: str, user: User | None = None) -> str:
    client = Client()
    if user is not None:
        client.force_login(user)
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_attribution_and_open_database_together(db: None) -> None:
    found = asked("merge", {"sources": ["CC-BY-4.0", "ODbL-1.0"], "target": "CC-BY-4.0"}).json()
    assert (found["decision"]["result"], found["possible"]) == ("deny", ["ODbL-1.0"])
    assert [(each["source"], each["code"]) for each in found["decision"]["reasons"]] == [("ODbL-1.0", "share_alike")]
    assert {each["source"] for each in found["decision"]["duties"] if each["code"] == "attribute"} == {
        "CC-BY-4.0",
        "ODbL-1.0",
    }


def test_a_dataset_is_taken_as_it_is_offered(dataset: Dataset, offer: Offer, version: DatasetVersion) -> None:
    found = asked("merge", {"sources": [dataset.repo_id]}).json()
    name = f"{dataset.repo_id} {version.number}"
    assert found["sources"] == [{"source": name, "license": world.TRAIN, "state": "active"}]
    assert (found["decision"], found["possible"]) == (None, [])
    assert {each["result"] for each in found["targets"]} == {"internal_only"}


def test_training_says_what_each_license_asks_for(dataset: Dataset, offer: Offer) -> None:
    found = asked("train", {"sources": [dataset.repo_id, "CC-BY-NC-4.0"], "job": {**JOB, "release": "weights"}}).json()
    assert found["decision"]["result"] == "deny"
    assert [each["code"] for each in found["decision"]["reasons"] if each["source"] == "CC-BY-NC-4.0"] == [
        "commercial_not_granted"
    ]
    assert [each["code"] for each in found["decision"]["reasons"] if each["source"] != "CC-BY-NC-4.0"] == [
        "release_not_granted"
    ]


def test_a_license_that_is_held_counts_before_the_offer(grant: LicenseGrant, buyer: User, steward: User) -> None:
    body = {"sources": [grant.dataset.repo_id], "job": JOB}
    assert asked("train", body, buyer).json()["decision"]["result"] == "allow_with_obligations"
    services.suspend_grant(actor=steward, grant_id=grant.pk, reason="An open question.")

    theirs = asked("train", body, buyer).json()
    assert [each["code"] for each in theirs["decision"]["reasons"]] == ["license_suspended"]
    assert asked("train", body, UserFactory()).json()["decision"]["result"] == "allow_with_obligations"


def test_several_offers_must_be_told_apart(dataset: Dataset, offer: Offer, steward: User) -> None:
    world.offered(dataset, steward, world.BY_SA, price_minor=0)
    answer = asked("merge", {"sources": [dataset.repo_id]})
    assert (answer.status_code, answer.json()["code"]) == (400, "source_unclear")
    choices = {f"{dataset.repo_id}@{license_id}" for license_id in (world.BY_SA, world.TRAIN)}
    assert set(answer.json()["context"]["choices"]) == choices
    named = asked("merge", {"sources": [f"{dataset.repo_id}@{world.BY_SA}"], "target": "CC0-1.0"}).json()
    assert named["decision"]["result"] == "deny"
    by_offer = asked("merge", {"sources": [f"{dataset.repo_id}@{offer.pk}"]}).json()
    assert by_offer["sources"][0]["license"] == world.TRAIN


def test_what_one_may_not_see_is_as_unknown_as_what_is_not(dataset: Dataset, version: DatasetVersion) -> None:
    Dataset.objects.filter(pk=dataset.pk).update(visibility="private")
    for source in (dataset.repo_id, "nobody/nothing", "No-Such-License"):
        answer = asked("merge", {"sources": [source]})
        assert (answer.status_code, answer.json()["code"]) == (400, "source_unknown")


def test_input_is_strict(db: None) -> None:
    bodies: list[dict[str, Any]] = [
        {"sources": []},
        {"sources": ["CC0-1.0"], "job": {**JOB, "territory": ["ZZ"]}},
        {"sources": ["CC0-1.0"], "job": {**JOB, "action": "sing"}},
        {"sources": ["CC0-1.0"], "job": {**JOB, "flop": 10}, "more": 1},
    ]
    for body in bodies:
        assert asked("train", body).status_code == 400


def test_the_page_answers_from_its_address_alone(db: None) -> None:
    found = page("/combine/?license=CC-BY-4.0&license=ODbL-1.0&into=CC-BY-4.0")
    assert "No, you may not publish it under this license." in found
    assert "Licenses under which you may publish it" in found
    assert "ODbL-1.0 may be offered only under: ODbL-1.0." in found
    assert 'value="ODbL-1.0" id' in found.replace("checked ", "")
    assert 'id="answer"' not in page("/combine/")


def test_the_page_says_when_nothing_is_possible(db: None) -> None:
    found = page("/combine/?license=CC-BY-SA-4.0&license=ODbL-1.0")
    assert "No license that we know lets you publish data made from all of these." in found
    assert "Licenses under which you may not publish it" in found
    assert "Licenses under which you may publish it" not in found


def test_the_page_shows_what_is_wrong_beside_the_field(db: None) -> None:
    assert "There is no license and no dataset “a/b”, or you may not see it." in page("/combine/?dataset=a%2Fb")
    assert "Unknown: XX." in page("/combine/?license=CC0-1.0&question=train&territory=XX")
    assert "Write a number, as in 1e21." in page("/combine/?license=CC0-1.0&question=train&flop=many")


def test_all_of_my_licenses_together(grant: LicenseGrant, buyer: User) -> None:
    mine = page("/licenses/", buyer)
    query = f"question=train&amp;dataset={grant.dataset.repo_id.replace('/', '%2F')}%40{world.TRAIN}"
    assert f'href="/combine/?{query}"' in mine
    answer = page("/combine/?" + query.replace("&amp;", "&"), buyer)
    assert "Yes, you may use all of it for this, if you keep these duties." in answer
    assert f"{grant.dataset.repo_id} {grant.pinned_version.number}" in answer
    with_weights = page("/combine/?release=weights&" + query.replace("&amp;", "&"), buyer)
    assert "No, you may not use all of it for this." in with_weights


def test_the_pages_of_a_license_and_of_a_dataset_lead_there(dataset: Dataset, offer: Offer) -> None:
    assert f'href="/combine/?license={world.TRAIN}"' in page(f"/licenses/sha256/{offer.license_version.text_sha256}/")
    escaped = dataset.repo_id.replace("/", "%2F")
    assert f'href="/combine/?dataset={escaped}"' in page(f"/datasets/{dataset.repo_id}/")
