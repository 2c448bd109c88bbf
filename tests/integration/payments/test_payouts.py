"""Payouts on the simulated rail: who is sent what, what stays due, and what comes back."""

import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django import Settings

from licensing.services import reject_claim
from payments.errors import CountryError, PayeeUnknownError
from payments.gateways.rails import rail
from payments.models import (
    FinanceTask,
    Journal,
    PayoutAccount,
    PayoutRun,
    SimulatedMovement,
    TransferIntent,
)
from payments.services import refresh_account, release_due_settlements, run_payouts, start_onboarding
from payments.services.finance import open_task
from payments.services.onboarding import press_simulated
from payments.services.paying_out import reserve_transfer
from payments.services.transferring import look_after_transfers, send_transfer
from tests.factories import UserFactory
from tests.integration.payments.audit import violations
from tests.integration.payments.market import Market, buy, legs_of, offer, open_market
from tests.integration.payments.ownership.claims import claim_to
from tests.integration.payments.payouts import account_of, earn, later, onboard, pay_all, states
from tests.services.jobs import run_all_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def market(settings: Settings) -> Market:
    settings.FEE_BPS = 1500
    return open_market({"a": [1], "b": [1], "c": [1]})


def test_p18_who_has_no_account_keeps_the_share_due(market: Market, settings: Settings) -> None:
    onboard(market, "b", "c")
    earn(market, settings)
    assert legs_of(market, "release") == [
        {
            "a:held": -2834,
            "a:due": 2834,
            "b:held": -2833,
            "b:due": 2833,
            "c:held": -2833,
            "c:due": 2833,
        }
    ]
    assert pay_all() == 2
    assert market.balances("USD") == {"embedded:balance": -10_000 + 2 * 2833, "fee": 1500, "a:due": 2834}
    paid = TransferIntent.objects.order_by("payee_id").values_list("payee__name", "amount_minor", "state")
    assert sorted(paid) == sorted((market.payees[name].name, 2833, "sent") for name in "bc")
    assert sorted(SimulatedMovement.objects.filter(kind="transfer").values_list("amount_minor", "source")) == sorted(
        (-2833, account_of(market, name).reference) for name in "bc"
    )
    assert violations() == []


def test_who_comes_later_is_paid_what_was_due_before(market: Market, settings: Settings) -> None:
    earn(market, settings)
    assert pay_all() == 0
    onboard(market, "a", "b", "c")
    assert pay_all() == 3
    assert market.balances("USD") == {"embedded:balance": -1500, "fee": 1500}
    assert violations() == []


def test_a_transfer_is_reserved_then_sent(market: Market, settings: Settings) -> None:
    onboard(market, "a")
    earn(market, settings)
    assert run_payouts() == 1
    intent = TransferIntent.objects.get()
    assert (intent.state, market.balances("USD")["a:in_transit"]) == ("reserved", 2834)
    assert not SimulatedMovement.objects.filter(kind="transfer").exists()
    send_transfer(intent_id=intent.pk)
    send_transfer(intent_id=intent.pk)
    assert legs_of(market, "transfer_reserve") == [{"a:due": -2834, "a:in_transit": 2834}]
    assert legs_of(market, "transfer") == [{"a:in_transit": -2834, "embedded:balance": 2834}]
    assert set(Journal.objects.filter(event__startswith="transfer").values_list("key", flat=True)) == {
        f"transfer:{intent.pk}:reserve",
        f"transfer:{intent.pk}",
    }
    assert SimulatedMovement.objects.filter(kind="transfer").count() == 1


def test_p19_what_is_below_the_threshold_is_carried_over(market: Market, settings: Settings) -> None:
    onboard(market, "a", "b", "c")
    earn(market, settings, 3525)
    assert market.balances("USD")["a:due"] == 999
    assert pay_all() == 0
    assert not Journal.objects.filter(event="transfer_reserve").exists()
    earn(market, settings, 50)
    assert market.balances("USD")["a:due"] == 1014
    assert pay_all() == 3
    assert sorted(TransferIntent.objects.values_list("amount_minor", flat=True)) == [1013, 1013, 1014]


@pytest.mark.parametrize(
    ("currency", "price", "sent"),
    [
        ("USD", 999, []),
        ("USD", 1_000, [1_000]),
        ("USD", 1_001, [1_001]),
        ("JPY", 1_499, []),
        ("JPY", 1_500, [1_500]),
        ("KWD", 2_990, []),
        ("KWD", 3_000, [3_000]),
        ("HUF", 399_999, []),
        ("HUF", 400_099, [400_000]),
        ("USD", 99_999_999_999, [99_999_999_999]),
    ],
)
def test_the_threshold_itself_is_sent(settings: Settings, currency: str, price: int, sent: list[int]) -> None:
    settings.FEE_BPS = 0
    market = open_market({"a": [1]})
    onboard(market, "a")
    earn(market, settings, price, currency)
    assert pay_all() == len(sent)
    assert list(TransferIntent.objects.values_list("amount_minor", flat=True)) == sent
    assert violations() == []


def test_a_frozen_payee_is_sent_nothing_and_later_all(market: Market, settings: Settings) -> None:
    onboard(market, "a", "b", "c")
    settings.HOLD_DAYS = 0
    buy(offer(market, 10_000, "USD", fee_mode="included"))
    market.settle("USD")
    claim = claim_to(market, "a")
    run_all_jobs()
    release_due_settlements()
    assert pay_all() == 2
    assert {name: market.balances("USD").get(f"a:{name}") for name in ("held", "due")} == {"held": 2834, "due": None}
    reject_claim(actor=UserFactory.create(is_staff=True), claim_id=claim.pk, reason="It was theirs.")
    run_all_jobs()
    with later(days=7):
        assert pay_all() == 1
    assert TransferIntent.objects.get(payee=market.payees["a"]).amount_minor == 2834
    assert market.balances("USD") == {"embedded:balance": -1500, "fee": 1500}
    assert violations() == []


def test_what_must_wait_since_it_was_reserved_is_sent_when_it_need_not(market: Market, settings: Settings) -> None:
    """Somebody changed where the money goes while the rail was down."""
    onboard(market, "a")
    earn(market, settings)
    run_payouts()
    press_simulated(actor=market.contributors["a"], payee_id=market.payees["a"].pk)
    run_all_jobs()
    assert (states(), market.balances("USD")["a:in_transit"]) == (["reserved"], 2834)
    with later(days=1):
        look_after_transfers()
        run_all_jobs()
    assert not SimulatedMovement.objects.filter(kind="transfer").exists()
    with later(days=settings.PAYOUT_CHANGE_HOLD_DAYS):
        look_after_transfers()
        run_all_jobs()
    assert states() == ["sent"]
    assert SimulatedMovement.objects.filter(kind="transfer").count() == 1
    assert violations() == []


def test_what_was_sent_before_it_had_to_wait_is_adopted(market: Market, settings: Settings) -> None:
    onboard(market, "a")
    earn(market, settings)
    run_payouts()
    intent = TransferIntent.objects.select_related("account").get()
    rail().payouts.transfer(intent)
    open_task(key="difference:1", kind="difference", payee=market.payees["a"], stops_payee=True)
    assert send_transfer(intent_id=intent.pk).state == "reserved"
    with later(hours=2):
        assert send_transfer(intent_id=intent.pk).state == "sent"
    assert violations() == []


def test_amounts_are_whole_payout_steps_and_the_rest_stays_due(market: Market, settings: Settings) -> None:
    onboard(market, "a")
    earn(market, settings, 1_500_050, "HUF")
    due = market.balances("HUF")["a:due"]
    assert due % 100 != 0
    assert pay_all() == 1
    assert TransferIntent.objects.get().amount_minor == due - due % 100
    assert market.balances("HUF")["a:due"] == due % 100


def test_p21_what_the_rail_refuses_is_due_again(market: Market, settings: Settings) -> None:
    onboard(market, "a")
    earn(market, settings)
    run_payouts()
    # The rail has taken back what it thought of the payee, and we have not heard of it yet.
    with connection.cursor() as cursor:
        cursor.execute("UPDATE payments_simulatedrecipient SET presses = 0")
    run_all_jobs()
    intent = TransferIntent.objects.get()
    assert (intent.state, intent.reference) == ("failed", "")
    assert legs_of(market, "transfer_reserve") == [{"a:due": -2834, "a:in_transit": 2834}]
    assert legs_of(market, "transfer_failed") == [{"a:in_transit": -2834, "a:due": 2834}]
    undone = Journal.objects.get(event="transfer_failed")
    assert undone.reverses == Journal.objects.get(event="transfer_reserve")
    assert account_of(market, "a").state == "incomplete"
    assert pay_all() == 0
    with later(days=7):
        assert pay_all() == 0
        press_simulated(actor=market.contributors["a"], payee_id=market.payees["a"].pk)
        assert pay_all() == 1
    assert states() == ["failed", "sent"]
    assert violations() == []


def test_a_run_that_begins_twice_sends_once(market: Market, settings: Settings) -> None:
    onboard(market, "a", "b", "c")
    earn(market, settings)
    assert (pay_all(), pay_all()) == (3, 0)
    earn(market, settings)
    # The week is not over: who was paid in this run waits for the next.
    assert pay_all() == 0
    assert PayoutRun.objects.count() == 1
    with later(days=7):
        assert pay_all() == 3
    assert PayoutRun.objects.count() == 2
    assert states() == ["sent"] * 6


def test_each_currency_has_its_transfer(market: Market, settings: Settings) -> None:
    onboard(market, "a")
    earn(market, settings)
    earn(market, settings, 9_000, "EUR")
    assert pay_all() == 2
    rows = TransferIntent.objects.order_by("currency").values_list("currency", "amount_minor")
    assert list(rows) == [("EUR", 2550), ("USD", 2834)]


def test_died_between_reserve_and_call(market: Market, settings: Settings) -> None:
    onboard(market, "a")
    earn(market, settings)
    run_payouts()
    with later(hours=2):
        assert look_after_transfers() == 1
        task = FinanceTask.objects.get()
        assert (task.kind, task.payee, task.stops_payee) == ("transfer_unclear", market.payees["a"], False)
        run_all_jobs()
        assert look_after_transfers() == 0
    assert states() == ["sent"]
    task.refresh_from_db()
    assert task.closed_at is not None
    assert market.balances("USD")["embedded:balance"] == -10_000 + 2834


def test_died_between_call_and_record(market: Market, settings: Settings) -> None:
    onboard(market, "a")
    earn(market, settings)
    run_payouts()
    intent = TransferIntent.objects.select_related("account").get()
    reference = rail().payouts.transfer(intent)
    with later(hours=2):
        run_all_jobs()
    intent.refresh_from_db()
    assert (intent.state, intent.reference) == ("sent", reference)
    assert SimulatedMovement.objects.filter(kind="transfer").count() == 1


def test_a_task_that_stops_the_payee_stops_transfers(market: Market, settings: Settings) -> None:
    onboard(market, "a", "b")
    earn(market, settings)
    task = open_task(key="difference:1", kind="difference", payee=market.payees["a"], stops_payee=True)
    assert pay_all() == 1
    assert TransferIntent.objects.get().payee == market.payees["b"]
    FinanceTask.objects.filter(pk=task.pk).update(closed_at=task.opened_at, note="Explained.")
    assert pay_all() == 1


def test_a_new_destination_waits(market: Market, settings: Settings) -> None:
    onboard(market, "a")
    earn(market, settings)
    assert account_of(market, "a").destination_changed_at is None
    press_simulated(actor=market.contributors["a"], payee_id=market.payees["a"].pk)
    assert account_of(market, "a").destination_changed_at is not None
    assert pay_all() == 0
    with later(days=settings.PAYOUT_CHANGE_HOLD_DAYS):
        assert pay_all() == 1


def test_a_payee_that_changed_since_the_run_began_is_not_reserved(market: Market, settings: Settings) -> None:
    onboard(market, "a")
    earn(market, settings)
    run = PayoutRun.objects.create(slot=1)
    press_simulated(actor=market.contributors["a"], payee_id=market.payees["a"].pk)
    assert reserve_transfer(run=run, payee_id=market.payees["a"].pk, currency="USD") is None
    assert market.balances("USD")["a:due"] == 2834


def test_onboarding_is_for_who_administers_the_payee(market: Market) -> None:
    payee, owner, other = market.payees["a"], market.contributors["a"], UserFactory.create()
    with pytest.raises(PayeeUnknownError):
        start_onboarding(actor=other, payee_id=payee.pk, country="SN")
    for wrong in ("", "S", "SEN", "1A"):
        with pytest.raises(CountryError):
            start_onboarding(actor=owner, payee_id=payee.pk, country=wrong)
    assert not PayoutAccount.objects.exists()
    assert refresh_account(actor=owner, payee_id=payee.pk) is None
    with pytest.raises(PayeeUnknownError):
        press_simulated(actor=owner, payee_id=payee.pk)
    url = start_onboarding(actor=owner, payee_id=payee.pk, country="sn")
    account = PayoutAccount.objects.get()
    assert (account.state, account.country, account.rail) == ("incomplete", "SN", "embedded")
    assert account.missing == ["identity.individual.name", "payout_method"]
    assert start_onboarding(actor=owner, payee_id=payee.pk, country="FR") == url
    assert PayoutAccount.objects.count() == 1
    with pytest.raises(PayeeUnknownError):
        press_simulated(actor=other, payee_id=payee.pk)
    press_simulated(actor=owner, payee_id=payee.pk)
    account.refresh_from_db()
    assert (account.state, account.missing) == ("active", [])


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE payments_transferintent SET amount_minor = 1",
        "DELETE FROM payments_transferintent",
        "UPDATE payments_payoutaccount SET reference = 'acct_mine'",
        "DELETE FROM payments_payoutaccount",
        "DELETE FROM payments_payoutrun",
    ],
)
def test_facts_of_payouts_are_kept(market: Market, settings: Settings, attack: str) -> None:
    onboard(market, "a")
    earn(market, settings)
    pay_all()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)
    assert TransferIntent.objects.get().amount_minor == 2834
