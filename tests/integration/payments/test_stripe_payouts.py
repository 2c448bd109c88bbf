"""Payouts by Stripe, with its own client: recipients, transfers whose answer is lost, reversals that are refused."""

from typing import Any

import pytest
from pytest_django import Settings

from payments.errors import RailDownError, RailRefusedError
from payments.gateways.stripe.client import client
from payments.models import FinanceTask, Order, PayoutAccount, TransferIntent, TransferReversal
from payments.services import refund_order, run_payouts, start_onboarding
from payments.services.following import catch_up
from payments.services.recovering import recover_debts
from payments.services.solvency import watch_funds
from payments.services.transferring import look_after_transfers, send_transfer
from tests.factories import UserFactory
from tests.integration.payments.audit import violations
from tests.integration.payments.market import Market, legs_of, offer, open_market, order
from tests.integration.payments.payouts import later, mature, pay_all, states
from tests.integration.payments.shop import Shop
from tests.services.jobs import run_all_jobs
from tests.standin.faults import EVERY, Fault

pytestmark = pytest.mark.django_db

TRANSFERS = "POST /v1/transfers"
DAY = 86_400


@pytest.fixture
def market(shop: Shop, settings: Settings) -> Market:
    settings.FEE_BPS, settings.HOLD_DAYS = 1500, 0
    return open_market({"a": [1], "b": [1], "c": [1]})


def open_page(market: Market, name: str) -> str:
    return start_onboarding(actor=market.contributors[name], payee_id=market.payees[name].pk, country="DE")


def account_of(market: Market, name: str) -> PayoutAccount:
    return PayoutAccount.objects.get(payee=market.payees[name])


def onboard(market: Market, shop: Shop, *names: str) -> None:
    for name in names:
        open_page(market, name)
        shop.standin.complete_onboarding(account_of(market, name).reference)
    shop.hear()


def earn(market: Market, shop: Shop, price_minor: int = 10_000) -> Order:
    """Sold, paid, and the money is there."""
    placed = shop.pay(order(offer(market, price_minor, "USD", fee_mode="included")))
    # The platform's own money bears what Stripe keeps.
    shop.standin.advance(8 * DAY)
    mature(market, "USD")
    return placed


def sent(shop: Shop) -> list[int]:
    with shop.standin.state.lock:
        return [transfer["amount"] for transfer in shop.standin.state.all("transfer")]


def test_a_payee_becomes_a_recipient(market: Market, shop: Shop) -> None:
    url = open_page(market, "a")
    account = account_of(market, "a")
    assert (account.rail, account.state, account.country) == ("stripe", "incomplete", "DE")
    assert account.missing == ["identity.individual.date_of_birth"]
    with shop.standin.state.lock:
        made = shop.standin.state.get("v2.core.account", account.reference)
        assert (made["dashboard"], made["contact_email"]) == ("express", market.contributors["a"].email)
        assert made["metadata"] == {"account": str(account.pk)}
    # A link works once, so that each click makes another; the account stays the same.
    assert open_page(market, "a") != url
    with shop.standin.state.lock:
        assert len(shop.standin.state.all("v2.core.account")) == 1
    shop.standin.open_link(url)
    shop.standin.complete_onboarding(account.reference)
    account.refresh_from_db()
    assert account.state == "incomplete"
    told = shop.hear()
    assert {status for _, status in told} == {200}
    account.refresh_from_db()
    assert (account.state, account.missing) == ("active", [])
    shop.standin.set_capability(account.reference, "inactive")
    shop.hear()
    account.refresh_from_db()
    assert (account.state, account.missing) == ("incomplete", ["identity.individual.date_of_birth"])
    shop.standin.set_capability(account.reference, "rejected")
    shop.hear()
    account.refresh_from_db()
    assert (account.state, account.missing) == ("restricted", ["rejected_other"])


def test_what_was_told_while_nobody_listened_is_caught_up(market: Market, shop: Shop) -> None:
    open_page(market, "a")
    shop.standin.arm(Fault.WEBHOOK_DROP, times=EVERY)
    shop.standin.complete_onboarding(account_of(market, "a").reference)
    shop.hear()
    assert account_of(market, "a").state == "incomplete"
    assert catch_up() > 0
    assert catch_up() == 0
    assert shop.standin.violations == []
    run_all_jobs()
    assert account_of(market, "a").state == "active"


def test_a_closed_account_is_paid_no_more(market: Market, shop: Shop) -> None:
    onboard(market, shop, "a")
    earn(market, shop)
    shop.standin.close_account(account_of(market, "a").reference)
    shop.hear()
    assert account_of(market, "a").state == "restricted"
    assert (pay_all(), market.balances("USD")["a:due"]) == (0, 2834)


def test_an_account_whose_answer_was_lost_is_the_same_account(market: Market, shop: Shop) -> None:
    shop.standin.arm(Fault.TIMEOUT_AFTER_COMMIT, where="POST /v2/core/accounts", times=EVERY)
    with pytest.raises(RailDownError):
        open_page(market, "a")
    assert account_of(market, "a").state == "none"
    shop.standin.disarm()
    open_page(market, "a")
    with shop.standin.state.lock:
        assert [made["id"] for made in shop.standin.state.all("v2.core.account")] == [account_of(market, "a").reference]


def test_a_country_that_stripe_refuses_is_written_anew(market: Market, shop: Shop) -> None:
    shop.standin.state.settings.recipient_countries = frozenset({"de"})
    owner, payee = market.contributors["a"], market.payees["a"].pk
    with pytest.raises(RailRefusedError):
        start_onboarding(actor=owner, payee_id=payee, country="SN")
    assert (account_of(market, "a").state, account_of(market, "a").country) == ("none", "SN")
    onboard(market, shop, "a")
    assert (account_of(market, "a").state, account_of(market, "a").country) == ("active", "DE")
    # From now on it stays.
    assert start_onboarding(actor=owner, payee_id=payee, country="SN")
    assert account_of(market, "a").country == "DE"


def test_another_bank_account_makes_transfers_wait(market: Market, shop: Shop, settings: Settings) -> None:
    onboard(market, shop, "a")
    account = account_of(market, "a")
    first = account.destination
    assert (len(first), account.destination_changed_at) == (64, None)
    shop.standin.change_destination(account.reference)
    told = shop.hear()
    assert ("v2.core.account[defaults].updated", 200) in told
    account.refresh_from_db()
    assert account.destination != first
    assert account.destination_changed_at is not None
    earn(market, shop)
    assert pay_all() == 0
    with later(days=settings.PAYOUT_CHANGE_HOLD_DAYS):
        assert pay_all() == 1


def test_a_run_pays_what_is_due(market: Market, shop: Shop) -> None:
    """P18: a has no account at release."""
    onboard(market, shop, "b", "c")
    earn(market, shop)
    assert pay_all() == 2
    assert sent(shop) == [2833, 2833]
    assert market.balances("USD")["a:due"] == 2834
    intent = TransferIntent.objects.get(payee=market.payees["b"])
    with shop.standin.state.lock:
        made = shop.standin.state.get("transfer", intent.reference)
        assert made["metadata"] == {"intent": str(intent.pk)}
        assert made["transfer_group"] == f"run:{intent.run_id}:{market.payees['b'].pk}"
        assert made["destination"] == account_of(market, "b").reference
    assert shop.agrees()
    assert violations() == []


def test_an_answer_that_is_lost_is_no_second_transfer(market: Market, shop: Shop) -> None:
    onboard(market, shop, "a")
    earn(market, shop)
    shop.standin.arm(Fault.TIMEOUT_AFTER_COMMIT, where=TRANSFERS, times=EVERY)
    run_payouts()
    intent = TransferIntent.objects.get()
    with pytest.raises(RailDownError):
        send_transfer(intent_id=intent.pk)
    assert (states(), sent(shop)) == (["reserved"], [2834])
    assert market.balances("USD")["a:in_transit"] == 2834
    # Days later the key is forgotten. The transfer is found before anything is sent.
    shop.standin.advance(2 * DAY)
    with later(days=2):
        look_after_transfers()
        assert FinanceTask.objects.get().kind == "transfer_unclear"
        run_all_jobs()
    assert (states(), sent(shop)) == (["sent"], [2834])
    assert FinanceTask.objects.get().closed_at is not None
    assert "a:in_transit" not in market.balances("USD")
    assert shop.agrees()


def test_a_500_comes_again_until_its_key_is_forgotten(market: Market, shop: Shop) -> None:
    onboard(market, shop, "a")
    earn(market, shop)
    shop.standin.arm(Fault.ERROR_500, where=TRANSFERS)
    run_payouts()
    intent = TransferIntent.objects.get()
    for _ in range(2):
        with pytest.raises(RailDownError):
            send_transfer(intent_id=intent.pk)
    assert (states(), sent(shop)) == (["reserved"], [])
    shop.standin.advance(2 * DAY)
    with later(days=2):
        assert send_transfer(intent_id=intent.pk).state == "sent"
    assert sent(shop) == [2834]
    assert shop.agrees()
    assert shop.standin.violations == []


def test_a_500_after_the_work_was_done_is_adopted(market: Market, shop: Shop) -> None:
    onboard(market, shop, "a")
    earn(market, shop)
    shop.standin.arm(Fault.ERROR_500_AFTER_COMMIT, where=TRANSFERS)
    run_payouts()
    intent = TransferIntent.objects.get()
    with pytest.raises(RailDownError):
        send_transfer(intent_id=intent.pk)
    with later(hours=2):
        assert send_transfer(intent_id=intent.pk).state == "sent"
    assert sent(shop) == [2834]
    assert shop.agrees()


def test_a_key_that_is_not_let_in_says_nothing_of_the_transfer(market: Market, shop: Shop, settings: Settings) -> None:
    """The transfer was made and its answer lost; then the key was changed, and the old one refused."""
    onboard(market, shop, "a")
    earn(market, shop)
    shop.standin.arm(Fault.TIMEOUT_AFTER_COMMIT, where=TRANSFERS, times=EVERY)
    run_payouts()
    intent = TransferIntent.objects.get()
    with pytest.raises(RailDownError):
        send_transfer(intent_id=intent.pk)
    shop.standin.disarm()
    settings.STRIPE_SECRET_KEY = "rolled"
    with pytest.raises(RailDownError):
        send_transfer(intent_id=intent.pk)
    assert (states(), market.balances("USD")["a:in_transit"]) == (["reserved"], 2834)
    settings.STRIPE_SECRET_KEY = shop.standin.key
    assert send_transfer(intent_id=intent.pk).state == "sent"
    with later(days=7):
        assert pay_all() == 0
    assert sent(shop) == [2834]
    assert shop.agrees()


def test_a_key_that_was_used_for_something_else_says_nothing_of_the_transfer(market: Market, shop: Shop) -> None:
    """As when what we write beside a transfer changed between two tries."""
    onboard(market, shop, "a")
    earn(market, shop)
    run_payouts()
    intent = TransferIntent.objects.get()
    wanted: Any = {
        "amount": intent.amount_minor,
        "currency": "usd",
        "destination": account_of(market, "a").reference,
        "transfer_group": f"run:{intent.run_id}:{intent.payee_id}",
        "metadata": {"intent": str(intent.pk), "more": "than now"},
    }
    client().v1.transfers.create(wanted, {"idempotency_key": f"transfer:{intent.pk}"})
    with pytest.raises(RailDownError):
        send_transfer(intent_id=intent.pk)
    assert states() == ["reserved"]
    with later(hours=2):
        assert send_transfer(intent_id=intent.pk).state == "sent"
    assert sent(shop) == [2834]
    assert shop.agrees()


def test_less_than_nothing_on_the_rail_is_a_task_also_when_nobody_is_owed(market: Market, shop: Shop) -> None:
    placed = shop.pay(order(offer(market, 10_000, "USD", fee_mode="included")))
    assert watch_funds() == []
    shop.standin.advance(8 * DAY)
    shop.standin.pay_platform(9_000, "usd")
    shop.dispute(placed)
    assert shop.balances()["USD"] < 0
    assert watch_funds() == ["USD"]
    assert FinanceTask.objects.get(kind="low_balance").facts["needed"] == "0.00 USD"


def test_too_many_calls_are_tried_again(market: Market, shop: Shop) -> None:
    onboard(market, shop, "a")
    earn(market, shop)
    shop.standin.arm(Fault.RATE_LIMIT, where=TRANSFERS, times=EVERY)
    run_payouts()
    intent = TransferIntent.objects.get()
    with pytest.raises(RailDownError):
        send_transfer(intent_id=intent.pk)
    shop.standin.disarm()
    assert send_transfer(intent_id=intent.pk).state == "sent"
    assert sent(shop) == [2834]


def test_p21_a_lost_capability_makes_it_due_again(market: Market, shop: Shop) -> None:
    onboard(market, shop, "a")
    earn(market, shop)
    shop.standin.set_capability(account_of(market, "a").reference, "inactive")
    # We have not heard of it yet.
    assert pay_all() == 1
    assert (states(), sent(shop)) == (["failed"], [])
    assert legs_of(market, "transfer_failed") == [{"a:in_transit": -2834, "a:due": 2834}]
    assert account_of(market, "a").state == "incomplete"
    assert market.balances("USD")["a:due"] == 2834
    assert shop.agrees()
    assert violations() == []


def test_what_a_dispute_may_take_is_not_sent(market: Market, shop: Shop) -> None:
    onboard(market, shop, "a")
    placed = earn(market, shop)
    named = shop.dispute(placed)
    assert pay_all() == 0
    assert market.balances("USD")["a:due"] == 2834
    shop.standin.win_dispute(named)
    shop.hear()
    assert pay_all() == 1
    assert sent(shop) == [2834]


def test_a_debt_comes_back_from_the_transfer(market: Market, shop: Shop) -> None:
    onboard(market, shop, "a", "b", "c")
    placed = earn(market, shop)
    pay_all()
    refund(market, shop, placed)
    shop.standin.arm(Fault.REVERSAL_REFUSED, where="reversals", times=EVERY)
    assert recover_debts() == 3
    run_all_jobs()
    assert set(TransferReversal.objects.values_list("state", flat=True)) == {"refused"}
    assert market.balances("USD")["a:owed"] == -2834
    # Not asked again at once.
    assert recover_debts() == 0
    shop.standin.disarm()
    with later(days=8):
        assert recover_debts() == 3
        run_all_jobs()
    assert legs_of(market, "transfer_reversal")[0].keys() <= {"stripe:balance", "a:owed", "b:owed", "c:owed"}
    assert set(states()) == {"reversed"}
    assert set(market.balances("USD")) <= {"stripe:balance", "stripe:fees"}
    assert shop.agrees()
    assert violations() == []


def refund(market: Market, shop: Shop, placed: Order) -> None:
    """The platform puts in what is missing, as with any refund of what has left."""
    with shop.standin.state.lock:
        shop.standin.state.available["usd"] += 20_000
    operator = UserFactory.create(is_staff=True)
    refund_order(actor=operator, order_id=placed.pk, amount_minor=10_000, reason="asked", refund_ref="r1")
    shop.hear()
    market.settle("USD")


def test_more_is_owed_than_is_there(market: Market, shop: Shop) -> None:
    onboard(market, shop, "a")
    shop.standin.state.settings.funds_after = 7 * DAY
    shop.pay(order(offer(market, 10_000, "USD", fee_mode="included")))
    mature(market, "USD")
    # Paid by the buyer, and not there yet.
    assert watch_funds() == ["USD"]
    assert FinanceTask.objects.get().kind == "low_balance"
    assert pay_all() == 1
    assert states() == ["failed"]
    assert market.balances("USD")["a:due"] == 2834
    shop.standin.advance(8 * DAY)
    with later(days=8):
        assert watch_funds() == []
        assert pay_all() == 1
    assert states() == ["failed", "sent"]
