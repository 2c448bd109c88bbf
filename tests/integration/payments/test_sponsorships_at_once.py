"""Budgets that many use at the same moment: nothing is spent twice, and nothing that a bank has taken back."""

from dataclasses import replace

import pytest

from licensing.models import LicenseGrant
from payments.errors import SponsorshipEmptyError, SponsorshipOverError
from payments.gateways.facts import Disputed
from payments.models import Journal, Order, SponsorReturn
from payments.services.side_disputes import follow_side_dispute
from tests.factories import UserFactory
from tests.integration.payments.audit import violations
from tests.integration.payments.market import Market, offer, open_market
from tests.integration.payments.sponsors import Fund, sponsored
from tests.integration.payments.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def market() -> Market:
    return open_market({"a": [3], "b": [1]}, steward_bps=1000)


def test_of_sixteen_at_once_exactly_as_many_as_fit(market: Market) -> None:
    offered, fund = offer(market, 25_000, "EUR"), Fund()
    fund.pay_in(3 * 26_250 + 26_249)
    people = [UserFactory.create() for _ in range(16)]
    for person in people:
        fund.approve(person)

    def act(number: int) -> str:
        try:
            return sponsored(offered, people[number], fund.row).state
        except SponsorshipEmptyError as refusal:
            return refusal.code

    outcomes = at_once(16, act)
    assert sorted(outcomes) == ["paid"] * 3 + ["sponsorship_empty"] * 13
    assert (fund.holds, Order.objects.count(), LicenseGrant.objects.count()) == (26_249, 3, 3)
    assert violations() == []


def test_closing_and_ordering_at_once_spend_nothing_twice(market: Market) -> None:
    offered, fund = offer(market, 25_000, "EUR"), Fund()
    fund.pay_in(8 * 26_250)
    people = [UserFactory.create() for _ in range(7)]
    for person in people:
        fund.approve(person)

    def act(number: int) -> str:
        if number == 7:
            return fund.close().state
        try:
            return sponsored(offered, people[number], fund.row).state
        except SponsorshipOverError as refusal:
            return refusal.code

    outcomes = at_once(8, act)
    paid = outcomes.count("paid")
    assert outcomes.count("closed") == 1
    assert outcomes.count("sponsorship_over") == 7 - paid
    assert SponsorReturn.objects.get().amount_minor == (8 - paid) * 26_250
    assert violations() == []


def test_of_two_orders_that_together_pass_the_budget_one_is_paid(market: Market) -> None:
    """Of different offers, in different carts."""
    offers = [offer(market, 25_000, "EUR"), offer(market, 20_000, "EUR", license_id="CC-BY-SA-4.0")]
    fund, person = Fund(), UserFactory.create()
    fund.pay_in(26_250 + 21_000 - 1)
    fund.approve(person)

    def act(number: int) -> str:
        try:
            return sponsored(offers[number], person, fund.row, f"cart {number}").state
        except SponsorshipEmptyError as refusal:
            return refusal.code

    assert sorted(at_once(2, act)) == ["paid", "sponsorship_empty"]
    paid = Order.objects.get()
    assert (fund.holds, LicenseGrant.objects.count()) == (26_250 + 21_000 - 1 - paid.total_minor, 1)
    assert violations() == []


def test_a_dispute_and_orders_at_once_spend_nothing_that_was_taken_back(market: Market) -> None:
    """Whoever comes before the bank is paid, and the sponsor owes that; nobody who comes after is."""
    offered, fund = offer(market, 25_000, "EUR"), Fund()
    funding = fund.pay_in(3 * 26_250)
    people = [UserFactory.create() for _ in range(5)]
    for person in people:
        fund.approve(person)
    told = Disputed("du_1", funding.payment, 3 * 26_250, "EUR", "open")

    def act(number: int) -> str:
        if number == 5:
            return follow_side_dispute(paid=funding, told=told).state
        try:
            return sponsored(offered, people[number], fund.row).state
        except SponsorshipEmptyError as refusal:
            return refusal.code

    outcomes = at_once(6, act)
    before = outcomes.count("paid")
    assert sorted(outcomes) == sorted(["open", *["paid"] * before, *["sponsorship_empty"] * (5 - before)])
    opened = Journal.objects.get(event="dispute_opened")
    assert not Journal.objects.filter(event="sale", created_at__gt=opened.created_at).exists()
    assert violations() == []
    states = at_once(3, lambda _: follow_side_dispute(paid=funding, told=replace(told, state="lost")).state)
    assert states == ["lost"] * 3
    assert (fund.holds, fund.owes) == (0, before * 26_250)
    assert violations() == []
