"""What every rail promises about money in, and back to those who paid it."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from collective.core.ids import new_id
from payments.errors import RailRefusedError
from payments.gateways.facts import Receipt, Returned
from payments.gateways.rail import Rail
from payments.models import PaymentAttempt
from payments.services import start_payment
from tests.contract.rails.hands import Hands
from tests.integration.payments.market import Market, offer, open_market, order

pytestmark = pytest.mark.django_db

PRICE, TOTAL, BACK = 10_000, 10_500, 3_333


@pytest.fixture
def market() -> Market:
    return open_market({"a": [1]})


@pytest.fixture
def attempt(market: Market, hands: Hands) -> PaymentAttempt:
    """A page on which an order is to be paid."""
    placed = order(offer(market, PRICE, "USD"))
    return start_payment(actor=placed.buyer, order_id=placed.pk)


@pytest.fixture
def receipt(rail: Rail, hands: Hands, attempt: PaymentAttempt) -> Receipt:
    hands.pay(attempt)
    paid = rail.collecting.progress(attempt.reference).receipt
    assert paid is not None
    return paid


def test_an_attempt_has_one_page(rail: Rail, attempt: PaymentAttempt) -> None:
    with time_machine.travel(timedelta(minutes=5)):
        again = rail.collecting.open_checkout(attempt)
    assert again.reference == attempt.reference
    assert again.url
    told = rail.collecting.progress(attempt.reference)
    assert (told.state, told.attempt_id, told.receipt) == ("open", str(attempt.pk), None)


def test_what_was_paid_is_told_with_the_order_that_it_was_for(
    rail: Rail, attempt: PaymentAttempt, receipt: Receipt
) -> None:
    told = rail.collecting.progress(attempt.reference)
    assert (told.state, told.attempt_id) == ("paid", str(attempt.pk))
    assert (receipt.rail, receipt.order_id) == (rail.name, attempt.order_id)
    assert (receipt.amount_minor, receipt.currency, receipt.tax_minor or 0) == (TOTAL, "USD", 0)
    found = rail.collecting.progress_of(receipt.reference)
    assert found is not None
    assert (found.reference, found.receipt) == (attempt.reference, told.receipt)
    assert rail.collecting.capture(attempt).receipt == told.receipt


def test_a_part_goes_back_once_per_key(rail: Rail, receipt: Receipt) -> None:
    key = str(new_id())
    assert rail.collecting.find_refund(payment=receipt.reference, key=key) is None
    first = back(rail, receipt, BACK, key)
    assert back(rail, receipt, BACK, key) == first
    assert (first.payment, first.amount_minor, first.currency) == (receipt.reference, BACK, "USD")
    assert (first.key, first.has_failed) == (key, False)
    assert rail.collecting.find_refund(payment=receipt.reference, key=key) == first
    assert rail.collecting.returned(first.reference) == first


def back(rail: Rail, receipt: Receipt, amount_minor: int, key: str) -> Returned:
    return rail.collecting.refund(payment=receipt.reference, amount_minor=amount_minor, currency="USD", key=key)


def test_no_more_goes_back_than_came(rail: Rail, receipt: Receipt) -> None:
    first, second = str(new_id()), str(new_id())
    back(rail, receipt, TOTAL - 1, first)
    with pytest.raises(RailRefusedError):
        back(rail, receipt, 2, second)
    assert rail.collecting.find_refund(payment=receipt.reference, key=second) is None


def test_a_page_that_was_ended_is_over_and_can_be_ended_again(rail: Rail, attempt: PaymentAttempt) -> None:
    attempt.transition_to("ended")
    for _ in range(2):
        rail.collecting.end_checkout(attempt.reference)
        assert rail.collecting.progress(attempt.reference).state == "ended"


def test_ending_takes_nothing_from_what_was_paid(rail: Rail, attempt: PaymentAttempt, receipt: Receipt) -> None:
    rail.collecting.end_checkout(attempt.reference)
    assert rail.collecting.progress(attempt.reference).receipt == receipt


def test_both_ways_are_in_the_rails_books(rail: Rail, receipt: Receipt) -> None:
    refund = back(rail, receipt, BACK, str(new_id()))
    since = timezone.now() - timedelta(days=1)
    moved = {each.source: (each.kind, each.amount_minor) for each in rail.reporting.movements(since)}
    assert moved[receipt.source] == ("charge", TOTAL)
    assert moved[refund.reference] == ("refund", -BACK)
    (story,) = rail.reporting.story(receipt.source)
    cost = rail.collecting.cost(receipt.source)
    assert story.fee_minor == receipt.cost_minor == (cost.amount_minor if cost else 0)
