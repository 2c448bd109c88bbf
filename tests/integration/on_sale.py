"""A dataset on sale, and who asks about it: what the tests of other people's clients start from, without a socket.

A package imports the fixtures that it needs into its conftest, and says there what its callers are.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from tests.contract.hub.published import Market, key_for, licensed_buyer, open_market
from tests.factories import UserFactory

__all__ = ["anybody", "buyer", "market", "member", "shards", "stranger"]


@dataclass(frozen=True)
class Keyed:
    """Somebody with an API key, or without one."""

    key: str = ""

    @property
    def client(self) -> Client:
        return Client(headers={"Authorization": f"Bearer {self.key}"} if self.key else {})


@pytest.fixture
def shards() -> int:
    return 2


@pytest.fixture
def market(db: None, settings: Settings, tmp_path: Path, shards: int) -> Market:
    settings.STORAGE_DIR = tmp_path / "objects"
    (tmp_path / "built").mkdir()
    return open_market(tmp_path / "built", shards=shards)


@pytest.fixture
def buyer(market: Market, caller: Any) -> Any:
    return caller(key_for(licensed_buyer(market)))


@pytest.fixture
def stranger(market: Market, caller: Any) -> Any:
    """A good key of somebody without a license."""
    return caller(key_for(UserFactory.create()))


@pytest.fixture
def member(market: Market, caller: Any) -> Any:
    return caller(key_for(market.steward))


@pytest.fixture
def anybody(market: Market, caller: Any) -> Any:
    return caller()
