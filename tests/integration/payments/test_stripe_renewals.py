"""Renewals by Stripe: their tax and currencies, and what happens to a charge that nobody wanted any more."""

import pytest
from django.utils import timezone
from pytest_django import Settings

from collective.accounts.models import User
from collective.core.domain.money import currency_of
from licensing.services import retire_offer
from payments.gateways.stripe.client import client
from payments.models import Order, Payment, SalePeriod, Settlement, Subscription, UnappliedPayment
from payments.services import cancel_order, cancel_subscription
from payments.services.subscriptions import follow_subscription, look_after_subscriptions
from tests.factories import UserFactory
from tests.integration.payments.audit import violations
from tests.integration.payments.market import Market, legs_of, open_market, order
from tests.integration.payments.shop import Shop
from tests.integration.payments.test_stripe_subscriptions import MONTH, active, at_stripe, begun, later, monthly
from tests.services.jobs import run_all_jobs
from tests.standin.faults import Fault

# What Stripe says and hears: the same services run on both databases with the embedded rail, and in the money machine.
pytestmark = [pytest.mark.django_db, pytest.mark.once]
DAY = 86_400


@pytest.fixture
def market(shop: Shop) -> Market:
    return open_market({"a": [1], "b": [1], "c": [1]})


def refunds(shop: Shop) -> list[int]:
    with shop.standin.state.lock:
        return [refund["amount"] for refund in shop.standin.state.all("refund")]


def test_tax_of_the_rail_in_every_period(market: Market, shop: Shop, settings: Settings) -> None:
    """19 % of 94.50, on top of it; fee and pool are without it."""
    settings.STRIPE_TAX = True
    begun(market, shop)
    with later(MONTH + 3600):
        shop.hear()
    paid = Order.objects.order_by("created_at").values_list("state", "fee_minor", "tax_minor", "total_minor")
    assert list(paid) == [("paid", 450, 1796, 11_246)] * 2
    legs = [{kind.partition(":")[0]: amount for kind, amount in sale.items()} for sale in legs_of(market, "sale")]
    assert legs == [{"stripe": -11_246, "fee": 450, "tax": 1796, "period": 9_000}] * 2
    assert (shop.agrees(), violations()) == (True, [])


def test_paid_with_tax_for_a_cancelled_order(market: Market, shop: Shop, settings: Settings) -> None:
    """The order never had that tax, and takes none now."""
    settings.STRIPE_TAX = True
    placed = order(monthly(market))
    session = shop.open(placed)
    cancel_order(actor=placed.buyer, order_id=placed.pk)
    shop.standin.pay(session)
    shop.hear()
    shop.hear()
    row = Subscription.objects.get()
    assert (row.state, at_stripe(row).status, active()) == ("ended", "canceled", 0)
    assert (UnappliedPayment.objects.get().state, refunds(shop)) == ("returned", [11_246])
    assert (shop.agrees(), violations()) == (True, [])


@pytest.mark.parametrize(("currency", "price", "total"), [("JPY", 1000, 1050), ("KWD", 10_000, 10_500)])
def test_currencies_with_other_digits(market: Market, shop: Shop, currency: str, price: int, total: int) -> None:
    shop.pay(order(monthly(market, price, currency)))
    with later(MONTH + 3600):
        shop.hear()
        run_all_jobs()
    assert list(Payment.objects.values_list("amount_minor", "currency")) == [(total, currency)] * 2
    shares = Settlement.objects.get().lines.values_list("amount_minor", flat=True)
    step = currency_of(currency).charge_step
    assert (sum(shares), [share % step for share in shares]) == (price, [0, 0, 0])
    assert (shop.agrees(), violations()) == (True, [])


def test_charged_although_the_offer_ended(market: Market, shop: Shop) -> None:
    """It goes back once, however often and in whichever order we are told."""
    row = begun(market, shop)
    retire_offer(actor=market.steward, offer_id=row.offer_id)
    shop.standin.arm(Fault.WEBHOOK_DUPLICATE, times=-1)
    shop.standin.arm(Fault.WEBHOOKS_SHUFFLE, times=-1)
    with later(MONTH + 3600):
        for _ in range(3):
            shop.hear()
        follow_subscription("stripe", row.reference)
        run_all_jobs()
        assert active() == 1
    row.refresh_from_db()
    assert (row.state, row.end_reason, at_stripe(row).status) == ("ended", "offer_retired", "canceled")
    assert (Payment.objects.count(), UnappliedPayment.objects.get().state, refunds(shop)) == (1, "returned", [9_450])
    assert (shop.agrees(), violations()) == (True, [])


def test_months_that_were_charged_while_nobody_listened(market: Market, shop: Shop) -> None:
    """Each goes back, and no order is left that asks to be paid."""
    row = begun(market, shop)
    retire_offer(actor=market.steward, offer_id=row.offer_id)
    shop.standin.arm(Fault.WEBHOOK_DROP, times=-1)
    with later(3 * MONTH + 3600):
        shop.hear()
        look_after_subscriptions()
        run_all_jobs()
    assert sorted(Order.objects.values_list("state", flat=True)) == ["cancelled"] * 3 + ["paid"]
    assert set(UnappliedPayment.objects.values_list("state", flat=True)) == {"returned"}
    assert refunds(shop) == [9_450] * 3
    assert (shop.agrees(), violations()) == (True, [])


def test_charged_although_the_buyer_closed_the_account(market: Market, shop: Shop) -> None:
    """Nobody could use it, and nobody could cancel it."""
    row = begun(market, shop)
    User.objects.filter(pk=row.buyer_id).update(is_active=False)
    with later(MONTH + 3600):
        shop.hear()
        shop.hear()
    row.refresh_from_db()
    assert (row.state, row.end_reason, at_stripe(row).status) == ("ended", "subscription_over", "canceled")
    assert (Payment.objects.count(), refunds(shop)) == (1, [9_450])
    assert (shop.agrees(), violations()) == (True, [])


def test_cancelled_while_a_payment_is_owed(market: Market, shop: Shop) -> None:
    """Nothing is left to run, so that nobody goes on trying to charge for it."""
    row = begun(market, shop)
    shop.standin.fail_renewals(row.reference)
    with later(MONTH + 3600):
        shop.hear()
        ended = cancel_subscription(actor=row.buyer, subscription_id=row.pk)
        cancel_subscription(actor=row.buyer, subscription_id=row.pk)
        run_all_jobs()
        shop.hear()
        assert (ended.state, ended.end_reason, active()) == ("ended", "cancelled", 1)
        assert at_stripe(row).status == "canceled"
        assert client().v1.invoices.retrieve(at_stripe(row).latest_invoice).status == "void"
    assert (Payment.objects.count(), shop.agrees(), violations()) == (1, True, [])


def test_paid_in_its_days_of_grace_while_nobody_listened(market: Market, shop: Shop) -> None:
    row = begun(market, shop)
    shop.standin.fail_renewals(row.reference)
    with later(MONTH + 3600):
        shop.hear()
        row.refresh_from_db()
        assert row.state == "past_due"
    shop.standin.arm(Fault.WEBHOOK_DROP, times=-1)
    with later(MONTH + 2 * DAY):
        shop.standin.pay_invoice(at_stripe(row).latest_invoice)
    with later(MONTH + 9 * DAY):
        assert look_after_subscriptions() == 1
        run_all_jobs()
        row.refresh_from_db()
        assert (row.state, at_stripe(row).status, active()) == ("active", "active", 1)
    assert (Payment.objects.count(), SalePeriod.objects.count(), shop.agrees()) == (2, 2, True)
    assert violations() == []


def test_one_that_stripe_does_not_know_stops_no_other(market: Market, shop: Shop) -> None:
    offered = monthly(market)
    for _ in range(2):
        shop.pay(order(offered, UserFactory.create()))
    lost, kept = Subscription.objects.order_by("current_ends_at", "pk")
    with shop.standin.state.lock:
        del shop.standin.state._objects["subscription"][lost.reference]
    shop.standin.arm(Fault.WEBHOOK_DROP, times=-1)
    with later(MONTH + 3600):
        shop.hear()
        assert look_after_subscriptions() == 2
        run_all_jobs()
        kept.refresh_from_db()
        assert kept.current_ends_at is not None
        assert kept.current_ends_at > timezone.now()
    assert Payment.objects.count() == 3
