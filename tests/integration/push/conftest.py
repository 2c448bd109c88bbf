"""Two people and a dataset that takes contributions."""

from pathlib import Path

import pytest
from pytest_django import Settings

from collective.accounts.models import Organization, User
from collective.catalog.models import Dataset
from tests.contract.hub.published import Market, open_market
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


@pytest.fixture
def market(steward: User, tmp_path: Path) -> Market:
    """`acme/greetings`, published and on offer, and open to contributions."""
    steward.memberships.filter(organization__slug="acme").delete()
    Organization.objects.filter(slug="acme").update(slug="other")
    (tmp_path / "built").mkdir()
    return open_market(tmp_path / "built")
