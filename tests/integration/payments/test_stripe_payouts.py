"""Payouts by Stripe: payees come through its pages, are sent what is due once, and keep it where Stripe says no."""

import pytest
from pytest_django import Settings

from payments.models import TransferIntent
from payments.services import start_onboarding
from payments.services.transferring import send_transfer
from tests.integration.payments.audit import violations
from tests.integration.payments.market import Market, legs_of, offer, open_market, order
from tests.integration.payments.payouts import account_of, mature, pay_all, states
from tests.integration.payments.shop import Shop
from tests.standin.faults import EVERY, Fault

pytestmark = pytest.mark.django_db


@pytest.fixture
def market(shop: Shop, settings: Settings) -> Market:
    settings.FEE_BPS, settings.HOLD_DAYS = 1500, 0
    return open_market({"a": [1]})


def onboard(market: Market, shop: Shop) -> str:
    """The payee opens the page and tells everything; their account at Stripe."""
    page = start_onboarding(actor=market.contributors["a"], payee_id=market.payees["a"].pk, country="US")
    account: str = shop.standin.open_link(page)["account"]
    shop.standin.complete_onboarding(account)
    shop.hear()
    return account


def earn(market: Market, shop: Shop) -> None:
    shop.pay(order(offer(market, 10_000, "USD", fee_mode="included")))
    mature(market, "USD")


def test_a_payee_comes_through_the_page_and_is_paid(market: Market, shop: Shop) -> None:
    account = onboard(market, shop)
    assert (account_of(market, "a").state, account_of(market, "a").missing) == ("active", [])
    earn(market, shop)
    assert pay_all() == 1
    assert shop.standin.connected_balance(account, "usd") == 8500
    assert legs_of(market, "transfer") == [{"a:in_transit": -8500, "stripe:balance": 8500}]
    assert pay_all() == 0
    assert shop.agrees()
    assert violations() == []


def test_who_told_nothing_yet_is_not_paid_and_sees_what_is_missing(market: Market, shop: Shop) -> None:
    start_onboarding(actor=market.contributors["a"], payee_id=market.payees["a"].pk, country="US")
    shop.hear()
    assert account_of(market, "a").state == "incomplete"
    assert account_of(market, "a").missing != []
    earn(market, shop)
    assert pay_all() == 0
    assert market.balances("USD")["a:due"] == 8500


def test_a_transfer_whose_answer_is_lost_is_sent_once(market: Market, shop: Shop) -> None:
    account = onboard(market, shop)
    earn(market, shop)
    shop.standin.arm(Fault.TIMEOUT_AFTER_COMMIT, where="POST /v1/transfers", times=EVERY)
    pay_all()
    assert market.balances("USD")["a:in_transit"] == 8500
    shop.standin.disarm()
    send_transfer(intent_id=TransferIntent.objects.get().pk)
    assert states() == ["sent"]
    assert shop.standin.connected_balance(account, "usd") == 8500
    assert "a:in_transit" not in market.balances("USD")
    assert shop.agrees()
    assert violations() == []


def test_p21_what_stripe_refuses_is_due_again(market: Market, shop: Shop) -> None:
    account = onboard(market, shop)
    earn(market, shop)
    # Lost, and not heard of yet.
    shop.standin.set_capability(account, "inactive")
    pay_all()
    assert market.balances("USD")["a:due"] == 8500
    assert shop.standin.connected_balance(account, "usd") == 0
    assert shop.agrees()
    assert violations() == []


def test_another_destination_is_noticed(market: Market, shop: Shop) -> None:
    account = onboard(market, shop)
    assert account_of(market, "a").destination_changed_at is None
    shop.standin.change_destination(account)
    shop.hear()
    assert account_of(market, "a").destination_changed_at is not None
    earn(market, shop)
    assert pay_all() == 0
    assert market.balances("USD")["a:due"] == 8500
