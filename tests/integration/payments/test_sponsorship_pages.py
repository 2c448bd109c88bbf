"""A sponsor's pages, a researcher's, and the choice at the checkout."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from collective.accounts.models import User
from payments.models import Order, SponsorApproval, SponsorFunding, Sponsorship
from tests.factories import OrganizationFactory, UserFactory
from tests.integration.payments.audit import violations
from tests.integration.payments.market import Market, offer, open_market
from tests.integration.payments.test_pages import filled, text_of
from tests.services.jobs import run_all_jobs

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # what pages show


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def market() -> Market:
    return open_market({"a": [3], "b": [1]})


def test_from_the_budget_to_the_license(market: Market) -> None:
    manager, researcher = UserFactory.create(), UserFactory.create(name="Rae Researcher")
    foundation = OrganizationFactory.create(owner=manager, name="Foundation")
    sponsor, rae = signed_in(manager), signed_in(researcher)
    dataset, offered = market.dataset, offer(market, 25_000, "EUR")
    given = {"sponsor": str(foundation.pk), "title": "Voices", "currency": "EUR", "until": "2099-01-01"}
    scope = {"datasets": dataset.repo_id, "most": "300.00"}
    opened = sponsor.post(reverse("payments:sponsorship_new"), given | scope)
    row = Sponsorship.objects.get()
    page = opened["Location"]
    assert (row.most_minor, list(row.datasets.all())) == (30_000, [dataset])
    assert "Most per license 300.00 EUR" in text_of(rae.get(page).content.decode())
    assert "In the budget" not in text_of(rae.get(page).content.decode())

    paying = sponsor.post(reverse("payments:sponsor_fund", args=[row.pk]), {"amount": "1000"})["Location"]
    assert "SIMULATED PAYMENT" in text_of(sponsor.get(paying).content.decode())
    assert sponsor.post(paying)["Location"] == page
    assert SponsorFunding.objects.get().state == "paid"
    assert "In the budget 1,000.00 EUR" in text_of(sponsor.get(page).content.decode())

    checkout = reverse("payments:checkout", args=[offered.pk])
    assert "Who pays" not in text_of(rae.get(checkout).content.decode())
    asked = {"researcher": str(researcher.personal_organization.pk), "words": "Speech in Wolof."}
    assert rae.post(reverse("payments:sponsor_ask", args=[row.pk]), asked).status_code == 302
    run_all_jobs()
    assert [message.to for message in mail.outbox] == [[manager.email]]
    assert "Speech in Wolof." in mail.outbox[0].body
    assert "Speech in Wolof." in text_of(sponsor.get(page).content.decode())
    decide = reverse("payments:sponsor_decide", args=[SponsorApproval.objects.get().pk])
    sponsor.post(decide, {"decision": "approve"})
    run_all_jobs()
    assert mail.outbox[1].to == [researcher.email]
    assert mail.outbox[1].subject == "“Voices” pays your licenses"

    form = rae.get(checkout).content.decode()
    assert "Foundation: Voices" in text_of(form)
    answer = rae.post(checkout, filled(form, paid_by=str(row.pk)))
    order = Order.objects.get()
    assert (order.state, answer["Location"]) == ("paid", reverse("payments:order", args=[order.pk]))
    assert "Foundation: Voices" in text_of(rae.get(answer["Location"]).content.decode())
    assert sponsor.get(answer["Location"]).status_code == 404
    books = text_of(sponsor.get(page).content.decode())
    assert re.search(r"Rae Researcher.* 1 262\.50 EUR", books)
    assert "737.50 EUR" in books

    sponsor.post(reverse("payments:sponsorship_close", args=[row.pk]))
    run_all_jobs()
    assert mail.outbox[2].subject == "“Voices” has closed"
    closed = text_of(sponsor.get(page).content.decode())
    assert "737.50 EUR sent back" in closed
    assert "In the budget 0.00 EUR" in closed
    assert "Who pays" not in text_of(rae.get(checkout).content.decode())
    assert violations() == []


def test_a_budget_that_is_empty_by_now_says_so_at_the_checkout(market: Market) -> None:
    manager, researcher = UserFactory.create(), UserFactory.create()
    sponsor, rae = signed_in(manager), signed_in(researcher)
    offered = offer(market, 25_000, "EUR")
    given = {"sponsor": str(manager.personal_organization.pk), "title": "T", "currency": "EUR", "until": "2099-01-01"}
    sponsor.post(reverse("payments:sponsorship_new"), given)
    row = Sponsorship.objects.get()
    wrong = sponsor.post(reverse("payments:sponsorship_new"), given | {"datasets": "no/such"})
    assert "There is no no/such." in text_of(wrong.content.decode())
    invited = {"slug": researcher.personal_organization.slug}
    sponsor.post(reverse("payments:sponsor_invite", args=[row.pk]), invited)
    unknown = sponsor.post(reverse("payments:sponsor_invite", args=[row.pk]), {"slug": "nobody"})
    assert "no organization with this short name" in text_of(unknown.content.decode())
    too_little = sponsor.post(reverse("payments:sponsor_fund", args=[row.pk]), {"amount": "0.10"})
    assert "at least 0.50 EUR" in text_of(too_little.content.decode())
    checkout = reverse("payments:checkout", args=[offered.pk])
    form = rae.get(checkout).content.decode()
    assert "Who pays" not in text_of(form)
    answer = rae.post(checkout, filled(form, paid_by=str(row.pk)))
    assert "does not hold enough" in text_of(answer.content.decode())
    assert not Order.objects.exists()


def test_the_api_sponsors_and_pays(market: Market) -> None:
    manager, researcher = UserFactory.create(), UserFactory.create()
    sponsor, rae = signed_in(manager), signed_in(researcher)
    offered = offer(market, 25_000, "EUR")
    made = sponsor.post(
        reverse("payments-api:sponsorships"),
        {
            "sponsor_id": str(manager.personal_organization.pk),
            "title": "Voices",
            "currency": "EUR",
            "until": "2099-01-01T00:00:00Z",
            "license_ids": [str(offered.license_version.template_id)],
        },
        "application/json",
    ).json()
    where = [made["id"]]
    fund = sponsor.post(reverse("payments-api:sponsor-fund", args=where), {"amount_minor": 30_000}, "application/json")
    assert fund.json()["state"] == "open"
    sponsor.post(re.sub(r"^https?://[^/]+", "", fund.json()["payment_url"]))
    slug = {"slug": researcher.personal_organization.slug}
    approved = sponsor.post(reverse("payments-api:sponsor-approvals", args=where), slug, "application/json")
    assert approved.json()["state"] == "approved"
    order = rae.post(
        reverse("payments-api:orders"),
        {
            "offer_id": str(offered.pk),
            "offer_sha256": offered.offer_sha256,
            "client_ref": "api",
            "accepted": True,
            "sponsorship_id": made["id"],
        },
        "application/json",
    )
    assert (order.status_code, order.json()["state"], order.json()["payment_url"]) == (201, "paid", "")
    assert sponsor.get(reverse("payments-api:sponsorship", args=where)).json()["budget_minor"] == 3750
    assert rae.get(reverse("payments-api:sponsorship", args=where)).json()["budget_minor"] is None
    assert violations() == []
