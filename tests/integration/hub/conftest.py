"""The Hub's routes without a socket: Django's client against a dataset on sale."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from tests.contract.hub.published import Market, key_for, licensed_buyer, open_market
from tests.factories import UserFactory

DATA = "/datasets/acme/greetings/resolve/main/en/train-00000-of-00004.parquet"


@dataclass(frozen=True)
class Caller:
    """Somebody with an API key, or without one."""

    key: str = ""

    def get(self, path: str, **headers: str) -> Any:
        return self._call("get", path, headers)

    def head(self, path: str, **headers: str) -> Any:
        return self._call("head", path, headers)

    def post(self, path: str, body: str | bytes, content_type: str) -> Any:
        return Client(headers=self._headers()).post(path, body, content_type=content_type)

    def _call(self, method: str, path: str, headers: dict[str, str]) -> Any:
        return getattr(Client(), method)(path, headers={**self._headers(), **headers})

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"} if self.key else {}


@pytest.fixture
def market(db: None, settings: Settings, tmp_path: Path) -> Market:
    settings.STORAGE_DIR = tmp_path / "objects"
    (tmp_path / "built").mkdir()
    return open_market(tmp_path / "built")


@pytest.fixture
def buyer(market: Market) -> Caller:
    return Caller(key_for(licensed_buyer(market)))


@pytest.fixture
def stranger(market: Market) -> Caller:
    return Caller(key_for(UserFactory.create()))


@pytest.fixture
def anybody(market: Market) -> Caller:
    return Caller()
