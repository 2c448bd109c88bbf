"""Prices in a currency of which the marketplace has no balance: what is sold, claimed and divided is what arrived."""

import pytest
from django.utils import timezone

from collective.core.models import Job
from payments.models import Invoice, Order, Payment, UnappliedPayment
from payments.services import cancel_order, refund_order
from payments.services.attempts import follow_checkout
from tests.factories import UserFactory
from tests.integration.payments.audit import violations
from tests.integration.payments.market import Market, legs_of, offer, open_market, order
from tests.integration.payments.shop import Shop
from tests.integration.payments.test_invoices import licenses, on_invoice
from tests.integration.payments.test_stripe_subscriptions import MONTH, begun, later
from tests.integration.payments.test_ways_at_once import a_lab
from tests.services.jobs import run_all_jobs
from tests.standin.money import Currencies, Rate

pytestmark = pytest.mark.django_db


@pytest.fixture
def market(shop: Shop) -> Market:
    rate(shop, 11)
    return open_market({"a": [1], "b": [1], "c": [1]})


def rate(shop: Shop, tenths: int) -> None:
    """A euro is so many tenths of a dollar from now on, and there is a balance of dollars alone."""
    rates = {("eur", "usd"): Rate(tenths, 10)}
    shop.standin.state.settings.currencies = Currencies(default="usd", settled={"usd"}, rates=rates)


def fee_of(gross: int) -> int:
    """Of the stand-in, for a card."""
    return (gross * 29 + 500) // 1000 + 30


def refund(placed: Order) -> None:
    refund_order(
        actor=UserFactory.create(is_staff=True),
        order_id=placed.pk,
        amount_minor=placed.total_minor,
        reason="Not needed.",
        refund_ref=str(placed.pk),
    )


def test_a_sale_and_its_refund_at_another_rate(market: Market, shop: Shop) -> None:
    """105.00 EUR arrive as 115.50 USD; what the refund costs more is the marketplace's."""
    placed = shop.pay(order(offer(market, 10_000, "EUR")))
    assert legs_of(market, "sale") == [{"stripe:balance": -11_550, "fee": 550, "pool": 11_000}]
    rate(shop, 12)
    refund(placed)
    shop.hear()
    market.settle("USD")
    assert legs_of(market, "refund") == [{"stripe:balance": 12_600, "fee": -550, "pool": -11_000, "fx": -1_050}]
    kept = fee_of(11_550)
    assert market.balances("USD") == {"stripe:balance": 1_050 + kept, "fx": -1_050, "stripe:fees": -kept}
    assert (market.balances("EUR"), shop.agrees(), violations()) == ({}, True, [])


def test_an_invoice(market: Market, shop: Shop) -> None:
    """Claimed in one currency and received in another: the claim ends, and the sale takes what arrived."""
    placed = on_invoice(offer(market, 10_000, "EUR"), a_lab())
    run_all_jobs()
    assert market.balances("EUR")["deferred:invoice"] == 10_500
    shop.standin.pay_invoice(Invoice.objects.get().reference)
    shop.hear()
    assert legs_of(market, "sale") == [{"stripe:balance": -11_550, "fee": 550, "pool": 11_000}]
    assert (Invoice.objects.get().state, licenses(), market.balances("EUR")) == ("paid", 1, {})
    refund(Order.objects.get(pk=placed.pk))
    shop.hear()
    assert (shop.agrees(), violations()) == (True, [])


def test_a_month_and_the_next(market: Market, shop: Shop) -> None:
    """94.50 EUR at 1.1, and then at 1.2: each period is divided as it was paid."""
    begun(market, shop)
    rate(shop, 12)
    with later(MONTH + 3600):
        shop.hear()
    with later(2 * MONTH + 60):
        Job.objects.filter(name="payments.settle_period").update(due_at=timezone.now())
        run_all_jobs()
    assert list(Payment.objects.order_by("received_at").values_list("booked_minor", flat=True)) == [10_395, 11_340]
    held = {name: sum_ for name, sum_ in market.balances("USD").items() if name.endswith(":held")}
    assert (sum(held.values()), max(held.values()) - min(held.values())) == (9_900 + 10_800, 0)
    assert (shop.agrees(), violations()) == (True, [])


def test_what_goes_back_at_another_rate(market: Market, shop: Shop) -> None:
    placed = order(offer(market, 10_000, "EUR"))
    session = shop.open(placed)
    cancel_order(actor=placed.buyer, order_id=placed.pk)
    shop.standin.pay(session)
    follow_checkout(rail_name="stripe", reference=session)
    rate(shop, 10)
    run_all_jobs()
    shop.hear()
    assert UnappliedPayment.objects.get().state == "returned"
    kept = fee_of(11_550)
    assert market.balances("USD") == {"stripe:balance": kept - 1_050, "fx": 1_050, "stripe:fees": -kept}
    assert (shop.agrees(), violations()) == (True, [])


def test_what_it_is_worth_is_waited_for(market: Market, shop: Shop) -> None:
    """docs.stripe.com/payments/payment-intents/asynchronous-capture: it may be known after the payment."""
    placed = order(offer(market, 10_000, "EUR"))
    shop.standin.pay(shop.open(placed))
    with shop.standin.state.lock:
        [charge] = shop.standin.state.all("charge")
        arrived, charge["balance_transaction"] = charge["balance_transaction"], None
        # A balance of euros would say that nothing is changed.
        assert set(shop.standin.state.available) | set(shop.balances()) <= {"usd", "USD"}
    shop.hear()
    assert (licenses(), Payment.objects.count(), market.balances("EUR")) == (0, 0, {})
    with shop.standin.state.lock:
        charge["balance_transaction"] = arrived
    Job.objects.filter(name="payments.follow_event", state="queued").update(due_at=timezone.now())
    run_all_jobs()
    assert legs_of(market, "sale") == [{"stripe:balance": -11_550, "fee": 550, "pool": 11_000}]
    assert (licenses(), shop.agrees(), violations()) == (1, True, [])
