"""Pages of those who buy: the checkout with all it can ask, the ways to pay, invoices, subscriptions, receipts."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django import Settings

from collective.accounts.models import Organization, User
from collective.catalog.models import Dataset
from licensing.models import Offer
from licensing.services import request_access, retire_offer
from licensing.services.access import Asked
from payments import services
from payments.models import Invoice, Order
from tests.browser.test_look import LONG, check_here, check_look, sign_in
from tests.factories import OrganizationFactory, UserFactory
from tests.integration.payments.market import Market, open_market, order
from tests.integration.payments.test_periods import MONTHLY
from tests.integration.payments.test_plans import LIVE, PAY, TIERS, planned
from tests.services.jobs import run_all_jobs

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
MUCH = 123_456_789_012


@pytest.fixture
def market() -> Market:
    made = open_market({"a": [30], "b": [20]})
    made.dataset.title = "أصوات السوق: جمل يومية من أربع مدن"
    made.dataset.save()
    return made


@pytest.fixture
def buyer() -> User:
    made: User = UserFactory.create(name="ד״ר שרה כהן־לוי")
    return made


@pytest.fixture
def lab(buyer: User) -> Organization:
    made: Organization = OrganizationFactory.create(name=LONG[:100], kind="academic", owner=buyer)
    return made


def test_the_checkout(themed: Page, market: Market, buyer: User, lab: Organization, live_site: str) -> None:
    """With a coupon, a sponsor and an invoice to choose from; then what each plan asks; then what is refused."""
    offered = planned(market, MUCH)
    code = f"?coupon={_coupon(market)}"
    _sponsor(market, lab)
    sign_in(themed, buyer, live_site)
    check_look(themed, f"/checkout/{offered.pk}/{code}")
    themed.get_by_role("button", name="Order with payment").click()
    check_here(themed, "the checkout without acceptance")
    for options in ({"plan": {"model": "tiered", "tiers": TIERS}}, {"plan": PAY}, {"plan": MONTHLY}):
        retire_offer(actor=market.steward, offer_id=offered.pk)
        offered = planned(market, 90_000, **_license(options))
        check_look(themed, f"/checkout/{offered.pk}/")
    retire_offer(actor=market.steward, offer_id=offered.pk)
    check_look(themed, f"/checkout/{offered.pk}/")
    offered = planned(market, 9_000)
    themed.goto(f"/checkout/{offered.pk}/")
    themed.locator("#id_accepted").check()
    retire_offer(actor=market.steward, offer_id=offered.pk)
    planned(market, 10_000)
    themed.get_by_role("button", name="Order with payment").click()
    check_here(themed, "the checkout after the price has changed")


def _license(options: dict[str, Any]) -> dict[str, Any]:
    return {**options, "license_id": LIVE} if options["plan"] is MONTHLY else options


def _coupon(market: Market) -> str:
    until = timezone.now() + timedelta(days=30)
    terms = services.CouponTerms(percent=20, max_uses=5, valid_until=until, code="EARLY-READERS-2026")
    return services.make_coupon(actor=market.steward, dataset_id=market.dataset.pk, terms=terms).code


def _sponsor(market: Market, researcher: Organization) -> None:
    manager = UserFactory.create()
    sponsor = OrganizationFactory.create(owner=manager, name="مؤسسة اللغات")
    until = timezone.now() + timedelta(days=30)
    terms = services.SponsorshipTerms(title=LONG[:150], about="", currency="EUR", until=until)
    opened = services.open_sponsorship(actor=manager, sponsor_id=sponsor.pk, terms=terms)
    services.invite_researcher(actor=manager, sponsorship_id=opened.pk, slug=researcher.slug)
    funding = services.start_funding(actor=manager, sponsorship_id=opened.pk, amount_minor=2 * MUCH)
    services.pay_funding_simulated(actor=manager, funding_id=funding.pk)


def test_paying(
    themed: Page, market: Market, buyer: User, lab: Organization, live_site: str, settings: Settings
) -> None:
    sign_in(themed, buyer, live_site)
    for address in ("/orders/", "/subscriptions/"):
        check_look(themed, address)
    bought = _bought(market, buyer, lab)
    check_look(themed, f"/pay/simulated/{bought['waiting'].pk}/")
    for name in ("open", "refused"):
        check_look(themed, f"/orders/{bought[name].pk}/invoice/")
    orders = [f"/orders/{bought[name].pk}/" for name in ("waiting", "back", "ended")]
    for address in ("/subscriptions/", "/orders/", *orders):
        check_look(themed, address)
    settings.PAYMENT_RAIL, settings.STRIPE_TAX = "stripe", True
    check_look(themed, f"/pay/{bought['waiting'].pk}/")


def _bought(market: Market, buyer: User, lab: Organization) -> dict[str, Order]:
    """An order of each kind, with invoices and subscriptions in several states."""
    monthly = planned(market, 9_000, LIVE, plan=MONTHLY)
    for state in ("past_due", "ending", "active"):
        licensee = OrganizationFactory.create(name=LONG[:60], owner=buyer)
        begun = order(monthly, buyer, for_organization=licensee)
        services.pay_simulated(actor=buyer, order_id=begun.pk)
        type(begun.subscription).objects.filter(pk=begun.subscription.pk).update(state=state)
    retire_offer(actor=market.steward, offer_id=monthly.pk)
    offered = planned(market, MUCH)
    made = {state: _invoiced(offered, buyer, lab, state) for state in ("open", "refused", "paid")}
    made["back"] = _refunded(made["paid"])
    made["ended"] = services.cancel_order(actor=buyer, order_id=order(offered, buyer).pk)
    Dataset.objects.filter(pk=market.dataset.pk).update(visibility="restricted")
    asked = Asked(purpose="To teach a class how digits sound.")
    request_access(actor=buyer, dataset_id=market.dataset.pk, licensee_id=buyer.personal_organization.pk, asked=asked)
    made["waiting"] = order(offered, buyer)
    return made


def _invoiced(offered: Offer, buyer: User, lab: Organization, state: str) -> Order:
    """`lab` has one license at most, so the invoices that are not paid come first."""
    placed = services.place_order(
        actor=buyer,
        offer_id=offered.pk,
        offer_sha256=offered.offer_sha256,
        licensee_id=lab.pk,
        client_ref=state,
        accepted=True,
        choice=services.Choice(by_invoice=True, po_number="طلب شراء 4711"),
    )
    run_all_jobs()
    if state == "paid":
        return services.pay_simulated(actor=buyer, order_id=placed.pk)
    if state == "refused":
        Invoice.objects.filter(order=placed).update(state=state, number="", refusal="The address is not complete.")
        Order.objects.filter(pk=placed.pk).update(state="cancelled")
    return placed


def _refunded(paid: Order) -> Order:
    operator = UserFactory.create(is_staff=True)
    services.refund_order(actor=operator, order_id=paid.pk, amount_minor=5_000, reason="تسجيلات ناقصة", refund_ref="r1")
    return Order.objects.get(pk=paid.pk)
