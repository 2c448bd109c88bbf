"""The finance team's console, empty and full."""

import pytest
from playwright.sync_api import Page, expect

from collective.accounts.models import User
from payments.domain.chart import FEE, payee_code
from payments.gateways.facts import Receipt
from payments.models import Account, Approval, Dispute, Order, SimulatedMovement
from payments.services import close_task, post_correction, refund_order
from payments.services.finance import open_task
from payments.services.ledger import post
from payments.services.paying import accept_payment
from tests.browser.test_look import LONG, check_look, sign_in
from tests.factories import UserFactory
from tests.integration.payments.market import buy, offer, open_market
from tests.integration.payments.nights import night

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
DESK = "/operator/finance/"
LISTS = ["", "closed/", "reconciliation/", "accounts/", "returns/", "correction/", "debts/"]


@pytest.fixture
def sold() -> Order:
    """A long title, a name of another script, a difference, something in each list, and what waits for a second
    person."""
    market = open_market({"a": [30], "b": [20]})
    market.dataset.title = LONG
    market.dataset.save()
    order = buy(offer(market, 250_000, "EUR"), UserFactory.create(name="أمينة بنت محمد"))
    market.settle("EUR")
    first = UserFactory.create(is_staff=True, name="Ngozi Adeyẹmi")
    for amount, ref in ((150_000, "r1"), (5000, "r2")):
        refund_order(actor=first, order_id=order.pk, amount_minor=amount, reason="لم تعد مطلوبة", refund_ref=ref)
    SimulatedMovement.objects.create(key="x", kind="gift", reference="sim_x", currency="EUR", amount_minor=700)
    legs = {"fee": -123_456_789, "platform:loss": 123_456_789}
    post_correction(actor=first, key="a-correction", currency="EUR", legs=legs, reason="A fee that was never ours.")
    Dispute.objects.create(order=order, state="open", rail="embedded", reference="dp_1", amount_minor=5000)
    accept_payment(receipt=Receipt("embedded", "sim_twice", order.pk, order.total_minor, "EUR"))
    owed = payee_code(market.payees["a"].pk, "owed")
    post(key="debt", event="settlement", currency="EUR", legs={owed: -123_456_789, FEE: 123_456_789})
    _tasks(order, first)
    return order


def _tasks(order: Order, operator: User) -> None:
    """One of each kind that says something of its own, and one that is closed."""
    open_task(key="t", kind="refund_refused", order=order, facts={"said": "The card was closed."})
    low = {"available": "5.00 EUR", "needed": "1,234,567.00 EUR"}
    open_task(key="low", kind="low_balance", facts=low)
    left = {"due EUR": 123_456, "owed JPY": -700}
    open_task(key="left", kind="account_closed", payee=order.licensee, facts={"balances": left})
    done = open_task(key="done", kind="transfer_unclear", facts={"since": "2027-01-05T10:00:00+00:00"})
    close_task(actor=operator, task_id=done.pk, note=f"وصل إلى البنك. {LONG}")


def test_the_finance_console(themed: Page, live_site: str) -> None:
    operator: User = UserFactory.create(is_staff=True)
    sign_in(themed, operator, live_site)
    for path in (*LISTS, "orders/?q=nobody"):
        check_look(themed, f"{DESK}{path}")


def test_the_finance_console_full(themed: Page, live_site: str, sold: Order) -> None:
    run = night()
    operator: User = UserFactory.create(is_staff=True)
    sign_in(themed, operator, live_site)
    about = f"orders/{sold.pk}/"
    debt = f"debts/{Account.objects.get(code__endswith=':owed').pk}/"
    for path in (*LISTS, f"reconciliation/{run.pk}/", f"orders/?q={sold.pk}", about, debt):
        check_look(themed, f"{DESK}{path}")
    themed.goto(DESK)
    themed.get_by_label("Note; a refusal needs one").first.fill("Ask the buyer first.")
    themed.keyboard.press("Enter")
    expect(themed.get_by_text("Nothing moved.")).to_be_visible()
    assert sorted(Approval.objects.values_list("state", flat=True)) == ["refused", "waiting"]
