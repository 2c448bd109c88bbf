"""Who is who in the tests of licensing."""

import pytest

from collective.accounts.models import User
from collective.catalog.models import Contribution, Dataset, DatasetVersion
from licensing.models import LicenseGrant, Offer
from tests.factories import DatasetFactory, UserFactory
from tests.integration.licensing import world


@pytest.fixture
def steward(db: None) -> User:
    return UserFactory()


@pytest.fixture
def contributor(db: None) -> User:
    return UserFactory()


@pytest.fixture
def buyer(db: None) -> User:
    return UserFactory()


@pytest.fixture
def dataset(steward: User) -> Dataset:
    return DatasetFactory(steward=steward, title="Wolof greetings")


@pytest.fixture
def contribution(dataset: Dataset, contributor: User, steward: User) -> Contribution:
    return world.accepted(dataset, contributor, steward)


@pytest.fixture
def version(contribution: Contribution, dataset: Dataset, steward: User) -> DatasetVersion:
    return world.publish(dataset, steward)


@pytest.fixture
def offer(version: DatasetVersion, dataset: Dataset, steward: User) -> Offer:
    made = world.offered(dataset, steward)
    version.dataset.refresh_from_db()
    return made


@pytest.fixture
def grant(offer: Offer, version: DatasetVersion, buyer: User) -> LicenseGrant:
    return world.granted(offer, version, buyer)
