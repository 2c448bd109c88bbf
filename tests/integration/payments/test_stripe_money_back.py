"""Money that an order could not take: it goes back once, and buys nothing afterwards."""

from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from licensing.models import LicenseGrant
from licensing.services import approve_access
from payments.errors import RailDownError
from payments.gateways.stripe.client import client
from payments.models import Journal, Order, Payment, PaymentAttempt, UnappliedPayment
from payments.services import cancel_order
from payments.services.attempts import follow_checkout
from payments.services.invoices import issue_invoice
from tests.factories import UserFactory
from tests.integration.payments.audit import violations
from tests.integration.payments.market import Market, offer, open_market, order
from tests.integration.payments.shop import Shop
from tests.integration.payments.test_authorizations import ask, restricted
from tests.integration.payments.test_invoices import on_invoice
from tests.integration.payments.test_stripe_renewals import refunds
from tests.integration.payments.test_ways_at_once import a_lab
from tests.services.jobs import run_all_jobs
from tests.standin.faults import Fault

# What Stripe says and hears: the same services run on both databases with the embedded rail, and in the money machine.
pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def market(shop: Shop) -> Market:
    return open_market({"a": [1], "b": [1], "c": [1]})


def publish(market: Market, state: str) -> None:
    type(market.version).objects.filter(pk=market.version.pk).update(state=state)


def licenses() -> int:
    return LicenseGrant.objects.filter(state="active").count()


def test_what_went_back_buys_nothing_when_it_could_be_had_again(market: Market, shop: Shop) -> None:
    placed = order(offer(market, 10_000, "USD"))
    session = shop.open(placed)
    publish(market, "withdrawn_content")
    shop.standin.pay(session)
    shop.hear()
    assert UnappliedPayment.objects.get().why == "version_gone"
    publish(market, "published")
    follow_checkout(rail_name="stripe", reference=session)
    shop.hear()
    assert (licenses(), Payment.objects.count(), refunds(shop)) == (0, 0, [10_500])
    assert not Journal.objects.filter(event="sale").exists()
    assert (shop.agrees(), violations()) == (True, [])


def test_with_tax_for_a_cancelled_order(market: Market, shop: Shop, settings: Settings) -> None:
    """The order never had that tax, and takes none now."""
    settings.STRIPE_TAX = True
    placed = order(offer(market, 10_000, "EUR"))
    session = shop.open(placed)
    cancel_order(actor=placed.buyer, order_id=placed.pk)
    shop.standin.pay(session)
    shop.hear()
    shop.hear()
    placed.refresh_from_db()
    assert (placed.state, placed.tax_minor, licenses()) == ("cancelled", 0, 0)
    assert (UnappliedPayment.objects.get().why, refunds(shop)) == ("wrong_state", [12_495])
    assert (shop.agrees(), violations()) == (True, [])


def test_an_invoice_with_tax_that_was_cancelled_while_it_was_written(
    market: Market, shop: Shop, settings: Settings
) -> None:
    settings.STRIPE_TAX = True
    placed = on_invoice(offer(market, 10_000, "EUR"), a_lab(), country="DE")
    shop.standin.arm(Fault.TIMEOUT_AFTER_COMMIT, where="/send", times=3)
    with pytest.raises(RailDownError):
        issue_invoice(invoice_id=placed.invoice.pk)
    cancel_order(actor=placed.buyer, order_id=placed.pk)
    with shop.standin.state.lock:
        [written] = shop.standin.state.all("invoice")
    shop.standin.pay_invoice(written["id"])
    shop.hear()
    shop.hear()
    assert (UnappliedPayment.objects.get().state, refunds(shop)) == ("returned", [12_495])
    assert (licenses(), shop.agrees(), violations()) == (0, True, [])


def test_given_back_in_parts_on_stripes_own_pages(market: Market, shop: Shop) -> None:
    """What is left is still owed, and stays in the books until it has gone too. One part comes back on the way."""
    placed = order(offer(market, 10_000, "USD"))
    session = shop.open(placed)
    cancel_order(actor=placed.buyer, order_id=placed.pk)
    shop.standin.pay(session)
    follow_checkout(rail_name="stripe", reference=session)
    kept = UnappliedPayment.objects.get()

    def give_back(amount: int) -> str:
        wanted: Any = {"payment_intent": kept.reference, "amount": amount}
        return client().v1.refunds.create(wanted).id

    def now() -> tuple[str, int]:
        shop.hear()
        shop.hear()
        kept.refresh_from_db()
        assert (shop.agrees(), violations()) == (True, [])
        return kept.state, market.balances("USD").get("unapplied", 0)

    first = give_back(5_000)
    assert now() == ("stuck", 5_500)
    give_back(5_500)
    assert now() == ("returned", 0)
    shop.standin.fail_refund(first)
    assert now() == ("stuck", 5_000)
    give_back(5_000)
    assert now() == ("returned", 0)
    assert "fx" not in market.balances("USD")


def test_of_two_that_wait_for_one_approval_one_is_charged(shop: Shop) -> None:
    market, buyer = restricted(), UserFactory.create()
    offered = offer(market, 10_000, "USD")
    request = ask(market, buyer)
    intents = [shop.standin.authorize(shop.open(order(offered, buyer)))["payment_intent"] for _ in range(2)]
    shop.hear()
    approve_access(actor=market.steward, request_id=request.pk, reason="A good use.")
    run_all_jobs()
    shop.hear()
    assert sorted(Order.objects.values_list("state", flat=True)) == ["cancelled", "paid"]
    assert sorted(client().v1.payment_intents.retrieve(each).status for each in intents) == ["canceled", "succeeded"]
    assert (licenses(), UnappliedPayment.objects.count(), refunds(shop)) == (1, 0, [])
    assert (shop.agrees(), violations()) == (True, [])


def test_captured_on_stripes_own_pages_for_what_is_gone(shop: Shop) -> None:
    """The order does not wait for an approval for ever."""
    market, buyer = restricted(), UserFactory.create()
    offered = offer(market, 10_000, "USD")
    ask(market, buyer)
    placed = order(offered, buyer)
    intent = shop.standin.authorize(shop.open(placed))["payment_intent"]
    shop.hear()
    publish(market, "withdrawn_content")
    client().v1.payment_intents.capture(intent)
    shop.hear()
    shop.hear()
    placed.refresh_from_db()
    assert (placed.state, PaymentAttempt.objects.get().state, licenses()) == ("expired", "paid", 0)
    assert (UnappliedPayment.objects.get().state, refunds(shop)) == ("returned", [10_500])
    assert placed.expires_at > timezone.now()
    assert (shop.agrees(), violations()) == (True, [])
