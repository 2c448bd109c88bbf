"""Runs, transfers and reversals that happen at the same moment, on either database."""

import pytest
from pytest_django import Settings

from payments.models import Journal, PayoutRun, Settlement, SimulatedMovement, TransferIntent
from payments.services import run_payouts
from payments.services.releasing import release_settlement
from payments.services.transferring import send_transfer
from tests.integration.payments.audit import violations
from tests.integration.payments.market import buy, legs_of, offer, open_market
from tests.integration.payments.payouts import earn, onboard, states
from tests.integration.payments.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_runs_that_begin_together_send_once(settings: Settings) -> None:
    settings.FEE_BPS = 0
    market = open_market({"a": [1], "b": [1]})
    onboard(market, "a", "b")
    earn(market, settings)
    assert sum(at_once(6, lambda _: run_payouts())) == 2
    assert (PayoutRun.objects.count(), TransferIntent.objects.count()) == (1, 2)
    assert Journal.objects.filter(event="transfer_reserve").count() == 2
    intents = list(TransferIntent.objects.values_list("pk", flat=True))
    at_once(6, lambda number: send_transfer(intent_id=intents[number % 2]))
    assert states() == ["sent", "sent"]
    assert SimulatedMovement.objects.filter(kind="transfer").count() == 2
    assert Journal.objects.filter(event="transfer").count() == 2
    assert market.balances("USD") == {}
    assert violations() == []


def test_p20_releases_that_begin_together_release_once(settings: Settings) -> None:
    settings.FEE_BPS, settings.HOLD_DAYS = 1500, 0
    market = open_market({"a": [1], "b": [1], "c": [1]})
    buy(offer(market, 10_000, "USD", fee_mode="included"))
    market.settle("USD")
    settlement = Settlement.objects.get()
    at_once(6, lambda _: release_settlement(settlement))
    assert legs_of(market, "release") == [
        {"a:held": -2834, "b:held": -2833, "c:held": -2833, "a:due": 2834, "b:due": 2833, "c:due": 2833}
    ]
    assert violations() == []
