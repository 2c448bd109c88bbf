"""What the tests of payouts do again and again: sales that are due, payees that can be paid, runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import time_machine
from django.utils import timezone
from pytest_django import Settings

from licensing.models import Offer
from licensing.services import retire_offer
from payments.models import PayoutAccount, TransferIntent
from payments.services import press_simulated, release_due_settlements, run_payouts, start_onboarding
from tests.integration.payments.market import Market, buy, offer
from tests.services.jobs import run_all_jobs


def earn(market: Market, settings: Settings, price_minor: int = 10_000, currency: str = "USD") -> None:
    """A sale of the simulated rail whose shares are due at once. What it is offered for before is offered no more."""
    settings.HOLD_DAYS = 0
    for live in Offer.objects.filter(dataset=market.dataset, state="live"):
        retire_offer(actor=market.steward, offer_id=live.pk)
    buy(offer(market, price_minor, currency, fee_mode="included"))
    mature(market, currency)


def mature(market: Market, currency: str) -> None:
    market.settle(currency)
    release_due_settlements()


def onboard(market: Market, *names: str) -> None:
    """On the simulated rail."""
    for name in names:
        payee = market.payees[name]
        start_onboarding(actor=market.contributors[name], payee_id=payee.pk, country="SN")
        press_simulated(actor=market.contributors[name], payee_id=payee.pk)


def account_of(market: Market, name: str) -> PayoutAccount:
    return PayoutAccount.objects.get(payee=market.payees[name])


def pay_all() -> int:
    """A run and everything that follows from it."""
    new = run_payouts()
    run_all_jobs()
    return new


def states() -> list[str]:
    return list(TransferIntent.objects.order_by("created_at", "id").values_list("state", flat=True))


@contextmanager
def later(**time: int) -> Iterator[None]:
    with time_machine.travel(timezone.now() + timedelta(**time), tick=True):
        yield
