"""The SDK's routes without a socket: Django's client against a dataset on sale."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from collective.accounts.models import User
from tests.contract.hub.published import Market, key_for, licensed_buyer, open_market
from tests.factories import UserFactory


@dataclass(frozen=True)
class Caller:
    """Somebody with an API key, or without one. Paths are those that the SDK appends to its base URL."""

    key: str = ""

    def get(self, path: str, **query: Any) -> Any:
        return self._client().get(f"/mdc/api{path}", query)

    def post(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Without a body there is no Content-Type either, as the SDK sends it."""
        if body is None:
            return self._client().generic("POST", f"/mdc/api{path}", b"", content_type="")
        return self._client().post(f"/mdc/api{path}", json.dumps(body), content_type="application/json")

    def patch(self, path: str, body: Mapping[str, Any]) -> Any:
        return self._client().patch(f"/mdc/api{path}", json.dumps(body), content_type="application/json")

    def delete(self, path: str) -> Any:
        return self._client().delete(f"/mdc/api{path}")

    def _client(self) -> Client:
        return Client(headers={"Authorization": f"Bearer {self.key}"} if self.key else {})


@pytest.fixture
def market(db: None, settings: Settings, tmp_path: Path) -> Market:
    settings.STORAGE_DIR = tmp_path / "objects"
    settings.DATA_DIR = tmp_path
    settings.MDC_WAIT_SECONDS = 0
    (tmp_path / "built").mkdir()
    return open_market(tmp_path / "built", shards=2)


@pytest.fixture
def buyer(market: Market) -> Caller:
    return Caller(key_for(licensed_buyer(market)))


@pytest.fixture
def stranger(market: Market) -> Caller:
    return Caller(key_for(UserFactory.create()))


@pytest.fixture
def anybody(market: Market) -> Caller:
    return Caller()


@pytest.fixture
def person(market: Market) -> User:
    return market.steward


@pytest.fixture
def sender(person: User) -> Caller:
    return Caller(key_for(person, "upload"))
