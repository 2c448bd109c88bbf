"""Pages of earnings, statements, sales and the simulator, full and empty."""

import pytest
from playwright.sync_api import Page

from payments.models import Statement
from payments.services import settle_pool
from tests.browser.test_look import LONG, check_look, sign_in
from tests.factories import UserFactory
from tests.integration.payments.market import Market, buy, offer, open_market
from tests.integration.payments.months import at, issued_at

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def market() -> Market:
    """A long title, names of several scripts, more than a page of lines."""
    names = {"a": "أمينة بنت محمد", "b": "Ngozi Adeyẹmi", "c": "張偉"}
    people = {key: UserFactory.create(name=name) for key, name in names.items()}
    made = open_market({"a": [30], "b": [20], "c": [7]}, steward_bps=1000, people=people)
    made.dataset.title = LONG
    made.dataset.save()
    with at("2027-01-05T10:00"):
        offered = offer(made, 25_000, "EUR")
    for day in range(10, 14):
        with at(f"2027-01-{day}T10:00"):
            buy(offered)
            settle_pool(version_id=made.version.pk, currency="EUR")
    return made


def test_pages_of_earnings_and_sales(themed: Page, market: Market, live_site: str) -> None:
    issued_at("2027-03-01T02:00")
    statement = Statement.objects.filter(payee=market.payees["a"]).order_by("number")[0]
    sign_in(themed, market.contributors["a"], live_site)
    for address in ("/earnings/", "/earnings/statements/", f"/earnings/statements/{statement.number}/"):
        check_look(themed, address)
    sign_in(themed, market.steward, live_site)
    names = f"{market.dataset.organization.slug}/{market.dataset.slug}"
    simulator = f"/desk/{names}/simulator/"
    for address in ("/sales/", f"/sales/{names}/", simulator, f"{simulator}?price=x&currency=EUR&fee_mode=added"):
        check_look(themed, address)
    sign_in(themed, UserFactory.create(), live_site)
    for address in ("/earnings/statements/", "/sales/"):
        check_look(themed, address)
