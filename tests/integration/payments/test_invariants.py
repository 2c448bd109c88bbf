"""The auditor sees what somebody who got round the guards has done; each lie is named."""

import pytest
from django.db import connection

from payments.models import Account, Order
from tests.integration.payments.audit import violations
from tests.integration.payments.market import Market, buy, offer, open_market, order
from tests.services.flush import guards_lifted

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def market() -> Market:
    market = open_market({"a": [1], "b": [1]})
    buy(offer(market, 10_000, "USD"))
    market.settle("USD")
    return market


LIES = {
    "UPDATE payments_account SET balance = balance + 1 WHERE code = 'fee'": "its entries say 500",
    "UPDATE payments_account SET version = 7 WHERE code = 'fee'": "after 7",
    "UPDATE payments_entry SET amount = 501 WHERE amount = 500": "sum to 1",
    "DELETE FROM payments_entry WHERE amount = 500": "2 of 3 entries",
    "UPDATE payments_account SET currency = 'EUR' WHERE code = 'fee'": "mixes currencies",
    "UPDATE payments_payment SET amount_minor = 10499": "paid 10499",
    "UPDATE payments_order SET fee_minor = 499, total_minor = 10499": "fee is 499",
    "UPDATE payments_order SET state = 'refunded'": "went back",
    "UPDATE payments_settlementline SET amount_minor = 4999 WHERE chunk = 0": "into 9998",
    "UPDATE payments_order SET state = 'cancelled'": "has a license",
    "UPDATE payments_journal SET key = 'other' WHERE event = 'sale'": "with 0 sales",
}


@pytest.mark.parametrize(("lie", "told"), LIES.items(), ids=lambda text: text[:60])
def test_every_lie_is_found(market: Market, lie: str, told: str) -> None:
    assert violations() == []
    with guards_lifted(), connection.cursor() as cursor:
        cursor.execute(lie)
    assert any(told in text for text in violations()), violations()


def test_a_seal_that_is_gone_is_found(market: Market) -> None:
    """Foreign keys off, as for somebody with the file in their hands."""
    with guards_lifted(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA foreign_keys = OFF")
        cursor.execute("DELETE FROM payments_seal")
    assert sum("is not sealed" in text for text in violations()) == 2
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO payments_seal (journal_id) SELECT id FROM payments_journal")
            cursor.execute("PRAGMA foreign_keys = ON")


def test_what_waits_and_what_is_cancelled_is_no_violation(market: Market) -> None:
    offered = offer(market, 0, "USD", license_id="CC0-1.0")
    order(offered)
    order(market.dataset.offers.get(price_minor=10_000)).transition_to("cancelled")
    assert sorted(Order.objects.values_list("state", flat=True)) == ["cancelled", "free", "paid"]
    assert Account.objects.exclude(balance=0).count() == 4
    assert violations() == []
