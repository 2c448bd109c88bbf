"""Accepting terms by their hashes: what is read, what is stated, and what the agreement keeps."""

import hashlib
from typing import Any

import pytest
import rfc8785
from django.utils import timezone
from rest_framework.test import APIClient

from licensing.models import LicenseGrant, LicenseVersion, Offer
from licensing.services import retire_offer
from payments.models import Order
from tests.factories import UserFactory
from tests.integration.payments.market import Market, offer, open_market
from tests.integration.payments.test_api import ORDERS, body, client_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    return open_market({"a": [3]})


def terms_of(offered: Offer) -> dict[str, Any]:
    answer = APIClient().get(f"/api/v1/offers/{offered.pk}/terms")
    assert answer.status_code == 200
    return dict(answer.json())


def in_french(offered: Offer) -> LicenseVersion:
    own, text = offered.license_version, "Vous pouvez réutiliser ces données.".encode()
    return LicenseVersion.objects.create(
        template=own.template,
        version=own.version,
        language="fr",
        text=text,
        text_sha256=hashlib.sha256(text).hexdigest(),
        terms=own.terms,
        terms_sha256=own.terms_sha256,
        state="published",
        published_at=timezone.now(),
    )


@pytest.mark.parametrize("price_minor", [0, 25_000])
def test_terms_are_read_hashed_and_accepted(market: Market, price_minor: int) -> None:
    offered = offer(market, price_minor, "EUR")
    french = in_french(offered)
    terms = terms_of(offered)
    assert hashlib.sha256(rfc8785.dumps(terms["offer"])).hexdigest() == terms["offer_sha256"] == offered.offer_sha256
    for each in terms["texts"]:
        assert hashlib.sha256(each["text"].encode()).hexdigest() == each["text_sha256"]
    named = {each["language"]: each["named_by_offer"] for each in terms["texts"]}
    assert named == {"en": True, "fr": False}

    client = client_with("purchase")
    answer = client.post(ORDERS, body(offered, text_sha256=french.text_sha256, language="fr"))
    assert answer.status_code == 201
    placed = answer.json()
    assert placed["accepted_text_sha256"] == french.text_sha256
    if price_minor:
        client.post(f"{ORDERS}/{placed['id']}/pay")
    accepted = LicenseGrant.objects.get(order_id=placed["id"]).agreement.snapshot["acceptance"]
    assert (accepted["text_sha256"], accepted["language"]) == (french.text_sha256, "fr")


def test_without_a_word_the_text_is_the_offers_own(market: Market) -> None:
    offered = offer(market, 0, "EUR")
    placed = client_with("purchase").post(ORDERS, body(offered)).json()
    accepted = LicenseGrant.objects.get(order_id=placed["id"]).agreement.snapshot["acceptance"]
    assert accepted["text_sha256"] == offered.license_version.text_sha256 == placed["accepted_text_sha256"]


@pytest.mark.parametrize("price_minor", [0, 25_000])
def test_another_text_is_a_conflict_with_the_present_hashes(market: Market, price_minor: int) -> None:
    offered = offer(market, price_minor, "EUR")
    french = in_french(offered)
    other = LicenseVersion.objects.get(template__license_id="CC0-1.0")
    client, own = client_with("purchase"), offered.license_version.text_sha256
    wrong = [
        {"text_sha256": "0" * 64},
        {"text_sha256": other.text_sha256},
        {"text_sha256": french.text_sha256, "language": "en"},
        {"text_sha256": own, "language": "fr"},
    ]
    for changes in wrong:
        answer = client.post(ORDERS, body(offered, **changes))
        assert (answer.status_code, answer.json()["code"]) == (409, "text_changed")
        assert answer.json()["context"] == {
            "offer_id": str(offered.pk),
            "offer_sha256": offered.offer_sha256,
            "texts": [{"language": "en", "text_sha256": own}, {"language": "fr", "text_sha256": french.text_sha256}],
        }
    assert not Order.objects.exists()


def test_a_stale_offer_names_the_present_hashes(market: Market) -> None:
    offered = offer(market, 25_000, "EUR")
    retire_offer(actor=market.steward, offer_id=offered.pk)
    now = offer(market, 30_000, "EUR")
    answer = client_with("purchase", user=UserFactory.create()).post(ORDERS, body(offered))
    assert (answer.status_code, answer.json()["code"]) == (409, "stale_offer")
    context = answer.json()["context"]
    assert (context["offer_id"], context["offer_sha256"]) == (str(now.pk), now.offer_sha256)
    assert not Order.objects.exists()
