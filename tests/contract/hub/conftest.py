"""A published dataset on a real server, and clients with and without a license for it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.contract.hub.clients import Client
from tests.contract.hub.published import World, key_for, make_dataset, person, publish

ClientFor = Callable[[str], Client]


@pytest.fixture
def world(transactional_db: None, settings: Settings, tmp_path: Path) -> World:
    """`acme/greetings` with version 1.0.0: four shards of ten rows."""
    settings.STORAGE_DIR = tmp_path / "objects"
    made = make_dataset()
    (tmp_path / "built").mkdir()
    publish(made, tmp_path / "built")
    return made


@pytest.fixture
def steward_key(world: World) -> str:
    """A key that may download: stewards read what they publish."""
    return key_for(world.steward)[1]


@pytest.fixture
def stranger_key(world: World) -> str:
    """A good key of somebody without a license."""
    return key_for(person("bela"))[1]


@pytest.fixture
def client_for(live_site: str, world: World, tmp_path: Path) -> ClientFor:
    """A client with the given key; every one has a cache of its own."""
    count = iter(range(100))
    return lambda key="": Client(live_site, tmp_path / f"home-{next(count)}", key)
