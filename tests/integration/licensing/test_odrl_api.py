"""Policies over HTTP: an offer's is public, an agreement's is its licensee's."""

from rdflib import Graph, URIRef
from rest_framework.test import APIClient

from collective.accounts.models import User
from licensing.models import LicenseGrant
from tests.factories import UserFactory

ODRL = "http://www.w3.org/ns/odrl/2/"


def test_an_offer_and_its_agreement(grant: LicenseGrant, buyer: User) -> None:
    offered = APIClient().get(f"/api/v1/offers/{grant.offer_id}/odrl")
    assert (offered.status_code, offered["Content-Type"]) == (200, "application/ld+json")
    assert offered.json()["@type"] == ["odrl:Policy", "odrl:Offer"]
    assert offered.json()["dc:licenseTextSha256"] == grant.offer.license_version.text_sha256

    client, stranger = APIClient(), APIClient()
    client.force_authenticate(buyer)
    stranger.force_authenticate(UserFactory())
    address = f"/api/v1/grants/{grant.pk}/odrl"
    assert [each.get(address).status_code for each in (stranger, APIClient())] == [404, 401]
    agreed = Graph().parse(data=client.get(address).content, format="json-ld")
    (source,) = agreed.objects(None, URIRef("http://www.w3.org/ns/prov#wasDerivedFrom"))
    assert str(source) == offered.json()["@id"]
    assert {str(each).rpartition("/organizations/")[2] for each in agreed.objects(None, URIRef(f"{ODRL}assignee"))} == {
        f"{grant.licensee.slug}/"
    }


def test_the_profile_is_public() -> None:
    answer = APIClient().get("/ns/odrl-profile/1")
    assert answer["Content-Type"] == "text/turtle; charset=utf-8"
    profile = Graph().parse(data=answer.content, format="turtle")
    whole = URIRef(f"{ODRL}includedIn")
    assert len(list(profile.subject_objects(whole))) == 16
