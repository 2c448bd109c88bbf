"""What a budget pays, where a license is not simply bought: by request, with a coupon, or given back late."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from collective.accounts.models import User
from licensing.errors import ByRequestError
from licensing.models import LicenseGrant, LicenseVersion
from licensing.services import approve_access, decline_access, publish_offer, request_access
from licensing.services.access import Asked
from payments.errors import TotalUnseenError
from payments.models import Coupon, Journal, Order, SalePeriod, SponsoredOrder, SponsorReturn, Subscription
from payments.services import CouponTerms, make_coupon, refund_order
from payments.services.periods import settle_ended_periods
from payments.services.simulating import renew_simulated
from payments.services.sponsor_returns import send_sponsor_return
from payments.services.sponsorships import close_ended_sponsorships
from tests.factories import UserFactory
from tests.integration.payments.audit import violations
from tests.integration.payments.market import Market, legs_of, offer, open_market
from tests.integration.payments.sponsors import Fund, sponsored
from tests.integration.payments.test_periods import MONTHLY

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    return open_market({"a": [3], "b": [1]})


@pytest.fixture
def researcher() -> User:
    made: User = UserFactory.create()
    return made


@pytest.fixture
def fund(researcher: User) -> Fund:
    made = Fund()
    made.approve(researcher)
    made.pay_in(30_000)
    return made


@pytest.fixture
def operator() -> User:
    made: User = UserFactory.create(is_staff=True)
    return made


def coupon(market: Market, percent: int) -> Coupon:
    terms = CouponTerms(percent=percent, max_uses=1, valid_until=timezone.now() + timedelta(days=1))
    return make_coupon(actor=market.steward, dataset_id=market.dataset.pk, terms=terms)


def test_a_license_by_request_is_paid_when_access_is_approved(market: Market, researcher: User, fund: Fund) -> None:
    """Before that nothing is reserved and nothing is spent, whether it was asked for or not."""
    type(market.dataset).objects.filter(pk=market.dataset.pk).update(visibility="restricted")
    offered, mine = offer(market, 25_000, "EUR"), researcher.personal_organization
    with pytest.raises(ByRequestError):
        sponsored(offered, researcher, fund.row)
    asked = Asked(purpose="To teach a class how digits sound.")
    wanted = request_access(actor=researcher, dataset_id=market.dataset.pk, licensee_id=mine.pk, asked=asked)
    with pytest.raises(ByRequestError):
        sponsored(offered, researcher, fund.row)
    assert (fund.holds, Order.objects.count(), SponsoredOrder.objects.count()) == (30_000, 0, 0)
    approve_access(actor=market.steward, request_id=wanted.pk, reason="A good use.")
    assert sponsored(offered, researcher, fund.row).state == "paid"
    assert (fund.holds, LicenseGrant.objects.get().state) == (3750, "active")
    assert violations() == []


def test_a_declined_request_costs_a_budget_nothing(market: Market, researcher: User, fund: Fund) -> None:
    type(market.dataset).objects.filter(pk=market.dataset.pk).update(visibility="restricted")
    offered, mine = offer(market, 25_000, "EUR"), researcher.personal_organization
    asked = Asked(purpose="To teach a class how digits sound.")
    wanted = request_access(actor=researcher, dataset_id=market.dataset.pk, licensee_id=mine.pk, asked=asked)
    decline_access(actor=market.steward, request_id=wanted.pk, reason="Not for this.")
    with pytest.raises(ByRequestError):
        sponsored(offered, researcher, fund.row)
    assert (fund.holds, Order.objects.count()) == (30_000, 0)


def test_a_budget_pays_what_a_coupon_leaves(market: Market, researcher: User, fund: Fund) -> None:
    offered, made = offer(market, 25_000, "EUR", fee_mode="included"), coupon(market, 50)
    with pytest.raises(TotalUnseenError):
        sponsored(offered, researcher, fund.row, coupon=made.code)
    placed = sponsored(offered, researcher, fund.row, coupon=made.code, seen_total_minor=12_500)
    assert legs_of(market, "sale") == [{fund.row.account: -12_500, "fee": 625, "pool": 11_875}]
    assert (placed.state, fund.holds, Coupon.objects.get().uses) == ("paid", 17_500, 1)
    assert violations() == []


def test_what_a_coupon_makes_free_costs_a_budget_nothing(market: Market, researcher: User, fund: Fund) -> None:
    offered, made = offer(market, 25_000, "EUR"), coupon(market, 100)
    placed = sponsored(offered, researcher, fund.row, coupon=made.code, seen_total_minor=0)
    assert (placed.state, fund.holds, SponsoredOrder.objects.count()) == ("free", 30_000, 0)
    assert not Journal.objects.filter(key=f"sale:{placed.pk}").exists()
    assert violations() == []


def test_of_a_subscription_a_budget_pays_one_period(market: Market, researcher: User, fund: Fund) -> None:
    text = LicenseVersion.objects.get(template__license_id="LicenseRef-DC-LIVE-SUBSCRIPTION-1.0", language="en")
    offered = publish_offer(
        actor=market.steward,
        dataset_id=market.dataset.pk,
        license_version_id=text.pk,
        price_minor=9_000,
        currency="EUR",
        plan=MONTHLY,
    )
    placed = sponsored(offered, researcher, fund.row)
    assert (placed.state, fund.holds) == ("paid", 20_550)
    with time_machine.travel(SalePeriod.objects.get().ends_at + timedelta(days=1)):
        assert renew_simulated() == 0
        settle_ended_periods()
    assert not Subscription.objects.exists()
    shares = {name: amount for name, amount in market.balances("EUR").items() if name.endswith(":held")}
    assert shares == {"a:held": 6750, "b:held": 2250}
    assert (fund.holds, Order.objects.count()) == (20_550, 1)
    assert violations() == []


def test_refunds_after_the_budget_closed_go_on_to_the_sponsor(
    market: Market, researcher: User, fund: Fund, operator: User
) -> None:
    placed = sponsored(offer(market, 25_000, "EUR"), researcher, fund.row)
    market.settle("EUR")
    fund.close()
    send_all()
    assert fund.holds == 0
    for reference, amount in (("r1", 10_001), ("r2", 16_249)):
        refund_order(actor=operator, order_id=placed.pk, amount_minor=amount, reason="Asked.", refund_ref=reference)
        assert fund.holds == amount
        for _ in range(2):
            close_ended_sponsorships()
            send_all()
        assert fund.holds == 0
    assert sorted(SponsorReturn.objects.values_list("amount_minor", flat=True)) == [3750, 10_001, 16_249]
    assert LicenseGrant.objects.get().state == "revoked"
    market.settle("EUR")
    assert market.balances("EUR") == {}
    assert violations() == []


def send_all() -> None:
    for each in SponsorReturn.objects.filter(state="reserved"):
        send_sponsor_return(return_id=each.pk)


@pytest.mark.parametrize(("currency", "price", "total"), [("JPY", 1000, 1050), ("KWD", 10_000, 10_500)])
def test_a_budget_in_another_currency_pays_to_the_last_unit(
    researcher: User, operator: User, currency: str, price: int, total: int
) -> None:
    market, fund = open_market({"a": [1], "b": [1], "c": [1]}), Fund(currency)
    fund.pay_in(total)
    fund.approve(researcher)
    placed = sponsored(offer(market, price, currency), researcher, fund.row)
    assert fund.holds == 0
    market.settle(currency)
    step = 10 if currency == "KWD" else 1
    for reference, amount in (("r1", total // 3 // step * step), ("r2", total - total // 3 // step * step)):
        refund_order(actor=operator, order_id=placed.pk, amount_minor=amount, reason="Asked.", refund_ref=reference)
        market.settle(currency)
    assert market.balances(currency) == {"embedded:balance": -total, fund.row.account: total}
    assert violations() == []
