"""The finance team's console: what waits, what differs, what is where, and giving money back with a look before it."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from collective.accounts.models import User
from licensing.models import Offer
from payments.gateways.facts import Receipt
from payments.models import Approval, FinanceTask, Journal, Order, RefundRequest, SimulatedMovement
from payments.services import post_correction, refund_order
from payments.services.finance import open_task
from payments.services.paying import accept_payment
from tests.factories import UserFactory
from tests.integration.payments.market import Market, buy, offer, open_market
from tests.integration.payments.nights import night
from tests.integration.payments.test_pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # what pages show
DESK = "/operator/finance/"


@pytest.fixture
def operator() -> User:
    made: User = UserFactory.create(is_staff=True)
    return made


@pytest.fixture
def desk(client: Client, operator: User) -> Client:
    client.force_login(operator)
    return client


@pytest.fixture
def market() -> Market:
    return open_market({"a": [1], "b": [1]})


@pytest.fixture
def offered(market: Market) -> Offer:
    return offer(market, 10_000, "USD")


@pytest.fixture
def sold(offered: Offer) -> Order:
    return buy(offered)


def page(desk: Client, path: str = "") -> str:
    answer = desk.get(f"{DESK}{path}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_empty_console(desk: Client) -> None:
    assert "Nothing waits." in page(desk)
    assert "Both sides agree." in page(desk, "reconciliation/")
    assert "Nothing was booked yet." in page(desk, "accounts/")
    assert page(desk, "returns/").count("There is none.") == 3
    assert "open tasks" in desk.get("/operator/").content.decode()


def test_a_task_is_closed_with_a_note_only(desk: Client, operator: User, sold: Order) -> None:
    task = open_task(key="t", kind="difference", order=sold, stops_payee=True, facts={"difference": "fee_differs"})
    shown = page(desk)
    assert "The ledger and the rail differ" in shown
    assert "Difference: <bdi>Another fee</bdi>" in shown
    assert "Nobody whom it is about is paid meanwhile." in shown
    desk.post(f"{DESK}tasks/{task.pk}/close/", {"note": " "})
    assert FinanceTask.objects.get().closed_at is None
    desk.post(f"{DESK}tasks/{task.pk}/close/", {"note": "Seen at the bank."})
    assert FinanceTask.objects.get().closed_by == operator
    assert "Nothing waits." in page(desk)
    assert "Seen at the bank." in page(desk, "closed/")


def test_a_refund_is_looked_at_before_it_is_given(desk: Client, sold: Order) -> None:
    path = f"{DESK}orders/{sold.pk}/"
    given = {"amount": "33.33", "reason": "Asked.", "refund_ref": "c1"}
    looked = desk.post(path, given | {"step": "look"}).content.decode()
    assert "It would come from:" in looked
    assert "Contributors and steward: 31.74 USD" in looked
    assert not RefundRequest.objects.exists()
    for _ in range(2):
        assert desk.post(path, given | {"step": "refund"}).status_code == 302
    assert RefundRequest.objects.get().amount_minor == 3333
    assert "33.33 USD" in page(desk, "returns/")
    too_much = desk.post(path, given | {"amount": "1000", "step": "look"}).content.decode()
    assert "at most what is left" in too_much


def test_two_people_by_the_console(desk: Client, settings: Settings, sold: Order) -> None:
    settings.FINANCE_LIMIT_MINOR = {"USD": 100}
    first = UserFactory.create(is_staff=True, name="Ama First")
    refund_order(actor=first, order_id=sold.pk, amount_minor=500, reason="Asked.", refund_ref="r1")
    approval = Approval.objects.get()
    shown = page(desk)
    assert "Waiting for a second person" in shown
    assert "Ama First" in shown
    desk.post(f"{DESK}approvals/{approval.pk}/", {"decision": "refuse"})
    assert Approval.objects.get().state == "waiting"
    desk.force_login(first)
    assert "Another operator decides." in page(desk)
    desk.post(f"{DESK}approvals/{approval.pk}/", {"decision": "approve"})
    assert Approval.objects.get().state == "waiting"
    desk.force_login(UserFactory.create(is_staff=True))
    desk.post(f"{DESK}approvals/{approval.pk}/", {"decision": "approve"})
    assert (Approval.objects.get().state, RefundRequest.objects.get().state) == ("approved", "reserved")


def test_nothing_is_said_in_codes(desk: Client, settings: Settings, sold: Order) -> None:
    settings.FINANCE_LIMIT_MINOR = {"USD": 100}
    first, legs = UserFactory.create(is_staff=True), {"fee": -123_456, "platform:loss": 123_456}
    post_correction(actor=first, key="k", currency="USD", legs=legs, reason="Never ours.")
    balances = {"due USD": 123_456, "owed JPY": -700}
    open_task(key="left", kind="account_closed", payee=sold.licensee, facts={"balances": balances})
    open_task(key="unclear", kind="transfer_unclear", facts={"since": "2027-01-05T10:00:00+00:00"})
    open_task(key="low", kind="low_balance", facts={"available": "5.00 USD", "needed": "6.00 USD"})
    told = text_of(page(desk))
    for words in (
        "fee -1,234.56 USD",
        "Balances: payable 1,234.56 USD, to be repaid 700 JPY",
        "Since: 5 January 2027, 10:00 UTC",
        "On the rail: 5.00 USD Needed for payees: 6.00 USD",
    ):
        assert words in told
    accept_payment(receipt=Receipt("embedded", "sim_second", sold.pk, sold.total_minor, "USD"))
    assert "The order was paid or ended before." in page(desk, "returns/")
    assert "Rail: simulated" in text_of(page(desk, f"orders/{sold.pk}/"))


def test_differences_and_comparisons_are_shown(desk: Client, sold: Order) -> None:
    SimulatedMovement.objects.create(key="x", kind="gift", reference="sim_x", currency="USD", amount_minor=700)
    run = night()
    for path in ("reconciliation/", f"reconciliation/{run.pk}/"):
        shown = page(desk, path)
        assert "A kind that we do not know" in shown
        assert "sim_x" in shown
        assert "7.00 USD" in shown
    listed = desk.get("/api/v1/finance/reconciliations").json()["results"]
    assert [(row["found"], row["differences"][0]["reference"]) for row in listed] == [(1, "sim_x")]
    assert listed[0]["balances"] == {"USD": {"ledger": 10_500, "rail": 11_200}}
    told = desk.get("/api/v1/finance/tasks").json()["results"]
    assert [(row["kind"], row["closed_at"]) for row in told] == [("difference", None)]
    # After the night, which was in two hours.
    with time_machine.travel(timezone.now() + timedelta(hours=3), tick=True):
        desk.post(f"/api/v1/finance/tasks/{told[0]['id']}/close", {"note": "Seen."}, content_type="application/json")
    assert FinanceTask.objects.get().note == "Seen."


def test_a_correction_makes_both_sides_equal(desk: Client, sold: Order) -> None:
    SimulatedMovement.objects.create(key="x", kind="gift", reference="sim_x", currency="USD", amount_minor=700)
    night()
    given = {"key": "gift-1", "currency": "USD", "source": "sim_x", "reason": "A gift."}
    wrong = desk.post(f"{DESK}correction/", given | {"lines": "embedded:balance -7.00\nfee 6.00"}).content.decode()
    assert "its amounts sum to zero" in wrong
    assert "Write each account once" in desk.post(f"{DESK}correction/", given | {"lines": "fee"}).content.decode()
    assert not Journal.objects.filter(event="correction").exists()
    answer = desk.post(f"{DESK}correction/", given | {"lines": "embedded:balance -7.00\nfee 7.00"})
    assert answer.status_code == 302
    assert night(timedelta(hours=4)).resolved == 1
    assert "Both sides agree." in page(desk, "reconciliation/")


def test_balances_sum_to_zero(desk: Client, market: Market, sold: Order) -> None:
    market.settle("USD")
    shown = page(desk, "accounts/")
    assert "0.00 USD · zero, as it must be" in " ".join(shown.split())
    assert "c:…:held" in shown
    assert "-105.00 USD" in shown


def test_an_order_is_found_by_any_of_its_names(desk: Client, operator: User, sold: Order, offered: Offer) -> None:
    other = buy(offered)
    refund_order(actor=operator, order_id=sold.pk, amount_minor=500, reason="Asked.", refund_ref="wish-7")
    for name in (str(sold.pk), sold.payment.reference, sold.client_ref, "wish-7", sold.refunds.get().reference):
        shown = page(desk, f"orders/?q={name}")
        assert str(sold.pk) in shown
        assert str(other.pk) not in shown
    assert "Nothing found" in page(desk, "orders/?q=nobody")
