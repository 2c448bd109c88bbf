"""Sales by Stripe: the license follows the money, however and in whichever order we hear of it."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings

from licensing.models import LicenseGrant
from payments.errors import RailDownError
from payments.models import Journal, Order, Payment, PaymentAttempt, RailEvent, UnappliedPayment
from payments.services import cancel_order, start_payment
from payments.services.attempts import look_after_attempt
from payments.services.following import catch_up
from tests.integration.payments.audit import violations
from tests.integration.payments.market import Market, legs_of, offer, open_market, order
from tests.integration.payments.shop import Shop
from tests.services.jobs import run_all_jobs
from tests.standin.faults import Fault

pytestmark = pytest.mark.django_db


@pytest.fixture
def market(shop: Shop) -> Market:
    """After the rail was chosen."""
    return open_market({"a": [1], "b": [1], "c": [1]})


def licenses() -> int:
    return LicenseGrant.objects.filter(state="active").count()


def test_who_closes_the_tab_loses_nothing(market: Market, shop: Shop) -> None:
    placed = order(offer(market, 10_000, "USD"))
    session = shop.open(placed)
    assert licenses() == 0
    shop.standin.pay(session)
    assert licenses() == 0
    told = shop.hear()
    assert ("checkout.session.completed", 200) in told
    placed.refresh_from_db()
    assert (placed.state, licenses()) == ("paid", 1)
    assert legs_of(market, "sale") == [{"stripe:balance": -10_500, "fee": 500, "pool": 10_000}]
    # P23: what Stripe keeps is the marketplace's cost.
    kept = -legs_of(market, "rail_fee")[0]["stripe:fees"]
    assert legs_of(market, "rail_fee") == [{"stripe:fees": -kept, "stripe:balance": kept}]
    assert kept > 0
    assert shop.agrees()
    assert violations() == []


def test_every_message_twice_and_in_any_order_is_one_sale(market: Market, shop: Shop) -> None:
    placed = order(offer(market, 10_000, "USD"))
    shop.standin.arm(Fault.WEBHOOK_DUPLICATE, times=-1)
    shop.standin.arm(Fault.WEBHOOKS_SHUFFLE, times=-1)
    shop.pay(placed)
    shop.hear()
    assert (Payment.objects.count(), licenses()) == (1, 1)
    assert Journal.objects.filter(event="sale").count() == 1
    assert shop.agrees()
    assert violations() == []


def test_a_message_that_never_comes_is_not_needed(market: Market, shop: Shop) -> None:
    placed = order(offer(market, 10_000, "USD"))
    shop.standin.arm(Fault.WEBHOOK_DROP, times=-1)
    shop.pay(placed)
    assert placed.state == "awaiting_payment"
    look_after_attempt(attempt_id=PaymentAttempt.objects.get().pk)
    placed.refresh_from_db()
    assert (placed.state, licenses()) == ("paid", 1)
    assert not RailEvent.objects.exists()


def test_messages_of_days_without_us_are_caught_up(market: Market, shop: Shop) -> None:
    placed = order(offer(market, 10_000, "USD"))
    shop.standin.arm(Fault.WEBHOOK_DROP, times=-1)
    shop.pay(placed)
    shop.standin.advance(4 * 86_400)
    assert catch_up() > 0
    assert catch_up() == 0
    run_all_jobs()
    placed.refresh_from_db()
    assert (placed.state, licenses()) == ("paid", 1)


def test_money_that_is_on_its_way_is_waited_for(market: Market, shop: Shop) -> None:
    """The page is completed, and not yet paid."""
    placed = order(offer(market, 10_000, "USD"))
    session = shop.open(placed)
    shop.standin.pay_late(session)
    shop.hear()
    placed.refresh_from_db()
    assert (placed.state, licenses()) == ("awaiting_payment", 0)
    shop.standin.pay(session)
    shop.hear()
    placed.refresh_from_db()
    assert (placed.state, licenses()) == ("paid", 1)


def test_a_page_whose_answer_was_lost_is_the_same_page(market: Market, shop: Shop) -> None:
    placed = order(offer(market, 10_000, "USD"))
    shop.standin.arm(Fault.TIMEOUT_AFTER_COMMIT, where="POST /v1/checkout/sessions")
    session = shop.open(placed)
    assert shop.open(placed) == session
    with shop.standin.state.lock:
        assert len(shop.standin.state.all("checkout.session")) == 1


def test_a_later_click_after_a_lost_answer_is_the_same_page(market: Market, shop: Shop) -> None:
    """Under one key Stripe takes the same parameters alone, whatever the clock says by then."""
    placed = order(offer(market, 10_000, "USD"))
    shop.standin.arm(Fault.TIMEOUT_AFTER_COMMIT, where="POST /v1/checkout/sessions", times=3)
    with pytest.raises(RailDownError):
        shop.open(placed)
    with time_machine.travel(timezone.now() + timedelta(minutes=10)):
        session = shop.open(placed)
    with shop.standin.state.lock:
        assert [each["id"] for each in shop.standin.state.all("checkout.session")] == [session]


def test_paid_before_the_answer_reached_us(market: Market, shop: Shop) -> None:
    """We died between the call and the note of it."""
    placed = order(offer(market, 10_000, "USD"))
    session = shop.open(placed)
    PaymentAttempt.objects.update(state="reserved", reference="", url="")
    shop.standin.pay(session)
    shop.hear()
    attempt = PaymentAttempt.objects.get()
    assert (attempt.state, attempt.reference) == ("paid", session)
    assert licenses() == 1


def test_what_arrives_for_a_cancelled_order_goes_back(market: Market, shop: Shop) -> None:
    placed = order(offer(market, 10_000, "USD"))
    session = shop.open(placed)
    cancel_order(actor=placed.buyer, order_id=placed.pk)
    shop.standin.pay(session)
    shop.hear()
    shop.hear()
    placed.refresh_from_db()
    assert (placed.state, licenses(), Payment.objects.count()) == ("cancelled", 0, 0)
    kept = UnappliedPayment.objects.get()
    assert (kept.state, kept.why, kept.amount_minor) == ("returned", "wrong_state", 10_500)
    with shop.standin.state.lock:
        assert [refund["amount"] for refund in shop.standin.state.all("refund")] == [10_500]
    balances = market.balances("USD")
    assert balances["stripe:balance"] == -balances["stripe:fees"] > 0
    assert set(balances) == {"stripe:balance", "stripe:fees"}
    assert shop.agrees()
    assert violations() == []


def test_a_cancelled_order_has_no_page_any_more(market: Market, shop: Shop) -> None:
    placed = order(offer(market, 10_000, "USD"))
    session = shop.open(placed)
    cancel_order(actor=placed.buyer, order_id=placed.pk)
    run_all_jobs()
    with shop.standin.state.lock:
        assert shop.standin.state.get("checkout.session", session)["status"] == "expired"
    assert PaymentAttempt.objects.get().state == "ended"


def test_late_money_still_buys_what_can_be_had(market: Market, shop: Shop) -> None:
    placed = order(offer(market, 10_000, "USD"))
    session = shop.open(placed)
    Order.objects.filter(pk=placed.pk).update(state="expired")
    shop.standin.pay(session)
    shop.hear()
    placed.refresh_from_db()
    assert (placed.state, licenses()) == ("paid", 1)


def test_late_money_for_a_withdrawn_version_goes_back(market: Market, shop: Shop) -> None:
    placed = order(offer(market, 10_000, "USD"))
    session = shop.open(placed)
    type(market.version).objects.filter(pk=market.version.pk).update(state="withdrawn_content")
    shop.standin.pay(session)
    shop.hear()
    assert UnappliedPayment.objects.get().why == "version_gone"
    assert (licenses(), UnappliedPayment.objects.get().state) == (0, "returned")
    assert violations() == []


def test_tax_of_the_rail_is_taken_into_the_order(market: Market, shop: Shop, settings: Settings) -> None:
    """Q4 with Stripe Tax: fee and shares are without it."""
    settings.STRIPE_TAX = True
    placed = order(offer(market, 10_000, "EUR"))
    shop.pay(placed)
    assert (placed.tax_minor, placed.total_minor) == (1995, 12_495)
    assert legs_of(market, "sale") == [{"stripe:balance": -12_495, "fee": 500, "tax": 1995, "pool": 10_000}]
    assert violations() == []


@pytest.mark.parametrize(("currency", "price", "total"), [("JPY", 1000, 1050), ("KWD", 10_000, 10_500)])
def test_currencies_with_other_digits(market: Market, shop: Shop, currency: str, price: int, total: int) -> None:
    placed = order(offer(market, price, currency))
    shop.pay(placed)
    assert (placed.state, Payment.objects.get().amount_minor) == ("paid", total)
    assert shop.agrees()
    assert violations() == []


def test_two_pages_of_one_order_at_once_are_one(market: Market, shop: Shop) -> None:
    placed = order(offer(market, 10_000, "USD"))
    first = start_payment(actor=placed.buyer, order_id=placed.pk)
    second = start_payment(actor=placed.buyer, order_id=placed.pk)
    assert (first.pk, first.url) == (second.pk, second.url)
    assert first.url.startswith(shop.standin.url)
