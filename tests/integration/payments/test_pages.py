"""The checkout as a buyer walks it, and the earnings page as a contributor reads it."""

import re
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from collective.catalog.models import Contribution
from licensing.models import LicenseGrant, Offer
from licensing.services import retire_offer
from payments.models import Journal, Order
from payments.selectors.checkout import acceptance_wording
from payments.services import refund_order
from tests.factories import OrganizationFactory, UserFactory
from tests.integration.payments.market import Market, buy, offer, open_market, order

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # what pages show


@pytest.fixture
def market() -> Market:
    return open_market({"a": [3], "b": [1]}, steward_bps=1000)


@pytest.fixture
def buyer_client() -> Client:
    client = Client()
    client.force_login(UserFactory.create(name="Bea Buyer"))
    return client


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', html)
    assert found is not None, name
    return found.group(1)


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def filled(html: str, **changes: str) -> dict[str, str]:
    """What a browser sends: every hidden field as it is, and the first licensee."""
    licensee = re.search(r'<option value="([0-9a-f-]{36})"', html)
    assert licensee is not None
    given = {"licensee": licensee.group(1), "accepted": "on"}
    order = html[html.index('name="offer_sha256"') - 100 :]
    given |= dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', order))
    return given | changes


def test_from_the_checkout_to_the_receipt(market: Market, buyer_client: Client) -> None:
    offered = offer(market, 25_000, "EUR")
    address = reverse("payments:checkout", args=[offered.pk])
    page = buyer_client.get(address).content.decode()
    words = text_of(page)
    for shown in ("250.00 EUR", "12.50 EUR", "262.50 EUR", "5 % of the price", "25.00 EUR to the steward"):
        assert shown in words, shown
    assert offered.license_version.text_sha256 in page
    assert reverse("licensing:license", args=[offered.license_version.text_sha256]) in page
    assert acceptance_wording() in words
    sent = buyer_client.post(address, filled(page))
    placed = Order.objects.get()
    pay = reverse("payments:simulated", args=[placed.pk])
    assert (sent.status_code, urlsplit(sent["Location"]).path) == (302, pay)
    assert buyer_client.post(address, filled(page))["Location"] == sent["Location"]
    assert Order.objects.count() == 1
    payment = text_of(buyer_client.get(pay).content.decode())
    assert "SIMULATED PAYMENT" in payment
    assert "262.50 EUR" in payment
    assert not LicenseGrant.objects.exists()
    receipt = reverse("payments:order", args=[placed.pk])
    assert buyer_client.post(pay)["Location"] == receipt
    shown = buyer_client.get(receipt).content.decode()
    assert reverse("licensing:grant", args=[LicenseGrant.objects.get().pk]) in shown
    assert "262.50 EUR" in shown
    assert "simulated, no money moved" in text_of(shown)
    assert market.dataset.title in buyer_client.get(reverse("payments:orders")).content.decode()
    assert buyer_client.get(pay)["Location"] == receipt


def test_without_accepting_nothing_is_ordered(market: Market, buyer_client: Client) -> None:
    address = reverse("payments:checkout", args=[offer(market, 25_000, "EUR").pk])
    given = filled(buyer_client.get(address).content.decode())
    del given["accepted"]
    answer = buyer_client.post(address, given)
    assert answer.status_code == 200
    assert "Without accepting there is no license." in answer.content.decode()
    assert not Order.objects.exists()


def test_a_stale_offer_shows_the_difference_and_the_present_offer(market: Market, buyer_client: Client) -> None:
    seen = offer(market, 25_000, "EUR")
    address = reverse("payments:checkout", args=[seen.pk])
    page = buyer_client.get(address).content.decode()
    retire_offer(actor=market.steward, offer_id=seen.pk)
    now = offer(market, 30_000, "EUR")
    answer = buyer_client.post(address, filled(page))
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Nothing was bought" in html
    assert "250.00 EUR" in html
    assert "300.00 EUR" in html
    assert hidden(html, "offer_sha256") == now.offer_sha256
    assert f"<code>{now.license_version.text_sha256}</code>" in html
    assert reverse("payments:checkout", args=[now.pk]) in html
    assert "checked" not in html
    assert not Order.objects.exists()
    bought = buyer_client.post(reverse("payments:checkout", args=[now.pk]), filled(html))
    assert bought.status_code == 302
    assert Order.objects.get().offer == now


def test_an_ended_offer_leads_to_its_successor_or_says_so(market: Market, buyer_client: Client) -> None:
    seen = offer(market, 25_000, "EUR")
    retire_offer(actor=market.steward, offer_id=seen.pk)
    address = reverse("payments:checkout", args=[seen.pk])
    gone = buyer_client.get(address)
    assert (gone.status_code, "This offer has ended" in gone.content.decode()) == (410, True)
    offer(market, 30_000, "EUR")
    assert "The offer you came from has ended" in buyer_client.get(address).content.decode()


def test_a_free_offer_goes_straight_to_the_license(market: Market, buyer_client: Client) -> None:
    address = reverse("payments:checkout", args=[offer(market, 0, "EUR").pk])
    page = buyer_client.get(address).content.decode()
    assert "There is nothing to pay" in page
    sent = buyer_client.post(address, filled(page))
    assert sent["Location"] == reverse("payments:order", args=[Order.objects.get().pk])
    assert LicenseGrant.objects.count() == 1
    assert not Journal.objects.exists()


def test_the_publisher_is_not_among_the_licensees(market: Market) -> None:
    client = Client()
    client.force_login(market.steward)
    page = client.get(reverse("payments:checkout", args=[offer(market, 100, "EUR").pk])).content.decode()
    assert str(market.steward.personal_organization.pk) in page
    assert str(market.dataset.organization_id) not in page


def test_a_refusal_is_said_in_the_form(market: Market, buyer_client: Client) -> None:
    address = reverse("payments:checkout", args=[offer(market, 0, "EUR").pk])
    page = buyer_client.get(address).content.decode()
    buyer_client.post(address, filled(page))
    again = buyer_client.post(address, filled(buyer_client.get(address).content.decode()))
    assert again.status_code == 200
    assert "already has this license" in again.content.decode()
    assert Order.objects.count() == 1


def test_an_order_can_be_cancelled_before_it_is_paid(market: Market) -> None:
    placed = order(offer(market, 25_000, "EUR"))
    client = Client()
    client.force_login(placed.buyer)
    client.post(reverse("payments:cancel", args=[placed.pk]))
    placed.refresh_from_db()
    assert placed.state == "cancelled"
    answer = client.post(reverse("payments:simulated", args=[placed.pk]), follow=True)
    assert "cannot become paid" in answer.content.decode()
    assert not Journal.objects.exists()


def test_the_dataset_page_shows_both_sides_of_the_fee(market: Market) -> None:
    offered: Offer = offer(market, 25_000, "EUR")
    dataset = market.dataset
    page = Client().get(reverse("catalog:dataset", args=[dataset.organization.slug, dataset.slug])).content.decode()
    assert "262.50 EUR" in page
    assert "12.50 EUR" in page
    assert "250.00 EUR" in page
    assert reverse("payments:checkout", args=[offered.pk]) in page
    assert "is shared by the 3 who made this data, of it 25.00 EUR to the steward." in text_of(page)


def test_earnings_down_to_weight_and_total(market: Market) -> None:
    offered = offer(market, 10_000, "EUR")
    lab = OrganizationFactory.create(owner=UserFactory.create(), name="Speech Lab")
    first = buy(offered)
    buy(offered, lab.members.get(), for_organization=lab)
    market.settle("EUR")
    refund_order(
        actor=UserFactory.create(is_staff=True), order_id=first.pk, amount_minor=10_500, reason="asked", refund_ref="r"
    )
    market.settle("EUR")
    client = Client()
    client.force_login(market.contributors["a"])
    words = text_of(client.get(reverse("payments:earnings")).content.decode())
    # a has 27,000 of 40,000: 135.00 of the two sales, 67.50 of it given back.
    for shown in ("27,000 ÷ 40,000", "67.50 %", "135.00 EUR", "-67.50 EUR", "67.50 EUR", "200.00 EUR", "-100.00 EUR"):
        assert shown in words, shown
    assert "Speech Lab" in words
    assert "a private person" in words
    assert first.buyer.name not in words
    assert market.contributors["b"].name not in words


def test_nobody_else_sees_my_earnings(market: Market) -> None:
    buy(offer(market, 10_000, "EUR"))
    market.settle("EUR")
    for person in (UserFactory.create(), UserFactory.create(is_staff=True)):
        client = Client()
        client.force_login(person)
        page = client.get(reverse("payments:earnings")).content.decode()
        assert "No earnings yet" in page
        assert "EUR" not in page


def test_what_i_earned_stands_beside_what_i_allowed(market: Market) -> None:
    client = Client()
    client.force_login(market.contributors["a"])
    mine = Contribution.objects.get(contributor=market.contributors["a"])
    pages = (reverse("licensing:consents"), reverse("licensing:consent", args=[mine.pk]))
    for page in pages:
        assert "Nothing yet." in text_of(client.get(page).content.decode())
    buy(offer(market, 10_000, "EUR"))
    market.settle("EUR")
    for page in pages:
        words = text_of(client.get(page).content.decode())
        assert "67.50 EUR" in words
        assert "Nothing yet." not in words
    stranger = Client()
    stranger.force_login(market.steward)
    assert "67.50 EUR" not in stranger.get(pages[0]).content.decode()
