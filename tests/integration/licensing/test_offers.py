"""Offers: what blocks them, what they freeze, and what is asked again at each sale."""

import pytest

from collective.accounts.models import User
from collective.catalog.errors import NotStewardError
from collective.catalog.models import Contribution, Dataset, DatasetVersion
from licensing import services
from licensing.domain.hashing import canonical_sha256
from licensing.errors import (
    NothingToOfferError,
    OfferBlockedError,
    OfferExistsError,
    OfferRetiredError,
    PriceTooLowError,
    VersionNotOfferedError,
)
from licensing.models import Offer
from tests.factories import UserFactory
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
    offer: Offer, version: DatasetVersion, contribution: Contribution, contributor: User, steward: User
) -> None:
    services.check_offer_sellable(offer, version)

    services.withdraw_contribution(actor=contributor, contribution_id=contribution.pk)
    version.refresh_from_db()
    with pytest.raises(VersionNotOfferedError):
        services.check_offer_sellable(offer, version)

    retired = services.retire_offer(actor=steward, offer_id=offer.pk)
    with pytest.raises(OfferRetiredError):
        services.check_offer_sellable(retired, version)


def test_a_later_version_is_judged_by_its_own_contributions(
    offer: Offer, version: DatasetVersion, dataset: Dataset, steward: User
) -> None:
    world.accepted(dataset, UserFactory(), steward, world.declaration(refuse=("train",)), title="No training")
    later = world.publish(dataset, steward)
    later.dataset.refresh_from_db()

    services.check_offer_sellable(offer, version)
    with pytest.raises(OfferBlockedError) as blocked:
        services.check_offer_sellable(offer, later)
    assert [each.title for each in blocked.value.blockers] == ["No training"]


def test_the_next_major_version_is_outside(offer: Offer, dataset: Dataset, steward: User) -> None:
    later = world.publish(dataset, steward, bump="major")
    later.dataset.refresh_from_db()
    with pytest.raises(VersionNotOfferedError):
        services.check_offer_sellable(offer, later)
