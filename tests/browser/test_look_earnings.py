"""Pages of earnings, payouts, statements, sales and the simulator, full and empty."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django import Settings

from collective.accounts.models import Organization, User
from payments.models import PayoutAccount, Statement
from payments.services import refund_order, release_due_settlements, run_payouts, settle_pool
from tests.browser.test_look import LONG, check_look, sign_in
from tests.factories import OrganizationFactory, UserFactory
from tests.integration.payments.market import Market, buy, offer, open_market
from tests.integration.payments.months import at, issued_at
from tests.integration.payments.payouts import account_of, onboard, pay_all

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
MUCH = 12_345_678_901
PAYOUTS = "/earnings/payout-account/"


@pytest.fixture
def people() -> dict[str, User]:
    names = {"a": "أمينة بنت محمد", "b": "Ngozi Adeyẹmi", "c": "張偉"}
    return {key: UserFactory.create(name=name) for key, name in names.items()}


@pytest.fixture
def market(people: dict[str, User]) -> Market:
    """A long title, names of several scripts, much money; a has been paid, and is being paid again."""
    made = open_market({"a": [30], "b": [20], "c": [7]}, steward_bps=1000, people=people)
    made.dataset.title = LONG
    made.dataset.save()
    with at("2027-01-05T10:00"):
        onboard(made, "a")
        offered = offer(made, MUCH, "EUR")
    for day in ("2027-01-10", "2027-01-11", "2027-02-02", "2027-02-20"):
        with at(f"{day}T10:00"):
            buy(offered)
            settle_pool(version_id=made.version.pk, currency="EUR")
    with at("2027-01-29T10:00"):
        release_due_settlements()
        pay_all()
    with at("2027-02-21T10:00"):
        release_due_settlements()
        run_payouts()
    return made


@pytest.fixture
def in_yen(people: dict[str, User]) -> Market:
    """What a was paid of this one goes back to the buyer in part."""
    made = open_market({"a": [30], "c": [70]}, people=people)
    made.dataset.title = "أصوات السوق: جمل يومية"
    made.dataset.save()
    with at("2027-01-06T10:00"):
        onboard(made, "a")
        sold = buy(offer(made, 1_234_567, "JPY"))
        made.settle("JPY")
    with at("2027-02-22T10:00"):
        release_due_settlements()
        pay_all()
        operator = UserFactory.create(is_staff=True)
        refund_order(actor=operator, order_id=sold.pk, amount_minor=1_000, reason="asked", refund_ref="r1")
        made.settle("JPY")
    return made


def test_pages_of_earnings_and_sales(themed: Page, in_yen: Market, market: Market, live_site: str) -> None:
    issued_at("2027-03-01T02:00")
    statement = Statement.objects.filter(payee=market.payees["a"], period__currency="EUR").order_by("number")[0]
    in_debt = Statement.objects.filter(payee=market.payees["a"], period__currency="JPY").order_by("-number")[0]
    sign_in(themed, market.contributors["a"], live_site)
    for address in ("", "statements/", f"statements/{statement.number}/", f"statements/{in_debt.number}/"):
        check_look(themed, f"/earnings/{address}")
    sign_in(themed, market.steward, live_site)
    names = f"{market.dataset.organization.slug}/{market.dataset.slug}"
    simulator = f"/desk/{names}/simulator/"
    for address in ("/sales/", f"/sales/{names}/", simulator, f"{simulator}?price=x&currency=EUR&fee_mode=added"):
        check_look(themed, address)
    sign_in(themed, in_yen.steward, live_site)
    check_look(themed, "/sales/")
    sign_in(themed, UserFactory.create(), live_site)
    for address in ("/earnings/", "/earnings/statements/", "/sales/"):
        check_look(themed, address)


def test_the_ways_to_be_paid(themed: Page, live_site: str, settings: Settings) -> None:
    """A payee of each state; nobody's question is answered for somebody else."""
    market = open_market({"a": [1]})
    person = market.contributors["a"]
    sign_in(themed, person, live_site)
    check_look(themed, PAYOUTS)
    onboard(market, "a")
    mine = account_of(market, "a")
    PayoutAccount.objects.filter(pk=mine.pk).update(destination_changed_at=timezone.now() - timedelta(days=1))
    check_look(themed, f"{PAYOUTS}simulated/{mine.pk}/")
    for name in (LONG[:100], "جمعية اللغات"):
        OrganizationFactory.create(name=name, owner=person)
    asked = ["identity.individual.date_of_birth", "payout_method", "identity.individual.id_numbers"]
    for state, missing in (("incomplete", asked), ("restricted", ["unsupported_country"])):
        _account(person, state, missing)
    check_look(themed, PAYOUTS)
    fields = themed.get_by_label("Country")
    ids = [field.get_attribute("id") for field in fields.all()]
    assert len(ids) == len(set(ids)) == 2
    settings.PAYMENT_RAIL = "stripe"
    check_look(themed, PAYOUTS)


def _account(person: User, state: str, missing: list[str]) -> None:
    payee: Organization = OrganizationFactory.create(name=f"Voices, {state}", owner=person)
    PayoutAccount.objects.create(
        payee=payee,
        rail="embedded",
        reference=f"simacct_{state}",
        state=state,
        country="SN",
        missing=missing,
        opened_by=person,
    )
