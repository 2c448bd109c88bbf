"""The mistakes that people make with money, made on purpose: each is noticed by what would notice it in earnest."""

import itertools
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from pytest_django import Settings

from collective.core.ids import new_id
from payments.domain.shares import largest_remainders
from payments.errors import InsufficientFundsError, RailDownError
from payments.gateways.stripe.collecting import StripeCollecting
from payments.models import RefundRequest, Settlement
from payments.services import allotting, refund_order, release_due_settlements, releasing
from payments.services.refunds import send_refund
from tests.factories import UserFactory
from tests.integration.payments.audit import violations
from tests.integration.payments.market import buy, offer, open_market, order
from tests.integration.payments.shop import Shop
from tests.standin.faults import EVERY, Fault

pytestmark = pytest.mark.django_db
THREE = {"a": [1], "b": [1], "c": [1]}
Patch = pytest.MonkeyPatch


def floored(total: int, weights: Sequence[int], done: Sequence[int], *, step: int = 1) -> list[int]:
    """Everybody's share rounded down by itself."""
    whole = sum(weights)
    targets = [total * weight // (whole * step) * step for weight in weights]
    return [target - before for target, before in zip(targets, done, strict=True)]


def test_a_floor_per_recipient_is_found(monkeypatch: Patch) -> None:
    assert floored(10_000, [1, 1, 1], [0, 0, 0]) != largest_remainders(10_000, [1, 1, 1])
    monkeypatch.setattr(allotting, "cumulative_steps", floored)
    market = open_market(THREE)
    buy(offer(market, 10_000, "USD"))
    market.settle("USD")
    assert [text.split(" ", 2)[2] for text in violations() if text.startswith("settlement")] == [
        "divides 10000 into 9999"
    ]


def test_a_refund_without_its_key_is_found(shop: Shop, monkeypatch: Patch) -> None:
    """The answer is lost, the job asks again, and the buyer has the money twice: what came in does not cover it."""
    market = open_market(THREE)
    sold = shop.pay(order(offer(market, 10_000, "USD")))
    real = StripeCollecting.refund

    def keyless(self: StripeCollecting, *, key: str, **asked: Any) -> Any:
        return real(self, key=str(new_id()), **asked)

    monkeypatch.setattr(StripeCollecting, "refund", keyless)
    shop.standin.arm(Fault.TIMEOUT_AFTER_COMMIT, times=EVERY, where="POST /v1/refunds")
    with pytest.raises(RailDownError):
        refund_order(
            actor=UserFactory.create(is_staff=True), order_id=sold.pk, amount_minor=5250, reason="asked", refund_ref="r"
        )
    shop.standin.disarm()
    send_refund(request_id=RefundRequest.objects.get().pk)
    assert not shop.agrees()
    with shop.standin.state.lock:
        assert [each["amount"] for each in shop.standin.state.all("refund")] == [5250, 5250]


def test_a_double_release_is_refused_or_found(settings: Settings, monkeypatch: Patch) -> None:
    """Alone, the account has nothing left to release. With a later sale beside it, that sale's hold is broken."""
    number = itertools.count()
    real = releasing.release_to

    def keyless(payees: list[UUID], currency: str, now: Any, *, key: str) -> None:
        real(payees, currency, now, key=f"{key}:{next(number)}")

    def whole(free: dict[UUID, int], currency: str) -> dict[UUID, int]:
        lines = Settlement.objects.get(n=1).lines.filter(payee__in=free)
        return dict(lines.values_list("payee_id", "amount_minor"))

    market = open_market(THREE)
    offered = offer(market, 10_000, "USD")
    settings.HOLD_DAYS = 0
    buy(offered)
    market.settle("USD")
    settings.HOLD_DAYS = 14
    monkeypatch.setattr(releasing, "release_to", keyless)
    monkeypatch.setattr(releasing, "_given", whole)
    release_due_settlements()
    assert violations() == []
    with pytest.raises(InsufficientFundsError):
        releasing.release_settlement(Settlement.objects.get())
    for _ in range(2):
        buy(offered)
    market.settle("USD")
    releasing.release_settlement(Settlement.objects.get(n=1))
    found = [text for text in violations() if "over its hold" in text]
    assert len(found) == len(THREE)
    assert "released 6668, and only 3334 of it was over its hold" in found[0]
