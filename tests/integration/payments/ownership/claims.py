"""A claim to what a market sold, and those whom it concerns."""

from collections.abc import Callable
from datetime import timedelta

from django.test import Client

from collective.accounts.models import User
from collective.catalog.models import Contribution, DatasetVersion
from licensing.models import LicenseGrant, OwnershipClaim
from licensing.services import (
    Claimed,
    authorize,
    file_claim,
    review_claim,
    uphold_claim,
)
from payments.models import Order
from payments.services import (
    settle_pool,
)
from tests.factories import UserFactory
from tests.integration.payments.market import Market, buy, offer, open_market

RunJobs = Callable[[], list[str]]
WORDS = Claimed("Ada Okoye", "ada@example.org", "The first 12 recordings.", "I made them.", "https://example.org/1")
LATER = timedelta(days=15)


def claim_to(market: Market, name: str = "", *, upheld: bool = True) -> OwnershipClaim:
    part = Contribution.objects.get(dataset=market.dataset, contributor=market.contributors[name]).pk if name else None
    claimant = UserFactory.create()
    claim = file_claim(actor=claimant, dataset_id=market.dataset.pk, claimed=WORDS, contribution_id=part)
    if upheld:
        decider = UserFactory.create(is_staff=True)
        review_claim(actor=market.steward, claim_id=claim.pk)
        claim = uphold_claim(actor=decider, claim_id=claim.pk, reason="The recordings are theirs.")
    return claim


def grant_of(made: Order) -> LicenseGrant:
    return LicenseGrant.objects.select_related("pinned_version__dataset").get(order_id=made.pk)


def download(made: Order) -> None:
    version = grant_of(made).pinned_version
    authorize(actor=made.buyer, key=None, version=type(version).objects.select_related("dataset").get(pk=version.pk))


def elsewhere(market: Market, name: str) -> DatasetVersion:
    """The same payee earns 10.00 from a dataset that nobody claims."""
    other = open_market({name: [1]}, people=market.contributors)
    buy(offer(other, 1_000, "USD"))
    settle_pool(version_id=other.version.pk, currency="USD")
    return other.version


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
