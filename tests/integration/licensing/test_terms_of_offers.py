"""Offers with parameters: attribution of named authors (G15), evaluation (G17), variants, editing (G11), privacy."""

import json
from base64 import urlsafe_b64decode
from typing import Any

import pytest
from django.core import mail
from rest_framework.test import APIClient

from collective.accounts.models import Membership, User
from collective.catalog.models import Dataset, DatasetVersion
from collective.catalog.services import open_version
from collective.core.errors import InvalidError
from collective.core.jobs.drain import drain
from licensing import services
from licensing.domain.claims import AcceptanceRecord
from licensing.errors import (
    ActionNotGrantedError,
    ActionUnknownError,
    EvaluationSplitMissingError,
    OfferBlockedError,
    OfferChangedError,
    OfferNotFoundError,
    ParametersError,
    PrivateOfferError,
    QuoteOnlyError,
)
from licensing.models import AccessRecord, LicenseGrant, LicenseVersion, Offer, Seat
from licensing.selectors import live_offers, offer_for, sellable_offers
from licensing.services.delivery import deliver_table
from tests.factories import OrganizationFactory, UserFactory
from tests.integration.licensing import world

EVAL_ONLY = "LicenseRef-DC-EVAL-ONLY-1.0"
NC = "CC-BY-NC-4.0"
STEWARDED = "LicenseRef-DC-STEWARDED-1.0"


def claims_of(grant: LicenseGrant) -> dict[str, Any]:
    payload = grant.jws.split(".")[1]
    decoded: dict[str, Any] = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return decoded["dc"]  # type: ignore[no-any-return] # JSON


def with_dataset(version: DatasetVersion) -> DatasetVersion:
    return DatasetVersion.objects.select_related("dataset__organization").get(pk=version.pk)


@pytest.fixture
def split_version(dataset: Dataset, contributor: User, steward: User) -> DatasetVersion:
    """One shard to train with, one to test with."""
    world.accepted(dataset, contributor, steward)
    return world.seal(open_version(actor=steward, dataset_id=dataset.pk), splits=("train", "test"))


def test_g15_all_named_authors_reach_offer_grant_and_manifest(dataset: Dataset, steward: User, buyer: User) -> None:
    authors = ("Ama Mensah", "Kofi Boateng", "Esi Owusu")
    said = world.declaration(license_id="CC-BY-4.0", authors=authors, url="https://example.org/source")
    world.accepted(dataset, UserFactory(), steward, said)
    version = world.publish(dataset, steward)
    offer = world.offered(dataset, steward)
    expected = [{"authors": list(authors), "license": "CC-BY-4.0", "url": "https://example.org/source"}]

    assert offer.terms["duties"]["credits"] == expected
    (sentence,) = [each for each in offer.plain_words.must if each.startswith("name those")]
    assert all(author in sentence for author in authors)
    assert claims_of(world.granted(offer, with_dataset(version), buyer))["credits"] == expected
    client = APIClient()
    client.force_authenticate(buyer)
    manifest = client.get(f"/api/v1/datasets/{dataset.repo_id}/manifest").json()
    assert (manifest["credits"], manifest["attribution"]) == (expected, offer.attribution)
    file = APIClient().get(f"/api/v1/datasets/{dataset.repo_id}/credits")
    assert f"{', '.join(authors)}\nLicense: CC-BY-4.0\nhttps://example.org/source\n" in file.text


def test_g13_share_alike_material_is_not_sold_without_redistribution(dataset: Dataset, steward: User) -> None:
    world.accepted(dataset, UserFactory(), steward, world.declaration(license_id=world.BY_SA))
    world.publish(dataset, steward)
    with pytest.raises(OfferBlockedError) as refused:
        world.offered(dataset, steward)
    assert "CC-BY-SA-4.0, GPL-3.0-only, LAL-1.3" in refused.value.blockers[0].sentence
    assert not Offer.objects.exists()
    assert world.offered(dataset, steward, "GPL-3.0-only").state == "live"


def test_g17_an_evaluation_license_gives_the_evaluation_split_and_no_training(
    split_version: DatasetVersion, dataset: Dataset, steward: User, buyer: User
) -> None:
    grant = world.granted(world.offered(dataset, steward, EVAL_ONLY), with_dataset(split_version), buyer)
    version = with_dataset(split_version)
    given: dict[str, Any] = {"actor": buyer, "key": None, "version": version}

    for action in ("", "evaluate", "access"):
        manifest = services.deliver_manifest(**given, action=action)
        assert [each.path for each in manifest.deliveries] == ["data/train-00001.parquet"]
    services.deliver_file(**given, path="data/train-00001.parquet")
    training, testing = version.files.filter(kind="data").order_by("path")
    table = deliver_table(**given, config=testing.config, split=testing.split)
    assert [each.path for each in table.deliveries] == ["data/train-00001.parquet"]
    records = AccessRecord.objects.count()
    for action in ("train", "fineTune", "redistribute"):
        with pytest.raises(ActionNotGrantedError) as refused:
            services.deliver_manifest(**given, action=action)
        assert refused.value.detail == {"action": action, "granted": "access, evaluate"}
    with pytest.raises(ActionNotGrantedError):
        services.deliver_file(**given, path="data/train-00000.parquet")
    with pytest.raises(ActionNotGrantedError):
        deliver_table(**given, config=training.config, split=training.split)
    with pytest.raises(ActionUnknownError):
        services.deliver_manifest(**given, action="fly")
    assert AccessRecord.objects.count() == records
    assert set(AccessRecord.objects.values_list("path", "grant")) == {("data/train-00001.parquet", grant.pk)}

    client = APIClient()
    client.force_authenticate(buyer)
    address = f"/api/v1/datasets/{dataset.repo_id}/manifest"
    answer = client.get(address, {"action": "train"})
    assert (answer.status_code, answer.json()["code"]) == (403, "action_not_granted")
    answer = client.get(address, {"action": "evaluate"})
    assert [each["path"] for each in answer.json()["files"]] == ["data/train-00001.parquet"]


def test_the_hub_says_before_the_bytes_what_it_says_of_them(
    split_version: DatasetVersion, dataset: Dataset, steward: User, buyer: User
) -> None:
    seat = {"caps": {"seats": 1}}
    offer = world.offered(dataset, steward, EVAL_ONLY, price_minor=0, parameters=seat)
    company = OrganizationFactory.create(owner=buyer, kind="sme")
    other = UserFactory.create()
    Membership.objects.create(organization=company, user=other, role="member")
    world.granted(offer, with_dataset(split_version), buyer, licensee=company)
    client = APIClient()
    client.force_authenticate(buyer)
    train, test = (f"/datasets/{dataset.repo_id}/resolve/main/data/train-0000{number}.parquet" for number in (0, 1))
    check = f"/api/datasets/{dataset.repo_id}/auth-check"
    assert (client.head(train).status_code, client.get(train).status_code) == (403, 403)
    assert (client.head(test).status_code, client.get(check).status_code) == (200, 200)
    assert not Seat.objects.exists()
    assert not AccessRecord.objects.exists()
    assert client.get(test).status_code == 200
    client.force_authenticate(other)
    assert [client.head(test).status_code, client.get(check).status_code, client.get(test).status_code] == [403] * 3
    assert Seat.objects.count() == 1


def test_a_wider_license_beside_it_gives_everything(
    split_version: DatasetVersion, dataset: Dataset, steward: User, buyer: User
) -> None:
    for license_id in (EVAL_ONLY, world.TRAIN):
        world.granted(world.offered(dataset, steward, license_id), with_dataset(split_version), buyer)
    for action, given in (("", 2), ("train", 2), ("evaluate", 1)):
        manifest = services.deliver_manifest(actor=buyer, key=None, version=with_dataset(split_version), action=action)
        assert len(manifest.deliveries) == given


def test_nothing_to_evaluate_with_is_not_offered_for_it(
    version: DatasetVersion, dataset: Dataset, steward: User
) -> None:
    with pytest.raises(EvaluationSplitMissingError):
        world.offered(dataset, steward, EVAL_ONLY)


def test_g11_the_text_that_was_accepted_stays_and_new_buyers_get_the_new_one(
    version: DatasetVersion, dataset: Dataset, steward: User, buyer: User
) -> None:
    old = world.license_named(world.TRAIN)
    grant = world.granted(world.offered(dataset, steward), with_dataset(version), buyer)
    services.retire_offer(actor=steward, offer_id=grant.offer_id)
    old.transition_to("retired")
    new = LicenseVersion.objects.create(
        template=old.template,
        version="1.1",
        text=b"another text",
        text_sha256="1" * 64,
        terms=old.terms,
        terms_sha256=old.terms_sha256,
        state="published",
        published_at=old.published_at,
    )
    fresh = services.publish_offer(
        actor=steward, dataset_id=dataset.pk, license_version_id=new.pk, price_minor=25_000, currency="EUR"
    )
    sold = world.granted(fresh, with_dataset(version), UserFactory())
    assert claims_of(grant)["license"]["text_sha256"] == old.text_sha256 != claims_of(sold)["license"]["text_sha256"]
    client = APIClient()
    served = client.get(f"/api/v1/licenses/sha256/{old.text_sha256}/text")
    assert (served.status_code, served.content) == (200, old.text_bytes)


def test_the_variant_that_was_accepted_is_the_one_in_the_grant(
    version: DatasetVersion, dataset: Dataset, steward: User
) -> None:
    offer = world.offered(dataset, steward, NC, price_minor=0)
    english, french = offer.license_version.variants().order_by("language")
    assert (english.language, french.language) == ("en", "fr")
    assert english.terms_sha256 == french.terms_sha256

    def conclude(text_sha256: str) -> LicenseGrant:
        reader = UserFactory()
        return services.issue_grant(
            order_id=reader.pk,
            offer_id=offer.pk,
            version_id=version.pk,
            licensee_id=reader.personal_organization.pk,
            accepted_by=reader,
            acceptance=AcceptanceRecord(offer.offer_sha256, offer.published_at, text_sha256=text_sha256),
        )

    for text in (english, french):
        license_claims = claims_of(conclude(text.text_sha256))["license"]
        assert (license_claims["text_sha256"], license_claims["language"]) == (text.text_sha256, text.language)
    with pytest.raises(OfferChangedError):
        conclude(world.license_named(world.TRAIN).text_sha256)
    listed = APIClient().get(f"/api/v1/licenses/sha256/{french.text_sha256}").json()
    assert {each["language"]: each["text_sha256"] for each in listed["variants"]} == {
        "en": english.text_sha256,
        "fr": french.text_sha256,
    }


def test_parameters_are_in_the_terms_the_words_and_the_grant(
    version: DatasetVersion, dataset: Dataset, steward: User, buyer: User
) -> None:
    parameters = {"scope": {"field": ["asr"], "territory": ["FR", "SN"]}, "caps": {"seats": 5, "service_accounts": 2}}
    offer = world.offered(
        dataset,
        steward,
        parameters=parameters,
        plan={"approval_required": True},
        audience_id=buyer.personal_organization.pk,
    )
    claims = claims_of(world.granted(offer, with_dataset(version), buyer))
    assert (claims["field"], claims["territory"], claims["seats"]) == (["asr"], ["FR", "SN"], 5)
    assert offer.terms["price"]["approval_required"] is True
    assert "People who use it: at most 5." in offer.plain_words.also
    with pytest.raises(ParametersError):
        world.offered(dataset, steward, "CC-BY-4.0", parameters=parameters)


def test_the_stewarded_license_is_approved_for_one_purpose(
    version: DatasetVersion, dataset: Dataset, steward: User, buyer: User
) -> None:
    one: dict[str, Any] = {"scope": {"purpose": ["education"]}}
    many = {"scope": {"purpose": ["education", "research"]}}
    asked = {"approval_required": True}
    for options, wrong in (
        ({}, {"plan.approval_required", "scope.purpose"}),
        ({"parameters": one}, {"plan.approval_required"}),
        ({"plan": asked, "parameters": many}, {"scope.purpose"}),
    ):
        with pytest.raises(InvalidError) as refused:
            world.offered(dataset, steward, STEWARDED, **options)
        assert set(refused.value.fields) == wrong
    private = world.offered(dataset, steward, STEWARDED, parameters=one, audience_id=buyer.personal_organization.pk)
    assert private.state == "live"

    client, address = APIClient(), f"/desk/{dataset.repo_id}/offers/new/"
    client.force_login(steward)
    license_version = str(world.license_named(STEWARDED).pk)
    given = {"license": license_version, "plan": "one_off", "price": "20", "currency": "EUR", "fee_mode": "added"}
    page = client.post(address, given, format="multipart").text
    assert "Under this license you approve each request first." in page
    assert "This license is for one purpose. Name it." in page
    filled = {**given, "purpose": "education", "approval_required": "on"}
    assert client.post(address, filled, format="multipart").status_code == 302
    offer = Offer.objects.get(audience=None)
    assert (offer.plan["approval_required"], offer.terms["scope"]["purpose"]) == (True, ["education"])


def test_an_offer_for_one_organization_is_nobody_elses(
    version: DatasetVersion, dataset: Dataset, steward: User, buyer: User
) -> None:
    other = UserFactory()
    offer = world.offered(dataset, steward, audience_id=buyer.personal_organization.pk)
    version = with_dataset(version)
    assert list(live_offers(dataset)) == []
    assert sellable_offers(version, buyer) == [offer]
    assert sellable_offers(version, other) == sellable_offers(version) == []
    assert offer_for(buyer, offer.pk) == offer_for(steward, offer.pk) == offer
    with pytest.raises(OfferNotFoundError):
        offer_for(other, offer.pk)
    with pytest.raises(PrivateOfferError):
        world.granted(offer, version, other)
    assert world.granted(offer, version, buyer).state == "active"


def test_a_quote_is_asked_answered_and_sold_to_the_one_who_asked(
    version: DatasetVersion, dataset: Dataset, steward: User, buyer: User
) -> None:
    scope = {"scope": {"field": ["asr"]}}
    offer = world.offered(dataset, steward, price_minor=0, plan={"model": "quote"}, parameters=scope)
    version = with_dataset(version)
    assert not offer.is_free
    with pytest.raises(QuoteOnlyError):
        services.check_offer_sellable(offer, version, buyer.personal_organization)
    asking = APIClient()
    asking.force_authenticate(buyer)
    asked = asking.post(f"/api/v1/offers/{offer.pk}/quote", {"use": "A keyboard for phones."}).json()
    assert asked["state"] == "open"
    again = asking.post(f"/api/v1/offers/{offer.pk}/quote", {"use": "The same."})
    assert (again.status_code, again.json()["code"]) == (409, "quote_open")

    drain()
    assert [message.to for message in mail.outbox] == [[steward.email]]
    assert "A keyboard" not in str(mail.outbox[0].body)

    deciding = APIClient()
    deciding.force_authenticate(steward)
    address = f"/api/v1/quotes/{asked['id']}/answer"
    assert asking.post(address, {"price_minor": 1, "currency": "EUR"}).status_code == 403
    answered = deciding.post(address, {"price_minor": 70_000, "currency": "EUR"}).json()
    private = Offer.objects.get(pk=answered["answer_id"])
    assert (private.audience, private.price_minor) == (buyer.personal_organization, 70_000)
    assert private.terms["scope"] == offer.terms["scope"]
    services.check_offer_sellable(private, version, buyer.personal_organization)
    assert deciding.post(f"/api/v1/quotes/{asked['id']}/decline", {"reason": "no"}).status_code == 409
    drain()
    assert [message.to for message in mail.outbox] == [[steward.email], [buyer.email]]
