"""A market that sold, and an operator; after each test nothing is false."""

from typing import Any

import pytest

from collective.accounts.models import User
from collective.core.invariants import invariants
from payments.models import Order
from tests.factories import UserFactory
from tests.integration.payments.market import Market, buy, offer, open_market

CHECKED = ("payments.invariants", "licensing.invariants")


@pytest.fixture
def market() -> Market:
    return open_market({"a": [50], "b": [50]})


@pytest.fixture
def sold(market: Market) -> Order:
    made = buy(offer(market, 10_000, "USD"))
    market.settle("USD")
    return made


@pytest.fixture
def operator() -> User:
    made: User = UserFactory.create(is_staff=True)
    return made


@pytest.fixture(autouse=True)
def nothing_is_false(db: None) -> Any:
    yield
    assert [text for each in invariants() for text in each.check() if each.check.__module__ in CHECKED] == []
