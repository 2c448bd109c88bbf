"""Pages of coupons and of sponsored licenses, as each side sees them."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from collective.accounts.models import User
from payments import services
from tests.browser.test_look import LONG, check_look, sign_in
from tests.factories import OrganizationFactory, UserFactory
from tests.integration.payments.market import Market, offer, open_market

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


def test_pages_of_coupons(themed: Page, live_site: str) -> None:
    market = open_market({"a": [12], "b": [88]})
    offered, buyer = offer(market, 25_000, "EUR"), UserFactory.create()
    desk = f"/desk/{market.dataset.repo_id}/coupons/"
    sign_in(themed, market.steward, live_site)
    check_look(themed, desk)
    made = services.make_coupon(
        actor=market.steward,
        dataset_id=market.dataset.pk,
        terms=services.CouponTerms(percent=20, max_uses=5, valid_until=timezone.now() + timedelta(days=30)),
    )
    check_look(themed, desk)
    sign_in(themed, buyer, live_site)
    for code in ("wrong", made.code):
        check_look(themed, f"/checkout/{offered.pk}/?coupon={code}")


def test_pages_of_sponsorships(themed: Page, live_site: str) -> None:
    market, manager, researcher = open_market({"a": [12], "b": [88]}), UserFactory.create(), UserFactory.create()
    sign_in(themed, researcher, live_site)
    check_look(themed, "/sponsorships/")
    page, sponsorship = _sponsorship(market, manager)
    for address in ("/sponsorships/", page):
        check_look(themed, address)
    mine = researcher.personal_organization
    words = f"{LONG}. هذه تسجيلاتي"
    services.ask_sponsor(actor=researcher, sponsorship_id=sponsorship, researcher_id=mine.pk, words=words)
    sign_in(themed, manager, live_site)
    for address in ("/sponsorships/new/", page):
        check_look(themed, address)
    themed.get_by_label("Or the reason why not").fill("Not this year.")
    themed.keyboard.press("Enter")
    expect(themed.get_by_text("Not this year.")).to_be_visible()
    asked = services.ask_sponsor(actor=researcher, sponsorship_id=sponsorship, researcher_id=mine.pk, words=words)
    services.decide_sponsor_request(actor=manager, approval_id=asked.pk, approve=True)
    funding = services.start_funding(actor=manager, sponsorship_id=sponsorship, amount_minor=100_000)
    check_look(themed, f"/sponsorships/fundings/{funding.pk}/")
    services.pay_funding_simulated(actor=manager, funding_id=funding.pk)
    offered = offer(market, 25_000, "EUR")
    sign_in(themed, researcher, live_site)
    check_look(themed, f"/checkout/{offered.pk}/")
    order = services.place_order(
        actor=researcher,
        offer_id=offered.pk,
        offer_sha256=offered.offer_sha256,
        licensee_id=mine.pk,
        client_ref="look",
        accepted=True,
        choice=services.Choice(sponsorship_id=sponsorship),
    )
    for address in (f"/orders/{order.pk}/", page):
        check_look(themed, address)
    sign_in(themed, manager, live_site)
    check_look(themed, page)
    services.close_sponsorship(actor=manager, sponsorship_id=sponsorship)
    check_look(themed, page)


def _sponsorship(market: Market, manager: User) -> tuple[str, UUID]:
    sponsor = OrganizationFactory.create(owner=manager, name="Foundation")
    terms = services.SponsorshipTerms(
        title=LONG[:150],
        about=LONG,
        currency="EUR",
        until=timezone.now() + timedelta(days=30),
        most_minor=30_000,
        dataset_ids=(market.dataset.pk,),
    )
    opened = services.open_sponsorship(actor=manager, sponsor_id=sponsor.pk, terms=terms)
    return f"/sponsorships/{opened.pk}/", opened.pk
