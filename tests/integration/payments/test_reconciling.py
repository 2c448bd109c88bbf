"""Every night the ledger and the rail are compared both ways; what differs is found, told, and never corrected."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from licensing.models import Offer
from payments.gateways.stripe.client import client
from payments.models import (
    Account,
    Entry,
    FinanceTask,
    Journal,
    Order,
    PayoutAccount,
    ReconDiff,
    ReconRun,
    Refund,
    SimulatedMovement,
)
from payments.services import close_task, refund_order, release_due_settlements, start_onboarding
from payments.services.auditing import audit_money
from payments.services.following import follow_refund, record_cost
from payments.services.solvency import watch_funds
from tests.factories import UserFactory
from tests.integration.payments.audit import violations
from tests.integration.payments.market import Market, buy, legs_of, offer, open_market, order
from tests.integration.payments.nights import night, open_differences, remove_journal
from tests.integration.payments.shop import Shop
from tests.services.flush import guards_lifted
from tests.services.jobs import run_all_jobs
from tests.standin.faults import Fault
from tests.standin.ledger import book

pytestmark = pytest.mark.django_db
THREE = {"a": [1], "b": [1], "c": [1]}


@pytest.fixture
def market(shop: Shop) -> Market:
    return open_market(THREE)


@pytest.fixture
def offered(market: Market) -> Offer:
    return offer(market, 10_000, "USD")


@pytest.fixture
def sold(market: Market, shop: Shop, offered: Offer) -> Order:
    paid = shop.pay(order(offered))
    market.settle("USD")
    return paid


def give_back(sold: Order, amount: int) -> None:
    operator = UserFactory.create(is_staff=True)
    refund_order(actor=operator, order_id=sold.pk, amount_minor=amount, reason="asked", refund_ref=f"r{amount}")


def task() -> FinanceTask:
    return FinanceTask.objects.get(kind="difference")


def release() -> None:
    with time_machine.travel(timezone.now() + timedelta(days=15), tick=True):
        release_due_settlements()


def test_a_clean_shop_reconciles_to_nothing(shop: Shop, sold: Order, offered: Offer) -> None:
    second = shop.pay(order(offered))
    give_back(sold, 3333)
    shop.hear()
    disputed = shop.dispute(second)
    failed = shop.pay(order(offered))
    give_back(failed, 1000)
    shop.hear()
    shop.standin.fail_refund(Refund.objects.get(order=failed).reference)
    shop.hear()
    run = night()
    assert (run.found, open_differences()) == (0, [])
    assert run.movements == 7
    assert run.balances["USD"]["ledger"] == run.balances["USD"]["rail"] > 0
    shop.standin.win_dispute(disputed)
    shop.hear()
    assert night().found == 0
    assert ReconRun.objects.count() == 2
    assert not FinanceTask.objects.filter(kind="difference").exists()
    assert shop.agrees()


def test_a_clean_simulated_shop_reconciles_to_nothing() -> None:
    market = open_market(THREE)
    paid = buy(offer(market, 10_000, "USD"))
    give_back(paid, 500)
    run = night()
    assert (run.found, run.movements, run.journals) == (0, 2, 2)
    assert run.balances == {"USD": {"ledger": 10_000, "rail": 10_000}}
    assert violations() == []


def test_a_journal_that_is_gone_is_found(market: Market, shop: Shop, sold: Order) -> None:
    give_back(sold, 3333)
    reference = Refund.objects.get().reference
    with guards_lifted():
        Refund.objects.all().delete()
    remove_journal(Journal.objects.get(event="refund"))
    assert night().found == 2
    assert ("missing_in_ledger", reference, 0, -3333) in open_differences()
    assert {kind for kind, *_ in open_differences()} == {"missing_in_ledger", "balance_differs"}
    assert any("its entries say" in text for text in audit_money())
    assert FinanceTask.objects.filter(kind="ledger").exists()


def test_a_refund_that_nobody_told_us_of_is_found_and_resolved(market: Market, shop: Shop, sold: Order) -> None:
    shop.standin.arm(Fault.WEBHOOK_DROP, times=-1)
    made = client().v1.refunds.create({"payment_intent": sold.payment.reference, "amount": 3333})
    before = Journal.objects.count()
    assert night().found == 1
    assert open_differences() == [("missing_in_ledger", made.id, 0, -3333)]
    assert Journal.objects.count() == before
    assert (task().order, task().stops_payee, task().facts["rail"]) == (sold, True, "-33.33 USD")
    assert night().found == 0
    shop.standin.disarm()
    follow_refund("stripe", made.id)
    run = night()
    assert (run.resolved, open_differences()) == (1, [])
    assert task().closed_at is None


def test_what_the_rail_has_never_seen_is_found(market: Market, shop: Shop, sold: Order) -> None:
    give_back(sold, 3333)
    refund = Refund.objects.get()
    with shop.standin.state.lock:
        movements = shop.standin.state._objects["balance_transaction"]
        moved = next(row for row in movements.values() if row["source"] == refund.reference)
        del movements[moved["id"]]
    night()
    assert ("missing_on_rail", refund.reference, -3333, 0) in open_differences()


@pytest.mark.parametrize(("field", "kind"), [("amount", "amount_differs"), ("fee", "fee_differs")])
def test_another_amount_or_fee_is_found(market: Market, shop: Shop, sold: Order, field: str, kind: str) -> None:
    charge = shop.charge_of(sold)
    with shop.standin.state.lock:
        moved = next(row for row in shop.standin.state.all("balance_transaction") if row["source"] == charge)
        ours = moved[field]
        moved[field] += 7
    night()
    assert (kind, charge, ours, ours + 7) in open_differences()
    assert FinanceTask.objects.get(facts__difference=kind).stops_payee is (kind == "amount_differs")


def test_a_kind_that_we_do_not_know_is_found(market: Market, shop: Shop, sold: Order) -> None:
    with shop.standin.state.lock:
        book(shop.standin.state, kind="topup", category="topup", amount=5000, currency="usd", source="tu_1")
    assert night().found == 1
    assert open_differences() == [("unknown_kind", "tu_1", 0, 5000)]
    assert ReconDiff.objects.get().called == "topup"
    with time_machine.travel(timezone.now() + timedelta(days=9), tick=True):
        night()
    assert open_differences() == [("unknown_kind", "tu_1", 0, 5000)]


def test_a_currency_that_we_do_not_handle_is_found_and_shown(market: Market, shop: Shop, sold: Order) -> None:
    """As somebody's payment by a link of the payment service."""
    with shop.standin.state.lock:
        book(shop.standin.state, kind="charge", category="charge", amount=-70, currency="sek", source="ch_link")
    run = night()
    assert ("missing_in_ledger", "ch_link", 0, -70) in open_differences()
    assert FinanceTask.objects.get(facts__reference="ch_link").facts["rail"] == "-70 SEK (smallest units)"
    assert "SEK" in watch_funds()
    desk = Client()
    desk.force_login(UserFactory.create(is_staff=True))
    for path in ("", "reconciliation/", f"reconciliation/{run.pk}/"):
        assert "-70 SEK (smallest units)" in desk.get(f"/operator/finance/{path}").content.decode()


def test_a_transfer_that_we_did_not_make_stops_its_payee(market: Market, shop: Shop, sold: Order) -> None:
    """Sent by hand on the payment service's pages, and taken back in part a day later."""
    start_onboarding(actor=market.contributors["a"], payee_id=market.payees["a"].pk, country="DE")
    account = PayoutAccount.objects.get().reference
    shop.standin.complete_onboarding(account)
    shop.hear()
    made = client().v1.transfers.create({"amount": 700, "currency": "usd", "destination": account})
    night()
    assert open_differences() == [("missing_in_ledger", made.id, 0, -700)]
    assert (task().payee, task().stops_payee) == (market.payees["a"], True)
    back = client().v1.transfers.reversals.create(made.id, {"amount": 200})
    night()
    assert ("missing_in_ledger", back.id, 0, 200) in open_differences()
    assert {each.payee for each in FinanceTask.objects.filter(kind="difference")} == {market.payees["a"]}
    release()
    (released,) = legs_of(market, "release")
    assert sorted(leg for leg in released if leg.endswith(":due")) == ["b:due", "c:due"]


def test_what_has_just_moved_is_left_to_the_next_night(market: Market, shop: Shop, sold: Order) -> None:
    shop.standin.arm(Fault.WEBHOOK_DROP, times=-1)
    client().v1.refunds.create({"payment_intent": sold.payment.reference, "amount": 3333})
    assert night(timedelta(0)).found == 0
    assert night().found == 1


def test_a_difference_stops_those_it_is_about_until_a_person_closes_it(market: Market, shop: Shop, sold: Order) -> None:
    shop.standin.arm(Fault.WEBHOOK_DROP, times=-1)
    client().v1.refunds.create({"payment_intent": sold.payment.reference, "amount": 3333})
    night()
    release()
    assert legs_of(market, "release") == []
    operator = UserFactory.create(is_staff=True)
    with time_machine.travel(timezone.now() + timedelta(days=15), tick=True):
        close_task(actor=operator, task_id=task().pk, note="Booked by hand.")
        run_all_jobs()
    assert sum(amount for leg, amount in legs_of(market, "release")[0].items() if leg.endswith(":due")) == 10_000


def test_others_are_paid_meanwhile(market: Market, shop: Shop, sold: Order) -> None:
    other = open_market({"x": [1]})
    shop.pay(order(offer(other, 5000, "USD")))
    other.settle("USD")
    shop.standin.arm(Fault.WEBHOOK_DROP, times=-1)
    client().v1.refunds.create({"payment_intent": sold.payment.reference, "amount": 3333})
    night()
    release()
    due = Account.objects.filter(code__endswith=":due", balance__gt=0)
    assert dict(due.values_list("owner", "balance")) == {other.payees["x"].pk: 5000}
    assert Account.objects.filter(code__endswith=":held", balance__gt=0).count() == 3


def test_a_run_that_died_is_begun_again(market: Market, shop: Shop, sold: Order) -> None:
    died = ReconRun.objects.create(
        rail="stripe", since=timezone.now() - timedelta(days=3), until=timezone.now() + timedelta(hours=1)
    )
    run = night()
    assert (run.pk, ReconRun.objects.count()) == (died.pk, 1)
    assert run.finished_at is not None


def test_a_simulated_movement_that_the_ledger_lacks_is_found() -> None:
    market = open_market(THREE)
    buy(offer(market, 10_000, "USD"))
    SimulatedMovement.objects.create(
        key="refund:x", kind="refund", reference="simre_x", currency="USD", amount_minor=-100
    )
    assert night().found == 1
    assert open_differences() == [("missing_in_ledger", "simre_x", 0, -100)]
    assert Entry.objects.filter(amount=100).count() == 0


def test_what_stripe_sends_to_our_bank_is_booked_and_what_comes_back(market: Market, shop: Shop, sold: Order) -> None:
    shop.standin.arm(Fault.WEBHOOK_DUPLICATE, times=-1)
    shop.standin.advance(10 * 86_400)
    payout = shop.standin.pay_platform(4000, "usd")
    shop.hear()
    assert legs_of(market, "platform_payout") == [{"stripe:balance": 4000, "bank": -4000}]
    assert (night(timedelta(days=11)).found, shop.agrees()) == (0, True)
    shop.standin.fail_payout(payout["id"])
    shop.hear()
    shop.hear()
    assert legs_of(market, "platform_payout_failed") == [{"stripe:balance": -4000, "bank": 4000}]
    assert (night(timedelta(days=11)).found, shop.agrees()) == (0, True)


def test_a_payout_of_a_recipient_is_not_ours(market: Market, shop: Shop, sold: Order) -> None:
    account = client().v2.core.accounts.create({}).id
    with shop.standin.state.lock:
        shop.standin.state.connected[account, "usd"] = 500
    shop.standin.pay_out(account)
    shop.hear()
    assert legs_of(market, "platform_payout") == []


def test_a_fee_that_is_known_only_later_is_booked_once(market: Market, shop: Shop, offered: Offer) -> None:
    placed = order(offered)
    session = shop.open(placed)
    shop.standin.pay(session)
    with shop.standin.state.lock:
        charge = shop.standin.state.all("charge")[0]
        arrived, charge["balance_transaction"] = charge["balance_transaction"], None
    shop.hear()
    assert legs_of(market, "rail_fee") == []
    assert [kind for kind, *_ in _after_a_night()] == ["fee_differs"]
    with shop.standin.state.lock:
        charge["balance_transaction"] = arrived
    for _ in range(2):
        record_cost("stripe", charge["id"])
    assert len(legs_of(market, "rail_fee")) == 1
    assert _after_a_night() == []
    assert shop.agrees()


def _after_a_night() -> list[tuple[str, str, int, int]]:
    night()
    return open_differences()
