"""Orders and earnings as programs use them."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from collective.accounts.services import create_api_key
from payments.models import Journal, Order
from tests.factories import UserFactory
from tests.integration.payments.market import Market, buy, offer, open_market

pytestmark = pytest.mark.django_db
ORDERS = "/api/v1/orders"


@pytest.fixture
def market() -> Market:
    return open_market({"a": [3], "b": [1]})


def client_with(*scopes: str, user: Any = None) -> APIClient:
    owner = user or UserFactory.create()
    _, plaintext = create_api_key(actor=owner, name="test", scopes=list(scopes))
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {plaintext}")
    return client


def body(offered: Any, **changes: Any) -> dict[str, Any]:
    given = {
        "offer_id": str(offered.pk),
        "offer_sha256": offered.offer_sha256,
        "client_ref": "run-1",
        "accepted": True,
    }
    return given | changes


def test_order_and_pay(market: Market) -> None:
    client, offered = client_with("purchase"), offer(market, 25_000, "EUR")
    placed = client.post(ORDERS, body(offered), format="json")
    assert placed.status_code == 201
    answer = placed.json()
    assert (answer["state"], answer["total_minor"], answer["fee_minor"]) == ("awaiting_payment", 26_250, 1250)
    assert (answer["price_minor"], answer["pool_minor"], answer["currency"]) == (25_000, 25_000, "EUR")
    assert answer["grant_id"] is None
    assert answer["payment_url"].endswith(f"/pay/simulated/{answer['id']}/")
    assert client.post(ORDERS, body(offered), format="json").json()["id"] == answer["id"]
    for _ in range(2):
        paid = client.post(f"{ORDERS}/{answer['id']}/pay").json()
        assert (paid["state"], paid["payment_url"]) == ("paid", "")
        assert paid["grant_id"]
    assert client.get(f"{ORDERS}/{answer['id']}").json() == paid
    assert [row["id"] for row in client.get(ORDERS).json()["results"]] == [answer["id"]]
    assert Journal.objects.count() == 1
    assert Order.objects.get().accepted_method == "api"


@pytest.mark.parametrize("field", ["price_minor", "currency", "fee_minor", "total_minor", "state"])
def test_a_client_never_says_the_price(market: Market, field: str) -> None:
    answer = client_with("purchase").post(ORDERS, body(offer(market, 25_000, "EUR"), **{field: 1}), format="json")
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == [field]
    assert not Order.objects.exists()


def test_refusals_have_codes(market: Market) -> None:
    client, offered = client_with("purchase"), offer(market, 25_000, "EUR")
    refusals = (
        ({"accepted": False}, 400, "not_accepted"),
        ({"offer_sha256": "0" * 64}, 409, "stale_offer"),
        ({"licensee_id": str(market.dataset.organization_id)}, 404, "organization_not_found"),
        ({"offer_id": str(market.dataset.pk)}, 404, "offer_not_found"),
    )
    for change, status, code in refusals:
        answer = client.post(ORDERS, body(offered, **change), format="json")
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Order.objects.exists()


def test_a_stale_offer_names_the_difference(market: Market) -> None:
    offered = offer(market, 25_000, "EUR")
    answer = client_with("purchase").post(ORDERS, body(offered, offer_sha256="0" * 64), format="json").json()
    difference = {row["field"]: (row["seen"], row["now"]) for row in answer["context"]["difference"]}
    assert difference["price"] == (None, "250.00 EUR")
    assert difference["license text"] == (None, offered.license_version.text_sha256)


def test_a_key_needs_the_scope(market: Market) -> None:
    offered = offer(market, 25_000, "EUR")
    assert client_with("download").post(ORDERS, body(offered), format="json").status_code == 403
    assert client_with("purchase").get("/api/v1/earnings").status_code == 403
    assert client_with("purchase").get("/api/v1/earnings/lines").status_code == 403
    assert not Order.objects.exists()


def test_idempotency_key_replays(market: Market) -> None:
    client, offered = client_with("purchase"), offer(market, 25_000, "EUR")
    first = client.post(ORDERS, body(offered), format="json", HTTP_IDEMPOTENCY_KEY="k1")
    again = client.post(ORDERS, body(offered), format="json", HTTP_IDEMPOTENCY_KEY="k1")
    other = client.post(ORDERS, body(offered, client_ref="run-2"), format="json", HTTP_IDEMPOTENCY_KEY="k1")
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert first.json() == again.json()
    assert Order.objects.count() == 1


def test_earnings_and_lines_can_be_recomputed(market: Market) -> None:
    buy(offer(market, 10_001, "EUR"))
    market.settle("EUR")
    client = client_with("earnings:read", user=market.contributors["a"])
    slug = market.payees["a"].slug
    assert client.get("/api/v1/earnings").json() == {
        "hold_days": 14,
        "earnings": [
            {
                "payee": slug,
                "currency": "EUR",
                "earned_minor": 7501,
                "held_minor": 7501,
                "payable_minor": 0,
                "in_transit_minor": 0,
                "paid_minor": 0,
                "other_minor": 0,
                "owed_minor": 0,
                "next_release_at": client.get("/api/v1/earnings/lines").json()["results"][0]["release_at"],
            }
        ],
    }
    (line,) = client.get("/api/v1/earnings/lines").json()["results"]
    assert (line["payee"], line["dataset"], line["version"]) == (slug, market.dataset.repo_id, "1.0.0")
    assert (line["weight"], line["total_weight"], line["net_minor"]) == (30_000, 40_000, 10_001)
    assert (line["before_minor"], line["amount_minor"], line["pool_minor"]) == (0, 7501, 10_001)
    (sale,) = line["sales"]
    assert (sale["kind"], sale["amount_minor"], sale["licensee"]) == ("sale", 10_001, "")
    assert client_with("earnings:read").get("/api/v1/earnings/lines").json()["results"] == []
