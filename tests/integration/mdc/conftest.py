"""The SDK's routes without a socket: Django's client against a dataset on sale."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from collective.accounts.models import User
from tests.contract.hub.published import Market, key_for
from tests.integration.on_sale import Keyed, anybody, buyer, market, shards, stranger

__all__ = ["anybody", "buyer", "market", "shards", "stranger"]


@dataclass(frozen=True)
class Caller(Keyed):
    """Paths are those that the SDK appends to its base URL."""

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/mdc/api{path}", query)

    def post(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Without a body there is no Content-Type either, as the SDK sends it."""
        if body is None:
            return self.client.generic("POST", f"/mdc/api{path}", b"", content_type="")
        return self.client.post(f"/mdc/api{path}", json.dumps(body), content_type="application/json")

    def patch(self, path: str, body: Mapping[str, Any]) -> Any:
        return self.client.patch(f"/mdc/api{path}", json.dumps(body), content_type="application/json")

    def delete(self, path: str) -> Any:
        return self.client.delete(f"/mdc/api{path}")


@pytest.fixture
def caller() -> type[Caller]:
    return Caller


@pytest.fixture(autouse=True)
def _nobody_waits_for_an_archive(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    settings.MDC_WAIT_SECONDS = 0


@pytest.fixture
def person(market: Market) -> User:
    return market.steward


@pytest.fixture
def sender(person: User) -> Caller:
    return Caller(key_for(person, "upload"))
