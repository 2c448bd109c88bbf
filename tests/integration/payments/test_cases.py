"""The example cases of the payments reference, to the cent, through the real services on a real database.

P-cases: fee included, 15 %. Q-cases: fee added, 5 %. Credit is positive, debit negative.
"""

import pytest
from pytest_django import Settings

from collective.core.ids import new_id
from payments.models import Journal, Order, Settlement
from payments.services import pay_simulated, refund_order, release_due_settlements
from payments.services.releasing import release_settlement
from tests.factories import UserFactory
from tests.integration.payments.market import Market, buy, legs_of, offer, open_market, order
from tests.integration.payments.payouts import later

pytestmark = pytest.mark.django_db

THREE = {"a": [1], "b": [1], "c": [1]}


@pytest.fixture
def included(settings: Settings) -> None:
    settings.FEE_BPS = 1500


def order_with(market: Market, currency: str, **parts: int) -> Order:
    """An order with numbers that the shop does not offer yet (below the minimum price, or with tax)."""
    placed = order(offer(market, 10_000, currency))
    values = {field.attname: getattr(placed, field.attname) for field in Order._meta.fields}
    numbers = {f"{name}_minor": amount for name, amount in parts.items()}
    total = parts["pool"] + parts["fee"] + parts["tax"]
    unusual = Order(**{**values, **numbers, "id": new_id(), "client_ref": "unusual", "total_minor": total})
    unusual.save(force_insert=True)
    placed.transition_to("cancelled")
    return unusual


@pytest.mark.usefixtures("included")
def test_p1_three_equal_contributors() -> None:
    market = open_market(THREE)
    buy(offer(market, 10_000, "USD", fee_mode="included"))
    assert market.balances("USD") == {"embedded:balance": -10_000, "fee": 1500, "pool": 8500}
    market.settle("USD")
    assert market.balances("USD") == {
        "embedded:balance": -10_000,
        "fee": 1500,
        "a:held": 2834,
        "b:held": 2833,
        "c:held": 2833,
    }


@pytest.mark.usefixtures("included")
def test_p2_one_cent_goes_to_one() -> None:
    market = open_market(THREE)
    placed = order_with(market, "USD", price=1, fee=0, tax=0, pool=1)
    pay_simulated(actor=placed.buyer, order_id=placed.pk)
    market.settle("USD")
    assert market.balances("USD") == {"embedded:balance": -1, "a:held": 1}


@pytest.mark.usefixtures("included")
def test_p3_the_order_of_contributors_does_not_matter() -> None:
    market = open_market({"c": [1], "a": [1], "b": [1]})
    buy(offer(market, 10_000, "USD", fee_mode="included"))
    market.settle("USD")
    assert {name: cents for name, cents in market.balances("USD").items() if name.endswith("held")} == {
        "a:held": 2834,
        "b:held": 2833,
        "c:held": 2833,
    }


@pytest.mark.usefixtures("included")
def test_p4_who_has_no_record_gets_no_leftover_cent() -> None:
    market = open_market({"a": [1], "b": [1], "c": [0]})
    buy(offer(market, 10_001, "USD", fee_mode="included"))
    market.settle("USD")
    assert market.balances("USD") == {"embedded:balance": -10_001, "fee": 1500, "a:held": 4251, "b:held": 4250}


@pytest.mark.usefixtures("included")
@pytest.mark.parametrize(
    ("price", "currency", "fee", "shares"),
    [(1000, "JPY", 150, (284, 283, 283)), (10_000, "KWD", 1500, (2840, 2830, 2830))],
    ids=["P5", "P6"],
)
def test_p5_p6_other_currencies(price: int, currency: str, fee: int, shares: tuple[int, int, int]) -> None:
    market = open_market(THREE)
    buy(offer(market, price, currency, fee_mode="included"))
    market.settle(currency)
    held = dict(zip(("a:held", "b:held", "c:held"), shares, strict=True))
    assert market.balances(currency) == {"embedded:balance": -price, "fee": fee, **held}


@pytest.mark.usefixtures("included")
def test_p7_fee_and_shares_are_without_tax() -> None:
    market = open_market(THREE)
    placed = order_with(market, "EUR", price=10_000, fee=1500, tax=1900, pool=8500)
    pay_simulated(actor=placed.buyer, order_id=placed.pk)
    market.settle("EUR")
    assert market.balances("EUR") == {
        "embedded:balance": -11_900,
        "fee": 1500,
        "tax": 1900,
        "a:held": 2834,
        "b:held": 2833,
        "c:held": 2833,
    }


@pytest.mark.usefixtures("included")
def test_p8_p9_p10_refunds_end_at_zero() -> None:
    market, operator = open_market(THREE), UserFactory.create(is_staff=True)
    sold = buy(offer(market, 10_000, "USD", fee_mode="included"))
    market.settle("USD")
    for number, amount in enumerate((3333, 3333, 3334)):
        refund_order(actor=operator, order_id=sold.pk, amount_minor=amount, reason="asked", refund_ref=f"r{number}")
        market.settle("USD")
    assert legs_of(market, "refund") == [
        {"embedded:balance": 3333, "fee": -500, "pool": -2833},
        {"embedded:balance": 3333, "fee": -500, "pool": -2833},
        {"embedded:balance": 3334, "fee": -500, "pool": -2834},
    ]
    assert legs_of(market, "settlement")[1:] == [
        {"pool": 2833, "a:held": -945, "b:held": -944, "c:held": -944},
        {"pool": 2833, "a:held": -944, "b:held": -944, "c:held": -945},
        {"pool": 2834, "a:held": -945, "b:held": -945, "c:held": -944},
    ]
    assert market.balances("USD") == {}


@pytest.mark.usefixtures("included")
def test_p20_a_release_that_runs_twice_releases_once() -> None:
    market = open_market(THREE)
    buy(offer(market, 10_000, "USD", fee_mode="included"))
    market.settle("USD")
    with later(days=13, hours=23):
        assert release_due_settlements() == 0
    with later(days=14):
        first = Settlement.objects.get()
        assert release_due_settlements() == 1
        # From another place, which has read it before it was released.
        release_settlement(first)
        assert release_due_settlements() == 0
    assert legs_of(market, "release") == [
        {"a:held": -2834, "b:held": -2833, "c:held": -2833, "a:due": 2834, "b:due": 2833, "c:due": 2833}
    ]
    assert list(Journal.objects.filter(event="release").values_list("key", flat=True)) == [f"release:{first.pk}:0"]


@pytest.mark.usefixtures("included")
def test_p22_two_contributions_of_one_person_are_one_weight() -> None:
    market = open_market({"a": [1, 1], "b": [1], "c": [1]})
    buy(offer(market, 10_000, "USD", fee_mode="included"))
    market.settle("USD")
    assert market.balances("USD") == {
        "embedded:balance": -10_000,
        "fee": 1500,
        "a:held": 4250,
        "b:held": 2125,
        "c:held": 2125,
    }


def test_q1_the_fee_is_added() -> None:
    market = open_market(THREE)
    sold = buy(offer(market, 10_000, "USD"))
    market.settle("USD")
    assert sold.total_minor == 10_500
    assert legs_of(market, "sale") == [{"embedded:balance": -10_500, "fee": 500, "pool": 10_000}]
    assert legs_of(market, "settlement") == [{"pool": -10_000, "a:held": 3334, "b:held": 3333, "c:held": 3333}]


def test_q2_refunds_settled_after_each() -> None:
    market, operator = open_market(THREE), UserFactory.create(is_staff=True)
    sold = buy(offer(market, 10_000, "USD"))
    market.settle("USD")
    for number, amount in enumerate((3333, 3333, 3834)):
        refund_order(actor=operator, order_id=sold.pk, amount_minor=amount, reason="asked", refund_ref=f"r{number}")
        market.settle("USD")
    assert legs_of(market, "refund") == [
        {"embedded:balance": 3333, "fee": -159, "pool": -3174},
        {"embedded:balance": 3333, "fee": -158, "pool": -3175},
        {"embedded:balance": 3834, "fee": -183, "pool": -3651},
    ]
    assert legs_of(market, "settlement")[1:] == [
        {"pool": 3174, "a:held": -1058, "b:held": -1058, "c:held": -1058},
        {"pool": 3175, "a:held": -1059, "b:held": -1058, "c:held": -1058},
        {"pool": 3651, "a:held": -1217, "b:held": -1217, "c:held": -1217},
    ]
    assert market.balances("USD") == {}


def test_q3_yen() -> None:
    market = open_market(THREE)
    assert buy(offer(market, 1000, "JPY")).total_minor == 1050
    market.settle("JPY")
    assert legs_of(market, "sale") == [{"embedded:balance": -1050, "fee": 50, "pool": 1000}]
    assert legs_of(market, "settlement") == [{"pool": -1000, "a:held": 334, "b:held": 333, "c:held": 333}]


def test_q4_tax_on_price_and_fee() -> None:
    market = open_market(THREE)
    placed = order_with(market, "EUR", price=10_000, fee=500, tax=1995, pool=10_000)
    pay_simulated(actor=placed.buyer, order_id=placed.pk)
    market.settle("EUR")
    assert legs_of(market, "sale") == [{"embedded:balance": -12_495, "fee": 500, "tax": 1995, "pool": 10_000}]
    assert legs_of(market, "settlement") == [{"pool": -10_000, "a:held": 3334, "b:held": 3333, "c:held": 3333}]
