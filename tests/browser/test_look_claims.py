"""Pages of claims of ownership and of leaving after withdrawals, as each side sees them."""

import pytest
from playwright.sync_api import Page

from collective.accounts.models import User
from collective.catalog.models import Contribution
from collective.catalog.services import take_back
from licensing import services
from licensing.selectors import grant_of_order
from payments.services import freeze_payouts, refund_removed_share
from tests.browser.test_look import LONG, check_look, sign_in
from tests.factories import UserFactory
from tests.integration.payments.market import buy, offer, open_market

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


def test_pages_of_claims_and_of_leaving(themed: Page, live_site: str) -> None:
    market, operator = open_market({"a": [12], "b": [88]}), UserFactory.create(is_staff=True)
    sold = buy(offer(market, 25_000, "EUR"))
    market.settle("EUR")
    page, grant = f"/datasets/{market.dataset.repo_id}/", grant_of_order(sold.pk)
    assert grant is not None
    sign_in(themed, sold.buyer, live_site)
    for address in (page, f"{page}claims/new/", "/ownership-claims/"):
        check_look(themed, address)

    words = services.Claimed(LONG, "ada@example.org", LONG, "هذه تسجيلاتي", f"https://example.org/{LONG}")
    claimant: User = UserFactory.create()
    claim = services.file_claim(actor=claimant, dataset_id=market.dataset.pk, claimed=words)
    desk = f"/ownership-claims/{claim.pk}/"
    sign_in(themed, operator, live_site)
    for address in ("/ownership-claims/", desk):
        check_look(themed, address)
    services.review_claim(actor=operator, claim_id=claim.pk)
    check_look(themed, desk)
    services.uphold_claim(actor=operator, claim_id=claim.pk, reason=f"{LONG}.")
    freeze_payouts(claim_id=claim.pk)
    check_look(themed, desk)
    sign_in(themed, market.contributors["a"], live_site)
    check_look(themed, "/earnings/")

    leaver = market.contributors["a"]
    take_back(actor=leaver, contribution_id=Contribution.objects.get(contributor=leaver).pk)
    sign_in(themed, sold.buyer, live_site)
    check_look(themed, f"/licenses/{grant.pk}/")
    refund_removed_share(actor=sold.buyer, order_id=sold.pk)
    for address in (f"/licenses/{grant.pk}/", f"/orders/{sold.pk}/", page):
        check_look(themed, address)
