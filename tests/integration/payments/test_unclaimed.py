"""Money that nobody comes for: reminders, put aside and given back; payees whose people have left; an empty rail."""

import pytest
from django.core import mail
from django.db.models import ProtectedError
from pytest_django import Settings

from payments.gateways.embedded.books import move
from payments.models import Account, FinanceTask, Order
from payments.services import close_task, refund_order, unclaimed, write_off_debt
from payments.services.closing import look_after_closed_payees
from payments.services.ledger import post
from payments.services.solvency import watch_funds
from payments.services.unclaimed import give_back_unclaimed, put_aside_unclaimed, remind_unpaid
from tests.factories import UserFactory
from tests.integration.payments.audit import violations
from tests.integration.payments.market import Market, legs_of, open_market
from tests.integration.payments.payouts import earn, later, onboard, pay_all
from tests.services.jobs import run_all_jobs

pytestmark = pytest.mark.django_db

TERM = 1095


@pytest.fixture
def market(settings: Settings) -> Market:
    settings.FEE_BPS = 0
    return open_market({"a": [1], "b": [1]})


def test_what_is_not_claimed_is_put_aside_and_comes_back(market: Market, settings: Settings) -> None:
    onboard(market, "b")
    earn(market, settings)
    with later(days=TERM - 1):
        assert put_aside_unclaimed() == 0
        earn(market, settings, 2_000)
    with later(days=TERM + 1):
        assert put_aside_unclaimed() == 1
        assert put_aside_unclaimed() == 0
        # What came later has its own time, and who is known to the rail is paid and not put aside.
        assert legs_of(market, "unclaimed") == [{"a:due": -5_000, "unclaimed": 5_000}]
        assert market.balances("USD") == {
            "embedded:balance": -12_000,
            "unclaimed": 5_000,
            "a:due": 1_000,
            "b:due": 6_000,
        }
        onboard(market, "a")
        run_all_jobs()
        assert legs_of(market, "claimed") == [{"a:due": 5_000, "unclaimed": -5_000}]
        give_back_unclaimed(payee_id=market.payees["a"].pk)
        assert market.balances("USD")["a:due"] == 6_000
        assert pay_all() == 2
        assert market.balances("USD") == {}
        assert violations() == []


def test_what_comes_back_repays_what_is_owed_meanwhile(market: Market, settings: Settings) -> None:
    onboard(market, "b")
    earn(market, settings)
    sold = Order.objects.get()
    with later(days=TERM + 1):
        assert put_aside_unclaimed() == 1
        operator = UserFactory.create(is_staff=True)
        refund_order(actor=operator, order_id=sold.pk, amount_minor=4_000, reason="asked", refund_ref="r")
        market.settle("USD")
        assert market.balances("USD")["a:owed"] == -2_000
        onboard(market, "a")
        run_all_jobs()
    assert legs_of(market, "claimed") == [{"a:due": 5_000, "unclaimed": -5_000}]
    assert legs_of(market, "offset") == [{"a:due": -2_000, "a:owed": 2_000}]
    balances = market.balances("USD")
    assert (balances["a:due"], "a:owed" in balances, "unclaimed" in balances) == (3_000, False, False)
    assert violations() == []


def test_who_comes_while_it_is_put_aside_loses_nothing(
    market: Market, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Known to the rail, and given back the nothing that there was, after the job had listed whom it concerns."""
    earn(market, settings)
    put_aside = unclaimed._put_aside

    def after_somebody_came(account: Account) -> bool:
        if account.owner_id == market.payees["a"].pk:
            onboard(market, "a")
            give_back_unclaimed(payee_id=market.payees["a"].pk)
        return put_aside(account)

    monkeypatch.setattr(unclaimed, "_put_aside", after_somebody_came)
    with later(days=TERM + 1):
        assert put_aside_unclaimed() == 1
    assert {part: sum_ for part, sum_ in market.balances("USD").items() if part != "embedded:balance"} == {
        "a:due": 5_000,
        "unclaimed": 5_000,
    }


def test_a_closed_payee_who_comes_to_owe_gets_another_task(market: Market, settings: Settings) -> None:
    onboard(market, "a", "b")
    earn(market, settings)
    people = [market.contributors[name] for name in "ab"]
    for person in people:
        person.is_active = False
        person.save(update_fields=["is_active"])
    look_after_closed_payees()
    operator = UserFactory.create(is_staff=True)
    for task in FinanceTask.objects.all():
        close_task(actor=operator, task_id=task.pk, note="They are paid on Thursday.")
    assert pay_all() == 2
    assert look_after_closed_payees() == 0
    move(key="own", kind="charge", reference="own", currency="USD", amount_minor=5_000)
    post(key="own", event="own", currency="USD", legs={"embedded:balance": -5_000, "fee": 5_000})
    sold = Order.objects.get()
    refund_order(actor=operator, order_id=sold.pk, amount_minor=4_000, reason="asked", refund_ref="r")
    market.settle("USD")
    assert look_after_closed_payees() == 2
    left = FinanceTask.objects.filter(kind="account_closed", closed_at=None)
    assert [task.facts["balances"] for task in left] == [{"owed USD": -2_000}] * 2
    assert look_after_closed_payees() == 2
    assert left.count() == 2
    for name in "ab":
        payee = market.payees[name].pk
        write_off_debt(
            actor=operator, payee_id=payee, currency="USD", amount_minor=2_000, reason="They are gone.", reference=name
        )
    assert look_after_closed_payees() == 0
    assert violations() == []


def test_reminders_come_before(market: Market, settings: Settings) -> None:
    onboard(market, "b")
    earn(market, settings)
    mail.outbox.clear()
    remind_unpaid()
    remind_unpaid()
    run_all_jobs()
    assert [letter.to for letter in mail.outbox] == [[market.contributors["a"].email]]
    body = mail.outbox[0].body
    assert "50.00 USD" in body
    assert "/earnings/payout-account/" in body
    with later(days=90):
        remind_unpaid()
        onboard(market, "a")
        run_all_jobs()
    # The second was owed, and came to nothing since the payee was there.
    assert len(mail.outbox) == 1


def test_a_payee_without_people_gets_a_task_and_stays(market: Market, settings: Settings) -> None:
    earn(market, settings)
    onboard(market, "b")
    assert look_after_closed_payees() == 0
    for name in "ab":
        market.contributors[name].is_active = False
        market.contributors[name].save(update_fields=["is_active"])
    assert look_after_closed_payees() == 2
    assert look_after_closed_payees() == 2
    tasks = FinanceTask.objects.order_by("opened_at")
    assert {(task.kind, task.payee_id, str(task.facts)) for task in tasks} == {
        ("account_closed", market.payees[name].pk, "{'balances': {'due USD': 5000}}") for name in "ab"
    }
    # Known to the rail: paid all the same. The other becomes unclaimed in time.
    assert pay_all() == 1
    assert market.balances("USD") == {"embedded:balance": -5_000, "a:due": 5_000}
    with pytest.raises(ProtectedError):
        market.payees["a"].delete()
    with later(days=TERM + 1):
        put_aside_unclaimed()
    assert market.balances("USD") == {"embedded:balance": -5_000, "unclaimed": 5_000}


def test_too_little_on_the_rail_is_a_task(market: Market, settings: Settings) -> None:
    earn(market, settings)
    assert watch_funds() == []
    move(key="x", kind="payout", reference="x", currency="USD", amount_minor=-1)
    assert watch_funds() == ["USD"]
    assert watch_funds() == ["USD"]
    task = FinanceTask.objects.get()
    assert (task.kind, task.facts) == ("low_balance", {"available": "99.99 USD", "needed": "100.00 USD"})
