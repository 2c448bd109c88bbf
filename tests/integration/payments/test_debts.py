"""What left before a refund: asked back from the transfer, offset by what is earned next, written off last."""

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from collective.accounts.models import User
from collective.core.models import AuditEvent
from payments.errors import DebtError, NotFinanceError, ReasonMissingError, WriteOffReusedError
from payments.gateways.embedded.books import move
from payments.gateways.rails import rail
from payments.models import Account, Approval, Journal, Order, SimulatedMovement, TransferIntent, TransferReversal
from payments.services import refund_order, run_payouts, write_off_debt
from payments.services.ledger import post
from payments.services.recovering import recover_debts, send_reversal
from tests.factories import UserFactory
from tests.integration.payments.audit import violations
from tests.integration.payments.market import Market, legs_of, open_market
from tests.integration.payments.payouts import earn, later, onboard, pay_all, states
from tests.services.jobs import run_all_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def market(settings: Settings) -> Market:
    """a has been paid, and the sale is refunded; b was not paid yet."""
    settings.FEE_BPS = 0
    made = open_market({"a": [1], "b": [1]})
    onboard(made, "a")
    earn(made, settings)
    assert pay_all() == 1
    own_money()
    refund(made, 6_000)
    assert {name: sum_ for name, sum_ in made.balances("USD").items() if name[0] in "ab"} == {
        "a:owed": -3_000,
        "b:due": 2_000,
    }
    return made


def own_money() -> None:
    """The marketplace has some of its own, or it could not refund what has left."""
    move(key="own", kind="charge", reference="own", currency="USD", amount_minor=20_000)
    post(key="own", event="own", currency="USD", legs={"embedded:balance": -20_000, "fee": 20_000})


def refund(market: Market, amount: int) -> None:
    operator, sold = UserFactory.create(is_staff=True), Order.objects.order_by("created_at").first()
    assert sold is not None
    refund_order(actor=operator, order_id=sold.pk, amount_minor=amount, reason="asked", refund_ref=f"refund-{amount}")
    market.settle("USD")


def test_a_debt_is_taken_back_from_the_transfer(market: Market) -> None:
    assert recover_debts() == 1
    assert recover_debts() == 0
    run_all_jobs()
    reversal = TransferReversal.objects.get()
    assert (reversal.state, reversal.amount_minor) == ("done", 3_000)
    assert Journal.objects.get(event="transfer_reversal").key == f"reversal:{reversal.reference}"
    assert legs_of(market, "transfer_reversal") == [{"embedded:balance": -3_000, "a:owed": 3_000}]
    assert SimulatedMovement.objects.get(kind="transfer_reversal").amount_minor == 3_000
    assert states() == ["sent"]
    payee = Client()
    payee.force_login(market.contributors["a"])
    assert "30.00 USD of it was taken back for a refund" in payee.get("/earnings/").content.decode()
    send_reversal(reversal_id=reversal.pk)
    assert recover_debts() == 0
    assert Journal.objects.filter(event="transfer_reversal").count() == 1
    refund(market, 4_000)
    recover_debts()
    run_all_jobs()
    assert states() == ["reversed"]
    assert market.balances("USD") == {"embedded:balance": -20_000, "fee": 20_000}
    assert violations() == []


def test_what_was_offset_meanwhile_is_the_payees_again(market: Market, settings: Settings) -> None:
    recover_debts()
    earn(market, settings, 4_000)
    assert market.balances("USD")["a:owed"] == -1_000
    run_all_jobs()
    assert legs_of(market, "transfer_reversal") == [{"embedded:balance": -3_000, "a:owed": 1_000, "a:due": 2_000}]
    assert market.balances("USD")["a:due"] == 2_000
    assert violations() == []


def test_an_answer_that_was_lost_is_found(market: Market) -> None:
    recover_debts()
    reversal = TransferReversal.objects.select_related("transfer__account").get()
    rail().payouts.reverse(reversal)
    with later(hours=2):
        assert recover_debts() == 0
        run_all_jobs()
    reversal.refresh_from_db()
    assert reversal.state == "done"
    assert SimulatedMovement.objects.filter(kind="transfer_reversal").count() == 1


def test_no_more_comes_back_than_was_sent(market: Market) -> None:
    transfer = TransferIntent.objects.get()
    TransferReversal.objects.create(transfer=transfer, amount_minor=5_000, state="done")
    with pytest.raises(Exception, match="no more comes back"):
        TransferReversal.objects.create(transfer=transfer, amount_minor=1)


def test_an_operator_writes_a_debt_off_once(market: Market) -> None:
    operator = UserFactory.create(is_staff=True)

    def write_off(amount: int, *, actor: User = operator, reason: str = "Gone.") -> Journal:
        payee = market.payees["a"].pk
        done = write_off_debt(
            actor=actor, payee_id=payee, currency="USD", amount_minor=amount, reason=reason, reference="w1"
        )
        assert isinstance(done, Journal)
        return done

    with pytest.raises(NotFinanceError):
        write_off(1_200, actor=market.contributors["a"])
    with pytest.raises(ReasonMissingError):
        write_off(1_200, reason=" ")
    for amount in (0, -1, 3_001):
        with pytest.raises(DebtError):
            write_off(amount)
    first = write_off(1_200)
    assert write_off(1_200) == first
    with pytest.raises(WriteOffReusedError):
        write_off(1_201)
    assert legs_of(market, "write_off") == [{"a:owed": 1_200, "platform:loss": -1_200}]
    assert isinstance(first, Journal)
    assert (first.meta["reason"], first.meta["actor"]) == ("Gone.", str(operator.pk))
    assert AuditEvent.objects.filter(action="payments.debt_written_off").count() == 1
    assert market.balances("USD")["a:owed"] == -1_800
    assert violations() == []


def test_what_becomes_payable_again_repays_a_debt_first(market: Market, settings: Settings) -> None:
    """A transfer is on its way when the sale is given back, and then it fails."""
    with later(days=7):
        earn(market, settings, 10_000)
        assert market.balances("USD")["a:due"] == 2_000
        run_payouts()
        refund(market, 4_000)
        assert {part: market.balances("USD")[f"a:{part}"] for part in ("in_transit", "owed")} == {
            "in_transit": 2_000,
            "owed": -2_000,
        }
        with connection.cursor() as cursor:
            cursor.execute("UPDATE payments_simulatedrecipient SET presses = 0")
        run_all_jobs()
    assert legs_of(market, "transfer_failed") == [{"a:in_transit": -2_000, "a:due": 2_000}]
    assert legs_of(market, "offset") == [{"a:due": -2_000, "a:owed": 2_000}]
    assert not {"a:due", "a:owed", "a:in_transit"} & set(market.balances("USD"))
    assert violations() == []


def test_debts_are_listed_and_written_off_on_the_console(market: Market, client: Client, settings: Settings) -> None:
    settings.FINANCE_LIMIT_MINOR = {"USD": 1_000}
    client.force_login(UserFactory.create(is_staff=True))
    recover_debts()
    desk = reverse("payments:finance-debts")
    shown = client.get(desk).content.decode()
    assert market.payees["a"].name in shown
    assert shown.count("30.00 USD") == 2
    debt = Account.objects.get(code=f"c:{market.payees['a'].pk}:owed")
    path = reverse("payments:finance-write-off", args=[debt.pk])
    given = {"amount": "10.00", "reason": "Gone.", "reference": "console:1"}
    assert "Only a debt can be written off" in client.post(path, given | {"amount": "30.01"}).content.decode()
    for _ in range(2):
        assert client.post(path, given).status_code == 302
    assert legs_of(market, "write_off") == [{"a:owed": 1_000, "platform:loss": -1_000}]
    assert client.post(path, given | {"amount": "20.00", "reference": "console:2"}).status_code == 302
    assert Approval.objects.get().state == "waiting"
    assert market.balances("USD")["a:owed"] == -2_000
    due = Account.objects.get(code=f"c:{market.payees['b'].pk}:due")
    assert client.get(reverse("payments:finance-write-off", args=[due.pk])).status_code == 404
