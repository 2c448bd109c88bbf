"""The pages and the API of payouts: from nothing known to the first transfer, in words."""

import pytest
from django.test import Client
from pytest_django import Settings

from payments.models import PayoutAccount
from tests.integration.payments.market import Market, open_market
from tests.integration.payments.payouts import earn, pay_all
from tests.integration.payments.shop import Shop

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # what pages show

PAGE = "/earnings/payout-account/"


def signed_in(market: Market, name: str) -> Client:
    client = Client()
    client.force_login(market.contributors[name])
    return client


def test_from_nothing_to_the_first_transfer(settings: Settings) -> None:
    settings.FEE_BPS = 0
    market = open_market({"a": [1], "b": [1]})
    earn(market, settings)
    client, payee = signed_in(market, "a"), market.payees["a"]
    page = client.get(PAGE).content.decode()
    assert "Payouts are simulated" in page
    assert "not set up" in page
    refused = client.post(f"{PAGE}{payee.pk}/start/", {"country": "?"}, follow=True)
    assert "Write the country as two letters" in refused.content.decode()
    started = client.post(f"{PAGE}{payee.pk}/start/", {"country": "SN"})
    account = PayoutAccount.objects.get()
    assert (started.status_code, started["Location"]) == (302, f"{PAGE}simulated/{account.pk}/")
    page = client.get(PAGE).content.decode()
    assert "something is missing" in page
    assert "<li>your name</li><li>the bank account to pay to</li>" in page
    button = client.get(started["Location"]).content.decode()
    assert "SIMULATED PAYOUTS" in button
    assert "Complete (simulated)" in button
    done = client.post(started["Location"], follow=True)
    assert "ready" in done.content.decode()
    pay_all()
    earnings = client.get("/earnings/").content.decode()
    assert "50.00 USD" in earnings
    assert "sent" in earnings
    listed = client.get("/api/v1/earnings/transfers").json()["results"]
    assert [(row["payee"], row["amount_minor"], row["state"], row["reversed_minor"]) for row in listed] == [
        (payee.slug, 5_000, "sent", 0)
    ]
    accounts = client.get("/api/v1/earnings/payout-accounts").json()
    assert [(row["payee"], row["state"], row["missing"], row["held_until"]) for row in accounts] == [
        (payee.slug, "active", [], None)
    ]


def test_others_see_nothing_of_it(settings: Settings) -> None:
    settings.FEE_BPS = 0
    market = open_market({"a": [1], "b": [1]})
    signed_in(market, "a").post(f"{PAGE}{market.payees['a'].pk}/start/", {"country": "SN"})
    other = signed_in(market, "b")
    assert other.get("/api/v1/earnings/payout-accounts").json() == []
    assert other.get("/api/v1/earnings/transfers").json()["results"] == []
    account = PayoutAccount.objects.get()
    assert other.get(f"{PAGE}simulated/{account.pk}/").status_code == 404
    assert other.post(f"{PAGE}{market.payees['a'].pk}/start/", {"country": "SN"}).status_code == 404
    account.refresh_from_db()
    assert account.state == "incomplete"


def test_a_changed_bank_account_is_said(settings: Settings) -> None:
    market = open_market({"a": [1]})
    client, payee = signed_in(market, "a"), market.payees["a"]
    start = client.post(f"{PAGE}{payee.pk}/start/", {"country": "SN"})["Location"]
    client.post(start)
    assert "transfers wait until" not in client.get(PAGE).content.decode()
    assert "Pressing again acts" in client.get(start).content.decode()
    client.post(start)
    assert "transfers wait until" in client.get(PAGE).content.decode()
    assert client.get("/api/v1/earnings/payout-accounts").json()[0]["held_until"] is not None


def test_by_stripe_one_is_sent_to_its_page(shop: Shop) -> None:
    market = open_market({"a": [1]})
    client, payee = signed_in(market, "a"), market.payees["a"]
    assert "Payouts are simulated" not in client.get(PAGE).content.decode()
    started = client.post(f"{PAGE}{payee.pk}/start/", {"country": "DE"})
    assert started["Location"].startswith(f"{shop.standin.url}/connect/")
    account = PayoutAccount.objects.get()
    assert client.get(f"{PAGE}simulated/{account.pk}/").status_code == 409
    assert "<li>your date of birth</li>" in client.get(PAGE).content.decode()
    shop.standin.complete_onboarding(account.reference)
    client.post(f"{PAGE}{payee.pk}/refresh/")
    account.refresh_from_db()
    assert account.state == "active"
