"""Offers: what blocks them, what they freeze, and what is asked again at each sale."""

from dataclasses import replace

import pytest

from collective.accounts.models import Organization, User
from collective.catalog.errors import NotStewardError
from collective.catalog.models import Contribution, Dataset, DatasetVersion
from licensing import services
from licensing.domain.hashing import canonical_sha256
from licensing.errors import (
    ByRequestError,
    LicenseeKindError,
    NothingToOfferError,
    OfferBlockedError,
    OfferExistsError,
    OfferHeldBackError,
    OfferRetiredError,
    PriceTooLowError,
    VersionNotOfferedError,
)
from licensing.models import LicenseGrant, Offer
from licensing.selectors import sellable_offers
from tests.factories import OrganizationFactory, UserFactory
from tests.integration.licensing import world


def test_an_offer_lists_the_dataset_and_hashes_what_it_says(
    version: DatasetVersion, dataset: Dataset, steward: User
) -> None:
    offer = world.offered(dataset, steward, price_minor=90_000, duration_days=365)

    dataset.refresh_from_db()
    assert dataset.state == "listed"
    assert offer.state == "live"
    assert offer.offer_sha256 == canonical_sha256(offer.snapshot)
    assert offer.snapshot["price"] == {"model": "one_off", "amount": "900.00", "currency": "EUR"}
    assert offer.snapshot["versions"] == {"from": "1.0.0", "range": "^1.0"}
    assert offer.terms["time"]["duration"] == "P365D"
    assert offer.terms["duties"]["attribute"]["text"] == offer.attribution
    assert offer.terms_sha256 == canonical_sha256(offer.terms) == offer.snapshot["license"]["terms_sha256"]
    assert offer.snapshot["license"]["text_sha256"] == offer.license_version.text_sha256


def test_every_blocking_contribution_is_named_with_its_reason(
    contribution: Contribution, dataset: Dataset, steward: User
) -> None:
    said = world.declaration(refuse=("trainGenerative",), commercial=False)
    refused = world.accepted(dataset, UserFactory(), steward, said, title="Shy")
    shared = world.accepted(
        dataset, UserFactory(), steward, world.declaration(license_id=world.BY_SA), title="Shared alike"
    )
    world.publish(dataset, steward)

    with pytest.raises(OfferBlockedError) as blocked:
        world.offered(dataset, steward)

    found = {(each.contribution_id, each.code) for each in blocked.value.blockers}
    assert found == {(refused.pk, "action_refused"), (refused.pk, "commercial_refused"), (shared.pk, "share_alike")}
    assert "“Shy”, “Shared alike”" in blocked.value.message
    assert contribution.title not in blocked.value.message
    assert not Offer.objects.exists()
    dataset.refresh_from_db()
    assert dataset.state == "draft"


def test_share_alike_material_goes_out_under_its_own_license(dataset: Dataset, steward: User) -> None:
    world.accepted(dataset, UserFactory(), steward, world.declaration(license_id=world.BY_SA))
    world.publish(dataset, steward)

    for other in (world.TRAIN, world.RESEARCH, "CC0-1.0", "CC-BY-4.0"):
        with pytest.raises(OfferBlockedError):
            world.offered(dataset, steward, other)

    assert world.offered(dataset, steward, world.BY_SA).state == "live"


def test_research_needs_no_commercial_consent(dataset: Dataset, steward: User) -> None:
    world.accepted(dataset, UserFactory(), steward, world.declaration(commercial=False))
    world.publish(dataset, steward)
    assert world.offered(dataset, steward, world.RESEARCH).state == "live"
    with pytest.raises(OfferBlockedError):
        world.offered(dataset, steward, world.TRAIN)


def test_one_live_offer_per_license(offer: Offer, dataset: Dataset, steward: User) -> None:
    with pytest.raises(OfferExistsError):
        world.offered(dataset, steward, price_minor=100)
    assert Offer.objects.filter(state="live").count() == 1

    services.retire_offer(actor=steward, offer_id=offer.pk)
    assert world.offered(dataset, steward, price_minor=100).price_minor == 100


def test_only_stewards_offer_and_retire(offer: Offer, dataset: Dataset, contributor: User, buyer: User) -> None:
    for other in (contributor, buyer):
        with pytest.raises(NotStewardError):
            world.offered(dataset, other, world.RESEARCH)
        with pytest.raises(NotStewardError):
            services.retire_offer(actor=other, offer_id=offer.pk)
    offer.refresh_from_db()
    assert offer.state == "live"


def test_nothing_to_offer_without_a_version(dataset: Dataset, steward: User) -> None:
    with pytest.raises(NothingToOfferError):
        world.offered(dataset, steward)


def test_a_price_is_free_or_enough(version: DatasetVersion, dataset: Dataset, steward: User) -> None:
    with pytest.raises(PriceTooLowError):
        world.offered(dataset, steward, price_minor=49)
    assert world.offered(dataset, steward, price_minor=0).is_free


def test_sellable_only_while_live_and_uncovered_by_nothing(
    offer: Offer, version: DatasetVersion, contribution: Contribution, contributor: User, steward: User, buyer: User
) -> None:
    services.check_offer_sellable(offer, version, buyer.personal_organization)

    services.withdraw_contribution(actor=contributor, contribution_id=contribution.pk)
    version.refresh_from_db()
    with pytest.raises(VersionNotOfferedError):
        services.check_offer_sellable(offer, version, buyer.personal_organization)

    retired = services.retire_offer(actor=steward, offer_id=offer.pk)
    with pytest.raises(OfferRetiredError):
        services.check_offer_sellable(retired, version, buyer.personal_organization)


def test_a_later_version_is_judged_by_its_own_contributions(
    offer: Offer, version: DatasetVersion, dataset: Dataset, steward: User, buyer: User
) -> None:
    world.accepted(dataset, UserFactory(), steward, world.declaration(refuse=("train",)), title="No training")
    later = world.publish(dataset, steward)
    later.dataset.refresh_from_db()

    services.check_offer_sellable(offer, version, buyer.personal_organization)
    with pytest.raises(OfferHeldBackError) as held_back:
        services.check_offer_sellable(offer, later, buyer.personal_organization)
    assert "No training" not in f"{held_back.value.message} {held_back.value.detail}", "a buyer reads no titles"


def test_the_next_major_version_is_outside(offer: Offer, dataset: Dataset, steward: User, buyer: User) -> None:
    later = world.publish(dataset, steward, bump="major")
    later.dataset.refresh_from_db()
    with pytest.raises(VersionNotOfferedError):
        services.check_offer_sellable(offer, later, buyer.personal_organization)


def test_a_research_license_is_for_those_it_names(version: DatasetVersion, dataset: Dataset, steward: User) -> None:
    offer = world.offered(dataset, steward, world.RESEARCH, price_minor=0)
    company, university = (
        OrganizationFactory.create(name=f"The {kind}", kind=kind) for kind in ("enterprise", "academic")
    )
    version = DatasetVersion.objects.select_related("dataset").get(pk=version.pk)
    services.check_offer_sellable(offer, version, university)
    with pytest.raises(LicenseeKindError) as refused:
        services.check_offer_sellable(offer, version, company)
    assert refused.value.message == (
        "The Research License is for universities and schools and non-profit organizations only, "
        "and The enterprise is a large company."
    )


def test_what_is_given_by_request_is_not_sold_to_whoever_comes(
    offer: Offer, version: DatasetVersion, dataset: Dataset, buyer: User
) -> None:
    Dataset.objects.update(visibility="restricted")
    offer = Offer.objects.get(pk=offer.pk)
    version = DatasetVersion.objects.select_related("dataset").get(pk=version.pk)
    with pytest.raises(ByRequestError):
        world.granted(offer, version, buyer)
    assert not LicenseGrant.objects.exists()
    assert sellable_offers(version) == []


def test_the_longest_names_still_make_an_attribution(version: DatasetVersion, dataset: Dataset, steward: User) -> None:
    Organization.objects.filter(pk=dataset.organization_id).update(name="o" * 150)
    Dataset.objects.update(title="t" * 200)
    made = world.offered(dataset, steward)
    assert made.attribution == "o" * 150 + ", " + "t" * 148


def test_a_no_to_a_use_is_heard_also_where_nobody_asked(dataset: Dataset, contributor: User, steward: User) -> None:
    said = world.declaration()
    refused = {**said.consent.answers, "voiceClone": False, "surveillance": False}
    world.accepted(dataset, contributor, steward, replace(said, consent=replace(said.consent, answers=refused)))
    world.publish(dataset, steward)
    for license_id in ("CC-BY-4.0", world.TRAIN):
        with pytest.raises(OfferBlockedError) as blocked:
            world.offered(dataset, steward, license_id)
        assert [each.code for each in blocked.value.blockers] == ["use_refused"]
    forbidden = {"prohibited_uses": {"codes": ["reidentify", "surveillance", "unlawful", "voiceClone"]}}
    assert world.offered(dataset, steward, parameters=forbidden).state == "live"
