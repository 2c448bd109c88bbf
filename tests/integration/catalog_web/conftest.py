"""A market with a few datasets, made by the services."""

import pytest
from django.test import Client

from collective.accounts.models import User
from collective.catalog.models import Contribution, Dataset
from collective.catalog.services import list_dataset
from tests.factories import ContributionFactory, DatasetFactory, UserFactory
from tests.integration.ingestion.flow import accepted, published_version

LINES = '{"text": "ọjà àárọ̀", "language": "yo"}\n{"text": "صباح الخير", "language": "ar"}\n'.encode()


@pytest.fixture
def steward() -> User:
    made: User = UserFactory.create(name="Ngozi")
    return made


@pytest.fixture
def dataset(steward: User) -> Dataset:
    """Listed, without a version and without an offer."""
    made = DatasetFactory.create(
        steward=steward,
        title="Morning market",
        slug="morning",
        languages=["yo", "ar"],
        task="text-classification",
        card="# About\n\nHeard <b>at</b> the market.",
    )
    return list_dataset(actor=steward, dataset_id=made.pk)


@pytest.fixture
def published(dataset: Dataset) -> Dataset:
    """With a version of two records, by the whole pipeline."""
    accepted(dataset, ("lines.jsonl", LINES))
    published_version(dataset)
    return dataset


@pytest.fixture
def waiting(dataset: Dataset) -> Contribution:
    """Validated by fiat: what the steward sees does not depend on how."""
    made: Contribution = ContributionFactory.create(
        dataset=dataset, state="validated", record_count=7, title="More voices"
    )
    return made


@pytest.fixture
def as_steward(steward: User, client: Client) -> Client:
    client.force_login(steward)
    return client
