"""A dataset on sale behind a real server, and keys with and without a license for it."""

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.contract.hub.clients import Client
from tests.contract.hub.published import Market, key_for, licensed_buyer, open_market
from tests.factories import UserFactory


@pytest.fixture
def market(transactional_db: None, settings: Settings, tmp_path: Path) -> Market:
    """Version 1.0.0 of `acme/greetings`: four shards of ten rows, in a store of this test's own."""
    settings.STORAGE_DIR = tmp_path / "objects"
    built = tmp_path / "built"
    built.mkdir()
    return open_market(built)


@pytest.fixture
def buyer_key(market: Market) -> str:
    return key_for(licensed_buyer(market))


@pytest.fixture
def stranger_key(market: Market) -> str:
    """A good key of somebody without a license."""
    return key_for(UserFactory.create(name="Dua"))


@pytest.fixture
def client_for(live_site: str, market: Market, tmp_path: Path) -> Callable[[str], Client]:
    """A client with the given key, or none; every one has a cache of its own."""
    numbers = count()

    def make(key: str) -> Client:
        return Client(live_site, tmp_path / f"home-{next(numbers)}", key)

    return make
