"""The stand-in for tests: `standin`, and after every test that used it, a look at what was wrong with its use."""

from collections.abc import Iterator

import pytest
from stripe import StripeClient

from tests.standin.running import running_standin
from tests.standin.settings import PIN
from tests.standin.standin import Standin


@pytest.fixture
def standin() -> Iterator[Standin]:
    with running_standin() as running:
        yield running


@pytest.fixture(autouse=True)
def _no_violations(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails the test after which something is not as Stripe's client declares it, or was asked and has no answer."""
    used: Standin | None = request.getfixturevalue("standin") if "standin" in request.fixturenames else None
    yield
    if used is not None:
        assert used.violations == []


@pytest.fixture
def stripe(standin: Standin) -> StripeClient:
    """Stripe's own client, speaking to the stand-in."""
    return StripeClient(standin.key, stripe_version=PIN, base_addresses={"api": standin.url}, max_network_retries=2)
