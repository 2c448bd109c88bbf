"""A dataset on sale with two versions, and people who may read it or may not: Django's client, no socket."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from tests.contract.hub.published import Market, key_for, licensed_buyer, open_market
from tests.factories import UserFactory

SHARE = "/delta/shares/acme"
TABLE = f"{SHARE}/schemas/greetings/tables/en-train"


@dataclass(frozen=True)
class Reader:
    """Somebody with an API key, or without one."""

    key: str = ""

    def get(self, path: str, **query: Any) -> Any:
        return Client(headers=self._headers()).get(path, query)

    def names(self, path: str, **query: Any) -> list[Any]:
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.content
        return [each["name"] for each in answer.json()["items"]]

    def query(self, path: str = TABLE, **body: Any) -> Any:
        return Client(headers=self._headers()).post(f"{path}/query", body, content_type="application/json")

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"} if self.key else {}


@pytest.fixture
def market(db: None, settings: Settings, tmp_path: Path) -> Market:
    settings.STORAGE_DIR = tmp_path / "objects"
    (tmp_path / "built").mkdir()
    return open_market(tmp_path / "built", shards=2)


@pytest.fixture
def buyer(market: Market) -> Reader:
    return Reader(key_for(licensed_buyer(market)))


@pytest.fixture
def stranger(market: Market) -> Reader:
    return Reader(key_for(UserFactory.create()))


@pytest.fixture
def member(market: Market) -> Reader:
    return Reader(key_for(market.steward))
