"""The steward's side: what sold, who shares it, and what would be shared."""

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse

from collective.accounts.models import Organization
from payments.domain import chart
from payments.models import Account, Order
from payments.services import refund_order
from payments.services.ledger import post
from tests.factories import OrganizationFactory, UserFactory
from tests.integration.payments.market import Market, buy, offer, open_market
from tests.integration.payments.test_api import client_with
from tests.integration.payments.test_pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    return open_market({"a": [3], "b": [1]}, steward_bps=1000)


def page_of(market: Market, address: str) -> str:
    client = Client()
    client.force_login(market.steward)
    answer = client.get(address)
    assert answer.status_code == 200
    return text_of(answer.content.decode())


def of_dataset(market: Market, name: str) -> str:
    return reverse(f"payments:{name}", args=[market.dataset.organization.slug, market.dataset.slug])


def three_sales(market: Market) -> list[Order]:
    """To an organization and two people, one of whom gets half back; one dispute is lost."""
    offered = offer(market, 10_000, "EUR")
    lab = OrganizationFactory.create(owner=UserFactory.create(), name="Speech Lab")
    orders = [buy(offered), buy(offered, lab.members.get(), for_organization=lab), buy(offered)]
    market.settle("EUR")
    refund_order(
        actor=UserFactory.create(is_staff=True),
        order_id=orders[0].pk,
        amount_minor=5250,
        reason="asked",
        refund_ref="r",
    )
    legs = {market.pool: -1000, "embedded:balance": 1000}
    post(key="d", event="dispute_lost", currency="EUR", legs=legs)
    return orders


def test_sales_by_version_with_refunds_disputes_and_shares(market: Market) -> None:
    orders = three_sales(market)
    words = page_of(market, reverse("payments:sales"))
    row = "1.0.0 3 315.00 EUR 300.00 EUR -50.00 EUR -10.00 EUR 30.00 EUR 270.00 EUR -60.00 EUR"
    assert row in words
    market.settle("EUR")
    words = page_of(market, of_dataset(market, "sales-dataset"))
    assert "1.0.0 3 315.00 EUR 300.00 EUR -50.00 EUR -10.00 EUR 24.00 EUR 216.00 EUR 0.00 EUR" in words
    assert f"{market.contributors['a'].name} 27,000 ÷ 40,000 67.50 % 162.00 EUR" in words
    assert market.version.split_sha256 in words
    assert "Speech Lab" in words
    assert words.count("a private person") == 2
    for order in (orders[0], orders[2]):
        assert order.buyer.name not in words
        assert order.buyer.email not in words


def test_sales_as_csv(market: Market) -> None:
    three_sales(market)
    client = Client()
    client.force_login(market.steward)
    answer = client.get(reverse("payments:sales-csv"))
    (row,) = csv.DictReader(io.StringIO(answer.content.decode()))
    assert (row["dataset"], row["version"], row["sold"]) == (market.dataset.repo_id, "1.0.0", "3")
    assert (row["paid_minor"], row["paid"], row["currency"]) == ("31500", "315.00", "EUR")
    assert (row["refunds_minor"], row["refunds"], row["disputes"]) == ("-5000", "-50.00", "-10.00")
    assert (row["steward"], row["contributors"], row["waiting"]) == ("30.00", "270.00", "-60.00")


def test_nobody_else_sees_the_sales(market: Market) -> None:
    three_sales(market)
    for person in (UserFactory.create(), market.contributors["a"], UserFactory.create(is_staff=True)):
        client = Client()
        client.force_login(person)
        assert market.dataset.title not in client.get(reverse("payments:sales")).content.decode()
        assert client.get(reverse("payments:sales-csv")).content.count(b"\r\n") == 1
        for name in ("sales-dataset", "simulator"):
            assert client.get(of_dataset(market, name)).status_code == 403


def test_the_simulator_says_what_a_sale_then_brings(market: Market) -> None:
    words = page_of(market, of_dataset(market, "simulator") + "?price=99.99&currency=EUR&fee_mode=added")
    assert "67.50 % 27,000 ÷ 40,000 67.49 EUR 674.93 EUR 6,749.33 EUR" in words
    assert "All together 99.99 EUR 999.90 EUR 9,999.00 EUR" in words
    assert "104.98 EUR" in words
    assert f"{market.dataset.organization.name} (steward) 10.00 %" in words
    buy(offer(market, 9_999, "EUR"))
    market.settle("EUR")
    assert Account.objects.get(code=chart.payee_code(market.payees["a"].pk, "held")).balance == 6749


def test_another_share_another_fee_a_published_version(market: Market) -> None:
    address = of_dataset(market, "simulator")
    words = page_of(market, address + "?price=100&currency=EUR&fee_mode=included&steward_percent=50&version=1.0.0")
    assert "37.50 %" in words
    assert "95.00 EUR" in words
    assert "35.63 EUR 356.25 EUR 3,562.50 EUR" in words
    assert "47.50 EUR" in words


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("price=ten&currency=EUR&fee_mode=added", "Write the amount in EUR with digits"),
        ("price=1.5&currency=JPY&fee_mode=added", "Write the amount in JPY with digits"),
        ("price=1.005&currency=KWD&fee_mode=added", "A price in KWD is a multiple of 10"),
        ("price=1&currency=EUR&fee_mode=added&steward_percent=101", "less than or equal to 100"),
        ("price=1&currency=XXX&fee_mode=added", "Select a valid choice"),
    ],
)
def test_what_cannot_be_a_price_is_said_in_the_form(market: Market, query: str, said: str) -> None:
    words = page_of(market, of_dataset(market, "simulator") + f"?{query}")
    assert said in words
    assert "All together" not in words


def test_a_dataset_without_data_has_nobody_to_share(market: Market) -> None:
    empty = open_market({"z": [1]})
    empty.dataset.contributions.update(state="withdrawn")
    words = page_of(empty, of_dataset(empty, "simulator"))
    assert "Nobody would share it" in words


def test_the_simulator_for_programs(market: Market) -> None:
    program = client_with("datasets:read", user=market.steward)
    address = f"/api/v1/datasets/{market.dataset.repo_id}/simulation"
    answer = program.get(address, {"price_minor": "10000", "currency": "EUR"}).json()
    assert (answer["pool_minor"], answer["fee_minor"], answer["total_minor"]) == (10_000, 500, 10_500)
    assert (answer["sales"], answer["total_weight"]) == ([1, 10, 100], "40000")
    shares = {row["payee_id"]: row["amounts_minor"] for row in answer["shares"]}
    names: dict[str, Organization] = {**market.payees, "steward": market.dataset.organization}
    assert shares == {
        str(names["a"].pk): [6750, 67_500, 675_000],
        str(names["b"].pk): [2250, 22_500, 225_000],
        str(names["steward"].pk): [1000, 10_000, 100_000],
    }
    gone = program.get(address, {"price_minor": "100", "currency": "EUR", "version": "9.9.9"})
    assert gone.status_code == 404
    assert program.get(address, {"price_minor": "5", "currency": "KWD"}).json()["code"] == "simulated_price"
    stranger = client_with("datasets:read", user=market.contributors["a"])
    assert stranger.get(address, {"price_minor": "100", "currency": "EUR"}).status_code == 403
