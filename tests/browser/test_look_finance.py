"""The finance team's console, empty and full."""

import pytest
from playwright.sync_api import Page

from collective.accounts.models import User
from payments.domain.chart import FEE, payee_code
from payments.models import Account, Order, SimulatedMovement
from payments.services import refund_order
from payments.services.finance import open_task
from payments.services.ledger import post
from tests.browser.test_look import LONG, check_look, sign_in
from tests.factories import UserFactory
from tests.integration.payments.market import buy, offer, open_market
from tests.integration.payments.nights import night

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
DESK = "/operator/finance/"
LISTS = ["", "closed/", "reconciliation/", "accounts/", "returns/", "correction/", "debts/"]


@pytest.fixture
def sold() -> Order:
    """A long title, a name of another script, a difference, and a refund that waits for a second person."""
    market = open_market({"a": [30], "b": [20]})
    market.dataset.title = LONG
    market.dataset.save()
    order = buy(offer(market, 250_000, "EUR"), UserFactory.create(name="أمينة بنت محمد"))
    market.settle("EUR")
    first = UserFactory.create(is_staff=True, name="Ngozi Adeyẹmi")
    for amount, ref in ((150_000, "r1"), (5000, "r2")):
        refund_order(actor=first, order_id=order.pk, amount_minor=amount, reason="لم تعد مطلوبة", refund_ref=ref)
    SimulatedMovement.objects.create(key="x", kind="gift", reference="sim_x", currency="EUR", amount_minor=700)
    owed = payee_code(market.payees["a"].pk, "owed")
    post(key="debt", event="settlement", currency="EUR", legs={owed: -123_456_789, FEE: 123_456_789})
    open_task(key="t", kind="refund_refused", order=order, facts={"said": "The card was closed."})
    return order


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
