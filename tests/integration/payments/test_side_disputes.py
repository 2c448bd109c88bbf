"""A bank takes back what paid no order: the funding of a budget, or money that no order could take."""

import pytest
from django.test import Client
from django.urls import reverse

from collective.accounts.models import User
from licensing.models import LicenseGrant
from payments.errors import SponsorshipEmptyError
from payments.models import FinanceTask, Journal, Order, SideDispute, SponsorFunding, SponsorReturn, UnappliedPayment
from payments.services import cancel_order, refund_order, start_funding
from payments.services.reconciling import reconcile
from payments.services.sponsorships import close_ended_sponsorships
from tests.factories import UserFactory
from tests.integration.payments.audit import violations
from tests.integration.payments.market import Market, legs_of, offer, open_market, order
from tests.integration.payments.shop import Shop
from tests.integration.payments.sponsors import Fund, sponsored
from tests.integration.payments.test_pages import text_of
from tests.services.jobs import run_all_jobs
from tests.standin.faults import Fault

pytestmark = pytest.mark.django_db


@pytest.fixture
def market(shop: Shop) -> Market:
    return open_market({"a": [1], "b": [1]})


@pytest.fixture
def researcher() -> User:
    made: User = UserFactory.create()
    return made


@pytest.fixture
def fund(shop: Shop, researcher: User) -> Fund:
    made = Fund()
    made.approve(researcher)
    return made


def pay_in(shop: Shop, fund: Fund, amount_minor: int) -> SponsorFunding:
    funding = start_funding(actor=fund.manager, sponsorship_id=fund.row.pk, amount_minor=amount_minor)
    shop.standin.pay(funding.reference)
    shop.hear()
    funding.refresh_from_db()
    return funding


def dispute(shop: Shop, payment: str, amount: int | None = None, *, inquiry: bool = False) -> str:
    charge = shop.standin.state.get("payment_intent", payment)["latest_charge"]
    opened = shop.standin.open_dispute(charge, amount, inquiry=inquiry)
    shop.hear()
    return str(opened["id"])


def give_back(placed: Order, amount_minor: int) -> None:
    operator = UserFactory.create(is_staff=True)
    refund_order(actor=operator, order_id=placed.pk, amount_minor=amount_minor, reason="asked", refund_ref="r")


def test_a_budget_spends_nothing_that_a_bank_has_taken_back(
    market: Market, shop: Shop, fund: Fund, researcher: User
) -> None:
    offered, funding = offer(market, 25_000, "EUR"), pay_in(shop, fund, 30_000)
    shop.standin.arm(Fault.WEBHOOK_DUPLICATE, times=-1)
    named = dispute(shop, funding.payment)
    assert legs_of(market, "dispute_opened") == [{"stripe:balance": 30_000, "dispute:suspense": -30_000}]
    assert legs_of(market, "dispute_fee") == [{"stripe:balance": 1500, "dispute:fees": -1500}]
    with pytest.raises(SponsorshipEmptyError):
        sponsored(offered, researcher, fund.row)
    assert not Order.objects.exists()
    client, page = Client(), reverse("payments:sponsorship", args=[fund.row.pk])
    client.force_login(fund.manager)
    assert "Not usable while a bank decides 300.00 EUR" in text_of(client.get(page).content.decode())
    client.force_login(researcher)
    assert "Not usable" not in text_of(client.get(page).content.decode())
    shop.standin.win_dispute(named)
    shop.hear()
    assert legs_of(market, "dispute_won") == [{"stripe:balance": -30_000, "dispute:suspense": 30_000}]
    assert sponsored(offered, researcher, fund.row).state == "paid"
    assert (fund.holds, fund.owes, SideDispute.objects.get().state) == (3750, 0, "won")
    assert shop.agrees()
    assert violations() == []


def test_only_the_disputed_part_of_a_budget_waits(market: Market, shop: Shop, fund: Fund, researcher: User) -> None:
    offered, funding = offer(market, 25_000, "EUR"), pay_in(shop, fund, 27_250)
    dispute(shop, funding.payment, 1001)
    with pytest.raises(SponsorshipEmptyError):
        sponsored(offered, researcher, fund.row)
    pay_in(shop, fund, 100)
    assert sponsored(offered, researcher, fund.row).state == "paid"
    assert fund.holds == 1100
    assert violations() == []


def test_what_was_spent_before_a_dispute_was_lost_its_sponsor_owes(
    market: Market, shop: Shop, fund: Fund, researcher: User
) -> None:
    """Contributors keep what they earned, the license stays, and a refund of it is not the sponsor's."""
    offered, funding = offer(market, 25_000, "EUR"), pay_in(shop, fund, 30_000)
    placed = sponsored(offered, researcher, fund.row)
    market.settle("EUR")
    named = dispute(shop, funding.payment)
    shop.standin.lose_dispute(named)
    shop.hear()
    budget = fund.row.account
    assert legs_of(market, "dispute_lost") == [
        {"dispute:suspense": 30_000, budget: -3750, f"{budget}:owed": -26_250},
    ]
    shares = market.balances("EUR")
    assert (shares["a:held"], shares["b:held"]) == (12_500, 12_500)
    assert LicenseGrant.objects.get().state == "active"
    assert sorted(FinanceTask.objects.values_list("kind", flat=True)) == ["difference", "dispute"]
    assert FinanceTask.objects.get(kind="difference").facts["owes"] == "262.50 EUR"
    assert shop.agrees()
    assert violations() == []
    give_back(placed, 26_250)
    assert (fund.holds, fund.owes) == (0, 0)
    fund.close()
    close_ended_sponsorships()
    run_all_jobs()
    assert not SponsorReturn.objects.exists()
    market.settle("EUR")
    assert set(market.balances("EUR")) == {"stripe:balance", "stripe:fees", "dispute:fees"}
    assert shop.agrees()
    assert violations() == []


def test_a_refund_while_the_bank_decides_is_not_spent_again(
    market: Market, shop: Shop, fund: Fund, researcher: User
) -> None:
    offered, funding = offer(market, 25_000, "EUR"), pay_in(shop, fund, 26_250)
    placed = sponsored(offered, researcher, fund.row)
    named = dispute(shop, funding.payment)
    give_back(placed, 26_250)
    assert fund.holds == 26_250
    with pytest.raises(SponsorshipEmptyError):
        sponsored(offered, researcher, fund.row, "again")
    fund.close()
    run_all_jobs()
    assert not SponsorReturn.objects.exists()
    shop.standin.lose_dispute(named)
    shop.hear()
    assert (fund.holds, fund.owes) == (0, 0)
    close_ended_sponsorships()
    assert not SponsorReturn.objects.exists()
    assert shop.agrees()
    assert violations() == []


def test_what_is_left_of_a_closed_budget_waits_for_the_bank(shop: Shop, fund: Fund) -> None:
    """What another payment brought goes back at once, and the disputed one when it is won."""
    first, second = pay_in(shop, fund, 20_000), pay_in(shop, fund, 30_000)
    named = dispute(shop, second.payment)
    fund.close()
    shop.hear()
    assert [(each.funding, each.state) for each in SponsorReturn.objects.all()] == [(first, "done")]
    shop.standin.win_dispute(named)
    shop.hear()
    shop.hear()
    returned = SponsorReturn.objects.order_by("created_at").values_list("funding", "amount_minor", "state")
    assert list(returned) == [(first.pk, 20_000, "done"), (second.pk, 30_000, "done")]
    assert fund.holds == 0
    assert shop.agrees()
    assert violations() == []


def test_a_return_that_was_owed_before_its_dispute_is_not_paid_twice(shop: Shop, fund: Fund) -> None:
    pay_in(shop, fund, 20_000)
    funding = pay_in(shop, fund, 30_000)
    fund.close()
    charge = shop.standin.state.get("payment_intent", funding.payment)["latest_charge"]
    named = shop.standin.open_dispute(charge)["id"]
    shop.hear()
    shop.standin.lose_dispute(named)
    shop.hear()
    assert sorted(SponsorReturn.objects.values_list("amount_minor", "state")) == [(20_000, "done"), (30_000, "refused")]
    assert (fund.holds, fund.owes) == (0, 0)
    assert shop.agrees()
    assert violations() == []


def test_an_inquiry_into_a_funding_moves_nothing(market: Market, shop: Shop, fund: Fund, researcher: User) -> None:
    offered, funding = offer(market, 25_000, "EUR"), pay_in(shop, fund, 30_000)
    before = Journal.objects.count()
    dispute(shop, funding.payment, inquiry=True)
    assert (Journal.objects.count(), SideDispute.objects.get().state) == (before, "inquiry")
    assert sponsored(offered, researcher, fund.row).state == "paid"
    assert violations() == []


def test_a_dispute_of_a_funding_heard_of_only_after_it_was_lost(shop: Shop, fund: Fund) -> None:
    funding = pay_in(shop, fund, 30_000)
    charge = shop.standin.state.get("payment_intent", funding.payment)["latest_charge"]
    named = shop.standin.open_dispute(charge)["id"]
    shop.standin.lose_dispute(named)
    shop.standin.arm(Fault.WEBHOOKS_SHUFFLE, times=-1)
    for _ in range(2):
        shop.hear()
    assert Journal.objects.filter(key__startswith=f"dispute:{named}:").count() == 3
    assert (fund.holds, fund.owes, SideDispute.objects.get().state) == (0, 0, "lost")
    assert shop.agrees()
    assert violations() == []


@pytest.mark.parametrize(("decided", "state", "left"), [("lose", "returned", 0), ("win", "stuck", 10_500)])
def test_money_that_no_order_could_take_is_disputed(
    market: Market, shop: Shop, decided: str, state: str, left: int
) -> None:
    """The bank has it back before we could send it; where it gives it back to us, a person sends it."""
    placed = order(offer(market, 10_000, "USD"))
    session = shop.open(placed)
    shop.standin.pay(session)
    cancel_order(actor=placed.buyer, order_id=placed.pk)
    charge = shop.standin.state.all("charge")[0]["id"]
    named = shop.standin.open_dispute(charge)["id"]
    shop.hear()
    shop.hear()
    assert (UnappliedPayment.objects.get().state, SideDispute.objects.get().state) == ("stuck", "open")
    assert market.balances("USD")["unapplied"] == 10_500
    getattr(shop.standin, f"{decided}_dispute")(named)
    for _ in range(2):
        shop.hear()
    assert UnappliedPayment.objects.get().state == state
    assert market.balances("USD").get("unapplied", 0) == left
    assert "dispute:suspense" not in market.balances("USD")
    assert shop.agrees()
    assert violations() == []


def test_reconciliation_finds_the_dispute_of_a_funding_in_the_ledger(shop: Shop, fund: Fund) -> None:
    funding = pay_in(shop, fund, 30_000)
    dispute(shop, funding.payment)
    run = reconcile()
    assert run.finished_at is not None
    assert not FinanceTask.objects.exclude(kind="dispute").exists()
