"""The Hub's routes without a socket: Django's client against a dataset on sale."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.integration.on_sale import Keyed, anybody, buyer, market, stranger

__all__ = ["anybody", "buyer", "market", "stranger"]
DATA = "/datasets/acme/greetings/resolve/main/en/train-00000-of-00004.parquet"


@dataclass(frozen=True)
class Caller(Keyed):
    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(path, headers=headers)

    def head(self, path: str, **headers: str) -> Any:
        return self.client.head(path, headers=headers)

    def post(self, path: str, body: str | bytes, content_type: str) -> Any:
        return self.client.post(path, body, content_type=content_type)


@pytest.fixture
def shards() -> int:
    return 4


@pytest.fixture
def caller() -> type[Caller]:
    return Caller
