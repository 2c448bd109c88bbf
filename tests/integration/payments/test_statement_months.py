"""A month in which everything happens to a payee's money, by Stripe, and what their statement says of it."""

from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from licensing.services import retire_offer
from payments.models import Account, Order, PayoutAccount, Statement
from payments.selectors.proofs import proof_of
from payments.services import (
    refund_order,
    release_due_settlements,
    run_payouts,
    start_onboarding,
    write_off_debt,
)
from payments.services.recovering import recover_debts
from tests.factories import UserFactory
from tests.integration.payments.audit import violations
from tests.integration.payments.market import Market, offer, open_market, order
from tests.integration.payments.months import at, issued_at
from tests.integration.payments.shop import Shop
from tests.integration.payments.test_statement_proofs import RIGHT, Proof, add_to, recomputed, rehashed
from tests.integration.payments.test_statements import ledger_at
from tests.services.jobs import run_all_jobs
from tests.standin.faults import EVERY, Fault
from tests.standin.money import Currencies, Rate

pytestmark = pytest.mark.django_db


@pytest.fixture
def market(shop: Shop, settings: Settings) -> Market:
    settings.HOLD_DAYS = 1
    rates = {("eur", "usd"): Rate(11, 10)}
    shop.standin.state.settings.currencies = Currencies(default="usd", settled={"usd"}, rates=rates)
    with shop.standin.state.lock:
        shop.standin.state.available["usd"] += 100_000
    return open_market({"a": [1], "b": [2, 2], "c": [3]}, steward_bps=500)


def sell(market: Market, shop: Shop, price_minor: int, currency: str) -> Order:
    offered = offer(market, price_minor, currency)
    paid = shop.pay(order(offered))
    retire_offer(actor=market.steward, offer_id=offered.pk)
    market.settle("USD")
    return paid


def give_back(market: Market, shop: Shop, sold: Order, amount: int) -> str:
    operator = UserFactory.create(is_staff=True)
    asked = refund_order(actor=operator, order_id=sold.pk, amount_minor=amount, reason="asked", refund_ref=str(sold.pk))
    shop.hear()
    market.settle("USD")
    return str(asked.refund.reference)


def onboard(market: Market, shop: Shop, name: str) -> None:
    start_onboarding(actor=market.contributors[name], payee_id=market.payees[name].pk, country="DE")
    shop.standin.complete_onboarding(PayoutAccount.objects.get(payee=market.payees[name]).reference)
    shop.hear()


def owed_by(market: Market, name: str) -> int:
    return -Account.objects.get(code=f"c:{market.payees[name].pk}:owed").balance


def live_through(market: Market, shop: Shop) -> None:
    """January: sold, changed from euros, paid out, given back, owed, repaid, disputed, taken back, written off."""
    with at("2027-01-02T10:00"):
        onboard(market, shop, "b")
        dollars, euros = sell(market, shop, 10_001, "USD"), sell(market, shop, 7_777, "EUR")
    with at("2027-01-04T10:00"):
        release_due_settlements()
        assert run_payouts() == 1
        run_all_jobs()
        give_back(market, shop, euros, 3_333)
    with at("2027-01-06T10:00"):
        give_back(market, shop, dollars, dollars.total_minor)
        assert owed_by(market, "b") > 0
    with at("2027-01-08T10:00"):
        lost, won = sell(market, shop, 3_001, "USD"), sell(market, shop, 2_003, "EUR")
        disputes = [shop.dispute(each) for each in (lost, won)]
    with at("2027-01-12T10:00"):
        shop.standin.lose_dispute(disputes[0])
        shop.standin.win_dispute(disputes[1])
        shop.hear()
        market.settle("USD")
        shop.standin.fail_refund(give_back(market, shop, won, 1_001))
        shop.hear()
        market.settle("USD")
    with at("2027-01-20T10:00"):
        end(market, shop)


def end(market: Market, shop: Shop) -> None:
    shop.standin.arm(Fault.REVERSAL_REFUSED, where="reversals", times=EVERY)
    assert recover_debts() == 1
    run_all_jobs()
    operator, debt = UserFactory.create(is_staff=True), owed_by(market, "b")
    given: Any = {"payee_id": market.payees["b"].pk, "currency": "USD", "reason": "Small.", "reference": "w"}
    write_off_debt(actor=operator, amount_minor=debt // 3, **given)
    shop.standin.disarm()
    with at("2027-01-28T10:00"):
        assert recover_debts() == 1
        run_all_jobs()
        release_due_settlements()
    assert owed_by(market, "b") == 0


def test_all_statements_of_such_a_month_are_recomputed(market: Market, shop: Shop, tmp_path: Path) -> None:
    live_through(market, shop)
    assert shop.agrees()
    assert violations() == []
    issued = issued_at("2027-02-01T02:00")
    assert len(issued) == 4
    for each in issued:
        assert each.content["closing_minor"] == ledger_at(each)
        assert recomputed(proof_of(each), tmp_path, each.period.root_sha256) == RIGHT, each
    mine = next(each for each in issued if each.payee == market.payees["b"])
    happened = {(row["event"], row["section"]) for row in mine.content["movements"]}
    assert happened >= {
        ("settlement", "earned"),
        ("settlement", "reversed"),
        ("release", "within"),
        ("transfer_reserve", "within"),
        ("transfer", "paid"),
        ("transfer_reversal", "returned"),
        ("write_off", "other"),
    }
    kinds = {kind["event"] for row in mine.content["movements"] for kind in row.get("share", {}).get("collected", [])}
    assert kinds == {"sale", "refund", "dispute_lost", "refund_failed"}
    forge(mine, tmp_path)


def forge(statement: Statement, folder: Path) -> None:
    """Every seventh of the amounts, one unit more, under a root that fits it."""
    proof = proof_of(statement)
    for path in list(amounts(statement.content))[::7]:
        status, said = recomputed(rehashed(proof, add_to(*path)), folder)
        assert (status, said[:6]) == (1, "WRONG:"), path


def amounts(body: Proof) -> Any:
    """The way to each: what moved, by part and as a share, and balances at both ends."""
    for end in ("opening_minor", "closing_minor", "paid_minor"):
        yield from ((end, name) for name in body[end])
    for number, row in enumerate(body["movements"]):
        place = ("movements", str(number))
        yield (*place, "amount_minor")
        yield from ((*place, "parts_minor", part) for part in row["parts_minor"])
        if "share" in row:
            names = ("net_minor", "before_net_minor", "before_minor", "amount_minor", "weight", "total_weight")
            yield from ((*place, "share", name) for name in names)
