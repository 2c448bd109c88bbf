"""Restricted datasets: authorized while the request is open, captured when it is approved, let go when it is not."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from collective.accounts.models import User
from licensing.errors import ByRequestError
from licensing.models import AccessRequest, LicenseGrant
from licensing.services import approve_access, decline_access, request_access, withdraw_access_request
from licensing.services.access import Asked
from payments.models import Journal, Order, Payment, PaymentAttempt, SimulatedMovement
from payments.services import cancel_order, pay_simulated
from payments.services.capturing import decide_attempt, end_old_authorizations
from tests.factories import UserFactory
from tests.integration.payments.audit import violations
from tests.integration.payments.market import Market, offer, open_market, order
from tests.integration.payments.shop import Shop
from tests.services.jobs import run_all_jobs
from tests.standin.faults import Fault

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture
def buyer(db: None) -> User:
    return UserFactory.create()


def restricted() -> Market:
    market = open_market({"a": [1], "b": [1], "c": [1]})
    type(market.dataset).objects.filter(pk=market.dataset.pk).update(visibility="restricted")
    return market


@pytest.fixture
def market() -> Market:
    return restricted()


@pytest.fixture
def at_stripe(shop: Shop) -> Market:
    return restricted()


def ask(market: Market, buyer: User) -> AccessRequest:
    asked = Asked(purpose="To teach a class how digits sound.")
    licensee = buyer.personal_organization
    return request_access(actor=buyer, dataset_id=market.dataset.pk, licensee_id=licensee.pk, asked=asked)


def reserved(market: Market, buyer: User) -> tuple[AccessRequest, Order]:
    """Asked for, ordered and authorized on the simulated rail."""
    offered = offer(market, 10_000, "USD")
    request = ask(market, buyer)
    placed = order(offered, buyer)
    pay_simulated(actor=buyer, order_id=placed.pk)
    run_all_jobs()
    return request, state_of(placed)


def state_of(placed: Order) -> Order:
    return Order.objects.get(pk=placed.pk)


def licenses() -> int:
    return LicenseGrant.objects.filter(state="active").count()


def nothing_moved() -> bool:
    return not (Journal.objects.exists() or Payment.objects.exists() or LicenseGrant.objects.exists())


def test_without_a_request_there_is_nothing_to_wait_for(market: Market, buyer: User) -> None:
    with pytest.raises(ByRequestError):
        order(offer(market, 10_000, "USD"), buyer)
    assert not Order.objects.exists()


def test_what_is_free_waits_for_the_approval(market: Market, buyer: User) -> None:
    offered = offer(market, 0, "USD")
    ask(market, buyer)
    with pytest.raises(ByRequestError):
        order(offered, buyer)
    assert not Order.objects.exists()


def test_captured_when_it_is_approved(market: Market, buyer: User) -> None:
    request, placed = reserved(market, buyer)
    assert (placed.state, PaymentAttempt.objects.get().state) == ("authorized", "authorized")
    assert nothing_moved()
    assert not SimulatedMovement.objects.exists()
    pay_simulated(actor=buyer, order_id=placed.pk)
    approve_access(actor=market.steward, request_id=request.pk, reason="A good use.")
    run_all_jobs()
    assert (state_of(placed).state, PaymentAttempt.objects.get().state, licenses()) == ("paid", "paid", 1)
    assert Payment.objects.count() == 1
    assert violations() == []


def test_let_go_when_it_is_declined(market: Market, buyer: User) -> None:
    request, placed = reserved(market, buyer)
    decline_access(actor=market.steward, request_id=request.pk, reason="Not for this.")
    run_all_jobs()
    assert (state_of(placed).state, PaymentAttempt.objects.get().state) == ("cancelled", "ended")
    assert nothing_moved()
    assert violations() == []


def test_let_go_when_the_request_is_taken_back(market: Market, buyer: User) -> None:
    request, placed = reserved(market, buyer)
    withdraw_access_request(actor=buyer, request_id=request.pk)
    run_all_jobs()
    assert (state_of(placed).state, nothing_moved()) == ("cancelled", True)


def test_let_go_when_the_order_is_cancelled(market: Market, buyer: User) -> None:
    request, placed = reserved(market, buyer)
    cancel_order(actor=buyer, order_id=placed.pk)
    run_all_jobs()
    approve_access(actor=market.steward, request_id=request.pk, reason="Too late.")
    run_all_jobs()
    assert (state_of(placed).state, PaymentAttempt.objects.get().state, licenses()) == ("cancelled", "ended", 0)


def test_after_a_week_it_is_over(market: Market, buyer: User) -> None:
    request, placed = reserved(market, buyer)
    with time_machine.travel(timezone.now() + WEEK - timedelta(hours=1)):
        assert end_old_authorizations() == 0
    with time_machine.travel(timezone.now() + WEEK + timedelta(minutes=1)):
        assert end_old_authorizations() == 1
        approve_access(actor=market.steward, request_id=request.pk, reason="Too late.")
        run_all_jobs()
    assert (state_of(placed).state, PaymentAttempt.objects.get().state, licenses()) == ("expired", "ended", 0)
    assert nothing_moved()


def test_approved_before_anybody_authorized(market: Market, buyer: User) -> None:
    offered = offer(market, 10_000, "USD")
    request = ask(market, buyer)
    placed = order(offered, buyer)
    approve_access(actor=market.steward, request_id=request.pk, reason="A good use.")
    pay_simulated(actor=buyer, order_id=placed.pk)
    assert (state_of(placed).state, licenses()) == ("paid", 1)


def test_a_version_that_is_gone_is_not_captured(market: Market, buyer: User) -> None:
    request, placed = reserved(market, buyer)
    type(market.version).objects.filter(pk=market.version.pk).update(state="withdrawn_content")
    approve_access(actor=market.steward, request_id=request.pk, reason="A good use.")
    run_all_jobs()
    assert (state_of(placed).state, nothing_moved()) == ("cancelled", True)


def test_pages_say_that_nothing_is_charged(market: Market, buyer: User, client: Client) -> None:
    offered = offer(market, 10_000, "USD")
    ask(market, buyer)
    placed = order(offered, buyer)
    client.force_login(buyer)
    assert "only reserved" in client.get(f"/pay/simulated/{placed.pk}/").content.decode()
    client.post(f"/pay/simulated/{placed.pk}/")
    shown = client.get(f"/orders/{placed.pk}/").content.decode()
    assert "waits for approval" in shown
    assert "at most 7 days" in shown
    assert f"/orders/{placed.pk}/cancel/" in shown
    client.post(f"/orders/{placed.pk}/cancel/")
    assert state_of(placed).state == "cancelled"


def held_at_stripe(market: Market, shop: Shop, buyer: User) -> tuple[AccessRequest, Order, str]:
    """Asked for, ordered, authorized on Stripe's page, and heard of. The intent's name."""
    offered = offer(market, 10_000, "USD")
    request = ask(market, buyer)
    placed = order(offered, buyer)
    intent = shop.standin.authorize(shop.open(placed))["payment_intent"]
    shop.hear()
    return request, state_of(placed), intent


def status(shop: Shop, intent: str) -> str:
    with shop.standin.state.lock:
        return str(shop.standin.state.get("payment_intent", intent)["status"])


def test_stripe_captures_once(at_stripe: Market, shop: Shop, buyer: User) -> None:
    shop.standin.arm(Fault.WEBHOOK_DUPLICATE, times=-1)
    shop.standin.arm(Fault.WEBHOOKS_SHUFFLE, times=-1)
    request, placed, intent = held_at_stripe(at_stripe, shop, buyer)
    assert (placed.state, status(shop, intent), shop.ours()) == ("authorized", "requires_capture", {})
    assert nothing_moved()
    approve_access(actor=at_stripe.steward, request_id=request.pk, reason="A good use.")
    run_all_jobs()
    shop.hear()
    decide_attempt(attempt_id=PaymentAttempt.objects.get().pk)
    assert (state_of(placed).state, status(shop, intent), licenses()) == ("paid", "succeeded", 1)
    assert Payment.objects.count() == 1
    assert shop.agrees()
    assert violations() == []


def test_a_capture_whose_answer_was_lost(at_stripe: Market, shop: Shop, buyer: User) -> None:
    request, placed, _ = held_at_stripe(at_stripe, shop, buyer)
    approve_access(actor=at_stripe.steward, request_id=request.pk, reason="A good use.")
    shop.standin.arm(Fault.TIMEOUT_AFTER_COMMIT, where="capture", times=3)
    run_all_jobs()
    shop.hear()
    assert (state_of(placed).state, licenses(), Payment.objects.count()) == ("paid", 1, 1)
    assert (shop.agrees(), violations()) == (True, [])


def test_stripe_lets_go(at_stripe: Market, shop: Shop, buyer: User) -> None:
    request, placed, intent = held_at_stripe(at_stripe, shop, buyer)
    decline_access(actor=at_stripe.steward, request_id=request.pk, reason="Not for this.")
    run_all_jobs()
    shop.hear()
    assert (state_of(placed).state, status(shop, intent)) == ("cancelled", "canceled")
    assert (nothing_moved(), shop.balances()) == (True, {})


def test_decided_before_we_heard_of_the_authorization(at_stripe: Market, shop: Shop, buyer: User) -> None:
    offered = offer(at_stripe, 10_000, "USD")
    request = ask(at_stripe, buyer)
    placed = order(offered, buyer)
    shop.standin.authorize(shop.open(placed))
    approve_access(actor=at_stripe.steward, request_id=request.pk, reason="A good use.")
    run_all_jobs()
    assert state_of(placed).state == "awaiting_payment"
    shop.hear()
    shop.hear()
    assert (state_of(placed).state, licenses()) == ("paid", 1)
    assert (shop.agrees(), violations()) == (True, [])


def test_the_bank_lets_go_after_a_week(at_stripe: Market, shop: Shop, buyer: User) -> None:
    _, placed, intent = held_at_stripe(at_stripe, shop, buyer)
    with time_machine.travel(timezone.now() + WEEK + timedelta(minutes=5)):
        shop.standin.advance(0)
        shop.hear()
    assert (state_of(placed).state, status(shop, intent)) == ("expired", "canceled")
    assert nothing_moved()


def test_tax_is_known_with_the_capture(at_stripe: Market, shop: Shop, buyer: User, settings: Settings) -> None:
    settings.STRIPE_TAX = True
    request, placed, _ = held_at_stripe(at_stripe, shop, buyer)
    approve_access(actor=at_stripe.steward, request_id=request.pk, reason="A good use.")
    run_all_jobs()
    paid = state_of(placed)
    assert (paid.state, paid.tax_minor, paid.total_minor) == ("paid", 1995, 12_495)
    assert (shop.agrees(), violations()) == (True, [])
