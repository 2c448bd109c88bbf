"""What stewards send for an offer, by the API and by the form: a preview keeps nothing, each fault names its field."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from collective.accounts.models import User
from collective.catalog.models import Dataset, DatasetVersion
from licensing.models import Offer
from tests.integration.licensing import world


def test_the_preview_says_words_and_prices_and_keeps_nothing(
    version: DatasetVersion, dataset: Dataset, steward: User
) -> None:
    client = APIClient()
    client.force_authenticate(steward)
    tiers = [{"licensee_types": ["academic"], "country_group": ["*"], "amount": "10.00"}]
    body = {
        "license_version": str(world.license_named(world.TRAIN).pk),
        "price_minor": 1000,
        "currency": "EUR",
        "plan": {"model": "tiered", "tiers": tiers},
    }
    answer = client.post(f"/api/v1/datasets/{dataset.repo_id}/offers/preview", body, format="json").json()
    assert (answer["prices"]["academic"], answer["prices"]["sme"]) == ("10.00", None)
    assert "universities and schools: 10.00 EUR" in answer["plain_words"]["price"]
    wrong = client.post(
        f"/api/v1/datasets/{dataset.repo_id}/offers", {**body, "parameters": {"caps": {"seats": -1}}}, format="json"
    )
    assert (wrong.status_code, wrong.json()["fields"]) == (
        400,
        {"caps.seats": ["Write a whole number from 1 to 100000."]},
    )
    assert not Offer.objects.exists()


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"plan": [1]}, "plan"),
        ({"plan": "x"}, "plan"),
        ({"plan": {"currency": ["EUR"]}}, "plan.currency"),
        ({"plan": {"model": "subscription", "period": [], "grace_days": 0}}, "price.period"),
        ({"plan": {"model": "usage", "unit": {}}}, "price.unit"),
        ({"parameters": {"legal": {"revocability": [{}]}}}, "legal.revocability"),
        ({"parameters": {"legal": "x"}}, "legal"),
        ({"audience": "0190a000-0000-7000-8000-000000000000"}, "audience"),
    ],
)
def test_what_cannot_be_an_offer_is_answered_with_its_field(
    version: DatasetVersion, dataset: Dataset, steward: User, body: dict[str, Any], path: str
) -> None:
    client = APIClient()
    client.force_authenticate(steward)
    usual = {"license_version": str(world.license_named(world.TRAIN).pk), "price_minor": 1000, "currency": "EUR"}
    answer = client.post(f"/api/v1/datasets/{dataset.repo_id}/offers", {**usual, **body}, format="json")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [path])
    assert not Offer.objects.exists()


def test_the_stewards_form_previews_and_publishes(version: DatasetVersion, dataset: Dataset, steward: User) -> None:
    client = APIClient()
    client.force_login(steward)
    address = f"/desk/{dataset.repo_id}/offers/new/"
    given = {
        "license": str(world.license_named(world.TRAIN).pk),
        "plan": "pay_what_you_want",
        "price": "20",
        "minimum": "5",
        "currency": "EUR",
        "fee_mode": "added",
        "field": ["asr"],
        "territory": "fr, sn",
        "seats": "3",
        "prohibited_actions": ["derive"],
        "prohibited_uses": ["weapons"],
        "purpose": ["research"],
        "country_group": "africa",
    }
    page = client.post(address, {**given, "preview": "1"}, format="multipart")
    assert page.status_code == 200
    for shown in (
        "You choose the price: at least 5.00 EUR. We suggest 20.00 EUR.",
        "It is for use in: France, Senegal.",
    ):
        assert shown in page.text
    assert not Offer.objects.exists()
    wrong = client.post(address, {**given, "territory": "Atlantis"}, format="multipart")
    assert "These are not known: ATLANTIS." in wrong.text
    monthly = {**given, "plan": "subscription", "duration_days": "30"}
    assert (
        "one period and the days of grace. Leave this empty." in client.post(address, monthly, format="multipart").text
    )
    assert not Offer.objects.exists()
    assert client.post(address, given, format="multipart").status_code == 302
    offer = Offer.objects.get()
    assert (offer.price_minor, offer.plan["minimum"], offer.terms["caps"]["seats"]) == (500, "5.00", 3)
    scope = offer.terms["scope"]
    assert (scope["territory"], scope["purpose"], scope["country_group"]) == (["FR", "SN"], ["research"], ["AFRICA"])
    assert offer.terms["actions"]["derive"] == "prohibit"
    assert offer.terms["prohibited_uses"]["codes"] == ["reidentify", "unlawful", "voiceClone", "weapons"]
