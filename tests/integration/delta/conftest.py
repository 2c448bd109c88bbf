"""Readers of a table: Django's client against a dataset on sale."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.integration.on_sale import Keyed, buyer, market, member, shards, stranger

__all__ = ["buyer", "market", "member", "shards", "stranger"]
SHARE = "/delta/shares/acme"
TABLE = f"{SHARE}/schemas/greetings/tables/en-train"


@dataclass(frozen=True)
class Reader(Keyed):
    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(path, query)

    def names(self, path: str, **query: Any) -> list[Any]:
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.content
        return [each["name"] for each in answer.json()["items"]]

    def query(self, path: str = TABLE, **body: Any) -> Any:
        return self.client.post(f"{path}/query", body, content_type="application/json")


@pytest.fixture
def caller() -> type[Reader]:
    return Reader
