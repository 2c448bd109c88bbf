"""A marketplace whose rail is Stripe, as far as a stand-in can be it."""

import pytest
from pytest_django import Settings

from tests.integration.payments.shop import SECRETS, Shop
from tests.standin.standin import Standin


@pytest.fixture
def shop(standin: Standin, settings: Settings) -> Shop:
    settings.PAYMENT_RAIL = "stripe"
    settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = standin.key, standin.url
    settings.STRIPE_WEBHOOK_SECRETS = SECRETS
    return Shop(standin)
