"""Each question is asked of the simulated rail and of Stripe: the stand-in, or the sandbox of STRIPE_SANDBOX_KEY."""

import os

import pytest
from pytest_django import Settings

from payments.gateways.rail import Rail
from payments.gateways.rails import rail as rail_in_use
from tests.contract.rails.hands import Asking, Hands, Playing, Pressing
from tests.standin.standin import Standin

SANDBOX_KEY = os.environ.get("STRIPE_SANDBOX_KEY", "")
if SANDBOX_KEY and not SANDBOX_KEY.startswith(("sk_test_", "rk_test_")):
    raise pytest.UsageError("STRIPE_SANDBOX_KEY is not the key of a sandbox: these tests would move real money.")


@pytest.fixture(params=["embedded", "stripe"])
def hands(request: pytest.FixtureRequest, settings: Settings) -> Hands:
    settings.PAYMENT_RAIL = request.param
    if request.param == "embedded":
        return Pressing()
    if SANDBOX_KEY:
        settings.STRIPE_SECRET_KEY = SANDBOX_KEY
        settings.STRIPE_API_BASE = os.environ.get("STRIPE_SANDBOX_BASE", "")
        return Asking()
    standin: Standin = request.getfixturevalue("standin")
    settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = standin.key, standin.url
    return Playing(standin)


@pytest.fixture
def rail(hands: Hands) -> Rail:
    return rail_in_use()
