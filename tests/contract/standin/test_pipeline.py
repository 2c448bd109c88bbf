"""What is no request that Stripe would understand fails the test that made it."""

from typing import Any

import httpx
import pytest
from stripe import AuthenticationError, InvalidRequestError, StripeClient

from tests.standin.contract import routes
from tests.standin.routes import HANDLERS
from tests.standin.running import running_standin
from tests.standin.settings import PIN


def client(url: str, *, key: str = "sk_test_1", version: str = PIN) -> StripeClient:
    return StripeClient(key, stripe_version=version, base_addresses={"api": url})


def test_only_test_keys_are_taken() -> None:
    with running_standin() as standin:
        with pytest.raises(AuthenticationError):
            client(standin.url, key="sk_live_1").v1.balance.retrieve()
        assert standin.violations == []


def test_another_version_is_a_violation() -> None:
    with running_standin() as standin:
        with pytest.raises(InvalidRequestError):
            client(standin.url, version="2024-06-20").v1.balance.retrieve()
        assert standin.violations == [f"GET /v1/balance asks for version 2024-06-20 instead of {PIN}"]


def test_an_unknown_route_is_a_violation() -> None:
    with running_standin() as standin:
        headers = {"Authorization": "Bearer sk_test_1", "Stripe-Version": PIN}
        assert httpx.get(f"{standin.url}/v1/gifts", headers=headers).status_code == 404
        assert standin.violations == ["GET /v1/gifts is no route of the API"]


def test_a_route_without_a_handler_is_a_violation() -> None:
    with running_standin() as standin:
        with pytest.raises(Exception, match="has no handler"):
            client(standin.url).v1.topups.list()
        assert standin.violations == ["GET /v1/topups has no handler"]


def test_an_undeclared_parameter_is_a_violation() -> None:
    given: Any = {"charge": "ch_1", "nonsense": "1"}
    with running_standin() as standin:
        with pytest.raises(InvalidRequestError, match="nonsense"):
            client(standin.url).v1.refunds.create(given)
        [violation] = standin.violations
        assert violation.startswith("POST /v1/refunds: nonsense")


def test_an_answer_that_is_not_declared_is_a_violation() -> None:
    with running_standin() as standin:
        stripe = client(standin.url)
        customer = stripe.v1.customers.create()
        standin.state.get("customer", customer.id)["created"] = "yesterday"
        stripe.v1.customers.retrieve(customer.id)
        [violation] = standin.violations
        assert violation.startswith("answer to GET /v1/customers/{customer}: created")


def test_every_handler_is_on_a_route_of_the_contract() -> None:
    assert set(HANDLERS) <= {(op.verb, op.path) for op in routes()}
    assert len(HANDLERS) > 30


def test_a_request_on_behalf_of_an_account_is_a_violation() -> None:
    with running_standin() as standin:
        with pytest.raises(Exception, match="stripe-account"):
            client(standin.url).v1.balance.retrieve({}, {"stripe_account": "acct_1"})
        assert standin.violations == ["GET /v1/balance: the stand-in does nothing with stripe-account"]


def test_a_parameter_without_effect_is_a_violation() -> None:
    with running_standin() as standin:
        stripe = client(standin.url)
        stripe.v1.customers.create({"email": "a@example.org", "test_clock": "clock_1"})
        line: Any = {
            "quantity": 1,
            "price_data": {"currency": "usd", "unit_amount": 100, "product_data": {"name": "D"}},
        }
        asked: Any = {"mode": "payment", "success_url": "https://site.example", "line_items": [line]}
        asked["payment_intent_data"] = {"application_fee_amount": 10}
        with pytest.raises(Exception, match="does nothing with application_fee_amount"):
            stripe.v1.checkout.sessions.create(asked)
        assert standin.violations == [
            "POST /v1/customers: the stand-in does nothing with test_clock",
            "POST /v1/checkout/sessions: the stand-in does nothing with application_fee_amount",
        ]
