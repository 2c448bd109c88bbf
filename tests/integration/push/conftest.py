"""Two people and a dataset that takes contributions."""

from pathlib import Path

import pytest
from pytest_django import Settings

from collective.accounts.models import User
from collective.catalog.models import Dataset
from tests.factories import DatasetFactory, OrganizationFactory, UserFactory
from tests.integration.push.pusher import Pusher, pusher_for


@pytest.fixture
def steward(db: None, settings: Settings, tmp_path: Path) -> User:
    settings.STORAGE_DIR = tmp_path / "objects"
    user: User = UserFactory.create(name="Amara")
    OrganizationFactory.create(slug="acme", name="Acme", owner=user)
    return user


@pytest.fixture
def contributor(steward: User) -> User:
    user: User = UserFactory.create(name="Bela")
    return user


@pytest.fixture
def dataset(steward: User) -> Dataset:
    """`acme/open`: a draft that everybody may contribute to, without a version."""
    made: Dataset = DatasetFactory.create(
        organization=steward.memberships.get(organization__slug="acme").organization, steward=steward, slug="open"
    )
    return made


@pytest.fixture
def pusher(contributor: User, dataset: Dataset) -> Pusher:
    return pusher_for(contributor, dataset.repo_id)
